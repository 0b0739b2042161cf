"""What the words of a reply show under negation, conditions, hedges and tense: marks in, signs out.

Pure. A negation reaches to the end of its clause, words of the future a few words far, a condition over its clause; a
sentence that asks shows nothing but a chase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groupbot.rules.replies.signs import Sign, Signs
from groupbot.rules.replies.spoken import Mark, Spoken

_REACH_OF_UNREAL = 4  # words; "will surely be fixed" is not so, "thanks to God it is fixed" is
_REACH_OF_SAYING = 2
_REACH_OF_INTENT = 3
_REACH_OF_GAIN = 3
_REACH_OF_BY = 3
_SMALL_ONLY = {"small"}
_SIMPLE: tuple[Sign, ...] = ("condition", "contrast", "hedge", "chase")
_SETTLING = {"confirmed", "confirming", "satisfied", "done", "worked", "works"}
_SAYING_OF = {"being", "still", "not_yet", "contrast"}
_ATOMS = (
    "confirmed",
    "confirming",
    "agreeing",
    "satisfied",
    "done",
    "worked",
    "works",
    "wanted",
    "bad",
    "assent",
    "short",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where nothing is plainly said, and what marks an infinitive."""

    asking: set[int]  # sentences
    conditional: set[int]  # clauses
    infinitives: tuple[str, ...]


@dataclass(slots=True)
class _Clause:
    """What has been heard in the clause so far."""

    number: int = -1
    negated: bool = False
    negated_until: int = -1
    not_yet: bool = False
    unreal_until: int = -1
    intent_until: int = -1
    polite: bool = False
    hedged: bool = False
    past: bool = False
    still: bool = False
    worker: bool = False
    says_until: int = -1
    retold: bool = False
    worker_says: bool = False
    gained_until: int = -1
    agreed: bool = False


def weigh(said: Spoken, found: Sequence[Mark], scope: Scope, signs: Signs) -> None:
    """Add to the signs what the marks show, clause by clause."""
    clause = _Clause()
    for number, mark in enumerate(found):
        clause = _clause_of(mark, said.clause[mark.start], clause)
        if said.sentence[mark.start] in scope.asking:
            if "chase" in mark.kinds:
                signs.add("chase", mark.start)
            continue
        place = _Place.of(said, found, number, scope.infinitives)
        _hear(mark, place, clause)
        _standing(mark, clause, signs)
        _taken_back(mark, place, clause, signs)
        _plain_words(mark, place, clause, signs)
        if mark.kinds.intersection(_ATOMS):
            doubtful = clause.number in scope.conditional
            sign = _atom(mark, place, clause, doubtful=doubtful)
            signs.add(sign, mark.start, past=clause.past)
            if "bad" in mark.kinds and sign and _is_anew(mark, place):
                signs.add("relapse", mark.start)
    if scope.asking:
        signs.add("question", min(scope.asking))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in its clause a mark stands, and the marks around it."""

    first: bool
    last: bool
    before: Mark | None  # the mark that ends where this one starts
    after: Sequence[Mark]  # the next two
    infinitive: bool  # the next word is one, and no other known word

    @classmethod
    def of(cls, said: Spoken, found: Sequence[Mark], number: int, infinitives: tuple[str, ...]) -> _Place:
        mark = found[number]
        before = found[number - 1] if number and found[number - 1].end == mark.start else None
        next_word = said.words[mark.end] if mark.end < len(said.words) else ""
        marked = number + 1 < len(found) and found[number + 1].start == mark.end
        return cls(
            infinitive=not marked and len(next_word) > 3 and next_word.startswith(infinitives),
            first=mark.start == 0 or said.clause[mark.start - 1] != said.clause[mark.start],
            last=mark.end == len(said.words) or said.clause[mark.end] != said.clause[mark.start],
            before=before,
            after=[next_ for next_ in found[number + 1 : number + 4] if next_.kinds != _SMALL_ONLY][:2],
        )


def _clause_of(mark: Mark, number: int, clause: _Clause) -> _Clause:
    """The clause a mark stands in: a "so" or "and" opens a new one, but for "not so"; what was agreed is kept."""
    joined = bool(mark.kinds & {"contrast", "joins"}) and mark.start != clause.negated_until
    if number != clause.number:
        return _Clause(number=number)
    if not joined:
        return clause
    kept = clause if "joins" in mark.kinds else _Clause()
    return _Clause(number=number, agreed=kept.agreed, gained_until=kept.gained_until)


def _hear(mark: Mark, place: _Place, clause: _Clause) -> None:
    """Words that colour what follows them in the clause."""
    kinds = mark.kinds
    clause.negated |= bool(kinds & {"negation", "nothing"})
    if "negation" in kinds:
        clause.negated_until = mark.end
    clause.still |= bool(kinds & {"still", "not_yet"})
    clause.not_yet |= "not_yet" in kinds
    clause.polite |= "polite" in kinds
    clause.hedged |= "hedge" in kinds
    clause.past |= "past" in kinds
    clause.worker |= "workers" in kinds and "fillers" not in kinds  # "doctor" may be who is spoken to
    if kinds & {"unreal", "intent"}:
        clause.unreal_until = mark.end + _REACH_OF_UNREAL
    if "intent" in kinds:
        clause.intent_until = mark.end + _REACH_OF_INTENT
    if "says" in kinds and mark.manners & {"refused", "promised", "unreal"}:
        clause.negated = True  # "sisemi", I do not say; "niseme", that I should say
    elif "says" in kinds and "own" not in mark.manners:
        clause.retold |= clause.says_until >= mark.start
        clause.says_until = mark.end + _REACH_OF_SAYING
        clause.worker_says = clause.worker or (place.before is not None and "workers" in place.before.kinds)


def _standing(mark: Mark, clause: _Clause, signs: Signs) -> None:
    """Phrases that are a sign without being about the matter itself."""
    kinds = mark.kinds
    if "unsatisfied" in kinds and not clause.negated and "refused" not in mark.manners:
        signs.add("condition" if clause.unreal_until > mark.start else "against", mark.start, past=clause.past)
    if "later" in kinds:
        signs.add("promise", mark.start)
    if "errand" in kinds and (clause.intent_until > mark.start or _not_run_yet(mark)):
        signs.add("promise", mark.start)
    if "seen" in kinds and "assent" not in kinds and not clause.negated and "refused" not in mark.manners:
        signs.add("seen", mark.start)
    if kinds & {"unreal", "intent"}:
        signs.add("ahead", mark.start)
    if "borne_out" in kinds and not clause.negated and "refused" not in mark.manners:
        signs.add("borne_out", mark.start)
    for sign in _SIMPLE:
        if sign in kinds and not (sign == "chase" and clause.negated):
            signs.add(sign, mark.start)


def _taken_back(mark: Mark, place: _Place, clause: _Clause, signs: Signs) -> None:
    """What follows an agreement in its clause and leaves little of it: a hollow gain, what is to come, a "still"."""
    kinds = mark.kinds
    to_come = {"intent", "unreal"} <= kinds or (mark.built and mark.manners <= {"unreal", "promised"})
    if ("no_gain" in kinds and mark.start <= clause.gained_until) or (clause.agreed and to_come):
        signs.add("unsure", mark.start)
    if "still" in kinds and not place.last:
        signs.add("contrast", mark.start)
    agreed = bool(kinds & {"confirmed", "satisfied"}) and bool(mark.manners & {"held", "present"})
    clause.agreed |= agreed or (clause.says_until >= mark.start and bool(kinds & {"yes", "assent"}))
    if agreed and "satisfied" in kinds:
        clause.gained_until = mark.end + _REACH_OF_GAIN


def _not_run_yet(mark: Mark) -> bool:
    """ "nitamuuliza", I shall ask her, or "sijamuuliza", I have not; not "hatujaona", we have not seen."""
    refused = "refused" in mark.manners and "wanted" not in mark.kinds
    return mark.built and ("promised" in mark.manners or refused)


def _plain_words(mark: Mark, place: _Place, clause: _Clause, signs: Signs) -> None:
    """Plain yes, no and not yet: as somebody's reported word, or in the place of an answer."""
    reported = clause.says_until >= mark.start
    if "not_yet" in mark.kinds:
        signs.add("against" if reported else "not_yet", mark.start)
    elif ("no" in mark.kinds and (place.first or place.last)) or ("negation" in mark.kinds and place.last):
        signs.add("against" if reported else "no", mark.start)
    elif "yes" in mark.kinds and not clause.negated and (place.first or place.last or reported):
        if reported and clause.retold:
            signs.add("hedge", mark.start)  # "she says he says yes"
        reported_as: Sign = "done_by_worker" if clause.worker_says else "agrees"
        signs.add(reported_as if reported else "yes", mark.start)
        if not (place.first or place.before or reported):
            signs.add("led_up", mark.start)
        if place.after and place.after[0].start == mark.end and "says" in place.after[0].kinds:
            signs.add("hedge", mark.start)  # "yes says who"


def _atom(mark: Mark, place: _Place, clause: _Clause, *, doubtful: bool) -> Sign | None:
    """What one word about the matter itself shows, under everything heard before it in its clause."""
    refused = "refused" in mark.manners or clause.negated
    missing = "bad" not in mark.kinds and (clause.not_yet or _nothing_follows(mark, place))
    if refused or missing:
        return "condition" if doubtful else _refused(mark)
    if not mark.manners & {"held", "present"} or clause.unreal_until > mark.start:
        return _still_to_come(mark, clause)
    if "short" in mark.kinds:
        return "in_part"
    if "bad" in mark.kinds:
        return _bad(mark, place, clause)
    if doubtful or clause.hedged:
        return "unsure" if mark.kinds & _SETTLING else None
    return _held(mark, place, clause, clause.worker or _vouched_by_worker(mark, place))


def _nothing_follows(mark: Mark, place: _Place) -> bool:
    return any("nothing" in next_.kinds and next_.start == mark.end for next_ in place.after)


def _vouched_by_worker(mark: Mark, place: _Place) -> bool:
    """ "confirmed with the technician", "amethibitisha fundi", "doctor confirms": but not "got hers from the store"."""
    after = place.after
    if not mark.kinds & {"confirmed", "done", "worked", "works"}:
        return place.before is not None and "workers" in place.before.kinds
    beside = [place.before, *(next_ for next_ in after[:1] if mark.built and next_.start == mark.end)]
    if any(other is not None and "workers" in other.kinds for other in beside):
        return True
    joined = len(after) == 2 and "by" in after[0].kinds and after[0].start == mark.end
    return joined and "workers" in after[1].kinds and after[1].start <= after[0].end + _REACH_OF_BY


def _bad(mark: Mark, place: _Place, clause: _Clause) -> Sign | None:
    """A bad word speaks only when said of something: "is dry", "leaking again", not "the broken pipe"."""
    beside = [place.before, *(next_ for next_ in place.after[:1] if next_.start == mark.end)]
    if "borne_out" in mark.kinds and place.first and place.last:
        return None  # "Yes. Closed. Thanks": the case is, not the road
    said_of = any(other is not None and other.kinds & _SAYING_OF for other in beside)
    if not (said_of or mark.built or place.last):
        return None
    return "against" if clause.still else "against_if_asked"


def _is_anew(mark: Mark, place: _Place) -> bool:
    beside = [place.before, *(next_ for next_ in place.after[:1] if next_.start == mark.end)]
    return any(other is not None and "anew" in other.kinds for other in beside)


def _refused(mark: Mark) -> Sign | None:
    if mark.kinds & {"confirmed", "confirming"}:
        return "unconfirmed"
    if mark.kinds & {"satisfied", "agreeing", "done", "worked", "works"}:
        return "against"
    return "against_if_asked" if mark.kinds & {"wanted", "assent"} else None


def _still_to_come(mark: Mark, clause: _Clause) -> Sign | None:
    if mark.kinds & {"confirmed", "confirming"} and not clause.polite:
        return "promise"
    return "unreal" if mark.kinds & _SETTLING or "wanted" in mark.kinds else None


def _held(mark: Mark, place: _Place, clause: _Clause, worker: bool) -> Sign | None:
    if mark.kinds & {"confirmed", "satisfied"} and not clause.polite:
        if place.infinitive:
            return "unreal"  # "amekubali kuja": she agreed to come
        if worker and "satisfied" in mark.kinds and "confirmed" not in mark.kinds:
            return "worker_gained"
        return "done_by_worker" if worker else "agrees"
    if mark.kinds & {"done", "worked"} and ("held" not in mark.manners or clause.polite):
        return "unreal"  # "inarekebishwa": it is being done
    if "works" in mark.kinds and "person" in mark.manners:
        return None  # "wametoka": they have left
    if not mark.kinds & {"done", "worked", "works"}:
        return None
    claimed = "worked" in mark.kinds or "person" in mark.manners or ("done" in mark.kinds and clause.says_until >= 0)
    return "done_by_worker" if worker or claimed else "done"
