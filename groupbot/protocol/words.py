"""words/<language>.toml: the vocabulary by which people's words are understood."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from groupbot.protocol.parts import NonEmpty, Part


class DayPart(Part):
    """[dates.parts.<name>]: a part of the day, its words, when it lies and which time it means as a deadline.

    Without `means` that is the day's closing. `begins` and `ends` tell which of two hours is meant ("8 at night"); a
    night ends the next day. `exact`: the words name the time itself ("noon"). `greeting`: they greet when they open a
    sentence ("Morning all").
    """

    words: Annotated[tuple[NonEmpty, ...], Field(min_length=1)]
    means: time | None = None
    begins: time
    ends: time
    exact: bool = False
    greeting: bool = False


class DateWords(Part):
    """[dates] of words/<language>.toml: how people name days and hours; see rules/dates.py for how they combine.

    All are phrases of one or more words, in any case. `…_starts` are beginnings of words, for verbs that carry their
    tense in front.
    """

    weekdays: Annotated[tuple[tuple[str, ...], ...], Field(min_length=7, max_length=7)]  # Monday first, with spellings
    months: Annotated[tuple[tuple[str, ...], ...], Field(min_length=12, max_length=12)]
    today: tuple[str, ...]
    tomorrow: tuple[str, ...]
    day_after_tomorrow: tuple[str, ...]
    this_week: tuple[str, ...] = ()
    next_week: tuple[str, ...] = ()
    this_month: tuple[str, ...] = ()  # its end, as "month end" names it
    next_month: tuple[str, ...] = ()
    past_days: tuple[str, ...] = ()  # "yesterday", "last week": they make the whole expression one of the past
    parts: dict[str, DayPart]
    numbers: dict[str, int] = {}
    one: tuple[str, ...] = ()  # articles that count a unit ("a week"), but name no hour
    ordinals: tuple[str, ...] = ()  # what is written behind a day's number ("27th")
    units: dict[Literal["minutes", "hours", "days", "working_days", "weeks", "months"], tuple[str, ...]] = {}
    working: tuple[str, ...] = ()  # after a number of days: working days are meant
    half: tuple[str, ...] = ()  # before an hour as a unit: thirty minutes
    am: tuple[str, ...] = ()
    pm: tuple[str, ...] = ()
    hour_words: tuple[str, ...] = ()  # words put before an hour counted from dawn ("saa")
    hour_marks: tuple[str, ...] = ()  # words put behind an hour ("o'clock")
    clock_marks: tuple[str, ...] = ()  # words put behind four digits ("hrs")
    minutes_before: dict[str, int] = {}  # words before an hour and the minutes they add ("half past", "quarter to")
    minutes_after: dict[str, int] = {}  # words behind an hour ("na nusu")
    at: tuple[str, ...] = ()  # words before an hour or a day
    before: tuple[str, ...] = ()
    until: tuple[str, ...] = ()  # as `before`, but what ends then may be something else than the waiting
    starting: tuple[str, ...] = ()  # words before the first day of something ("from Monday"); no lead to a deadline
    on: tuple[str, ...] = ()
    day_number: tuple[str, ...] = ()  # words before a day of the month ("tarehe")
    after: tuple[str, ...] = ()  # words before a length of time that begins now
    from_now: tuple[str, ...] = ()  # words behind it
    next: tuple[str, ...] = ()  # before a weekday: the one of next week
    coming: tuple[str, ...] = ()  # before or behind a weekday: the first to come
    this: tuple[str, ...] = ()
    filler: tuple[str, ...] = ()  # words that may stand inside an expression
    goes_on: tuple[str, ...] = ()  # words that may follow a bare hour ("at 6 with the map", but not "at 6 homes")
    since: tuple[str, ...] = ()  # words before a time that make it none to come: "since", "last", "every"
    ago: tuple[str, ...] = ()  # words behind it that do: "ago"
    not_times: tuple[str, ...] = ()  # phrases that only look like times ("good morning", "one day")
    will: tuple[str, ...] = ()  # words that make what they stand by one to come
    will_starts: tuple[str, ...] = ()
    happened: tuple[str, ...] = ()  # words that make it past
    happened_starts: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()  # words that are dates only in company ("may", "sun")


Stem = Literal[
    "confirmed", "satisfied", "unsatisfied", "done", "worked", "works", "wanted", "bad", "says", "errand", "seen",
    "borne_out",
]  # fmt: skip


class VerbWords(Part):
    """[replies.verbs]: how a language that builds verbs from parts marks person, tense and refusal (a-me-ridhika)."""

    subjects: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()  # those of them that are people, not things
    held: tuple[str, ...] = ()  # tenses of what was done
    own: tuple[str, ...] = ()  # whole beginnings of "I have ..." and "we have ..."
    present: tuple[str, ...] = ()  # tenses of what is so, or is being done
    unreal: tuple[str, ...] = ()  # tenses of what is only to come
    refusals: tuple[str, ...] = ()  # negative subjects
    refusal_tenses: tuple[str, ...] = ()  # "" included where a tense has no mark
    promises: tuple[str, ...] = ()  # whole beginnings of "I shall ...", "I am ...ing" and "let me ..."
    future_starts: tuple[str, ...] = ()  # beginnings of verbs to come, of whatever stem ("atangoja", she will wait)
    infinitives: tuple[str, ...] = ()  # "amekubali kuja", she agreed to come, is no agreement
    objects: tuple[str, ...] = ()  # what may stand between these and the stem
    endings: tuple[str, ...] = ()  # how its verbs end


class ReplyWords(Part):
    """[replies] of words/<language>.toml: what a reply means, as phrases; see rules/weighing.py for how they combine.

    The longest phrase wins, so a harmless longer one ("no problem") hides a shorter one ("no").
    """

    yes: tuple[str, ...]  # plain words of agreement
    assent: tuple[str, ...] = ()  # weaker ones, which agree only when they are all that is said
    no: tuple[str, ...]  # plain words of refusal
    not_yet: tuple[str, ...]
    confirmed: tuple[str, ...] = ()  # the citizen's word is in
    confirming: tuple[str, ...] = ()  # forms that only name the act: "confirm"
    satisfied: tuple[str, ...]  # the citizen has it, likes it, accepts it
    agreeing: tuple[str, ...] = ()  # forms that tell only when refused: "agree", "accept"
    unsatisfied: tuple[str, ...]
    works: tuple[str, ...] = ()  # what the citizen would see: "is back", "running"
    done: tuple[str, ...]  # the work is done: "fixed"
    borne_out: tuple[str, ...] = ()  # what shows beside a plain yes that it is meant: "all of them", "saw it"
    worked: tuple[str, ...] = ()  # work that proves nothing to the citizen: "delivered", "removed"
    wanted: tuple[str, ...] = ()  # what people wait for: its absence speaks against, its presence proves nothing
    bad: tuple[str, ...] = ()  # what speaks against when it is so: leaking, dry
    short: tuple[str, ...] = ()  # only a part: "only", "half"
    no_gain: tuple[str, ...] = ()  # what one may be given or told, and nothing is settled: "a promise", "a call"
    still: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()  # "again": beside a bad word, what was mended is no longer
    being: tuple[str, ...] = ()  # words before a bad one that make it said of something: "is", "again"
    seen: tuple[str, ...]
    later: tuple[str, ...]  # "not picking the phone", "waiting to hear from her"
    intent: tuple[str, ...] = ()  # "I will", "let me": with an errand after it, a promise
    errand: tuple[str, ...] = ()  # "ask", "call"
    condition: tuple[str, ...]  # "if", "unless"
    contrast: tuple[str, ...] = ()  # "but"
    hedge: tuple[str, ...] = ()  # "I think", "maybe"
    mocking: tuple[str, ...] = ()  # emoji and words, anywhere in the text, beside which a yes may be none
    unreal: tuple[str, ...] = ()  # "will", "should", "to be": what follows is not so yet
    polite: tuple[str, ...] = ()  # "please": what follows is asked of somebody
    past: tuple[str, ...] = ()  # "was", "at first": how things stood before
    joins: tuple[str, ...] = ()  # "and", "because": a new clause begins
    says: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()  # whose word is not the citizen's
    by: tuple[str, ...] = ()  # "with", "by": joins a word of agreement to who gave it
    question: tuple[str, ...]  # words that open a question
    question_anywhere: tuple[str, ...] = ()  # words that make one wherever they stand
    chase: tuple[str, ...]
    thanks: tuple[str, ...]
    fillers: tuple[str, ...] = ()  # greetings and forms of address
    small: tuple[str, ...] = ()  # words that inform of nothing by themselves
    empty_answers: tuple[str, ...]  # answers that say nothing
    negation: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()  # negations that may also follow their verb: "got nothing"
    harmless: tuple[str, ...] = ()  # phrases in which the words above mean nothing: "no problem"
    contractions: dict[str, str] = {}  # "dont", or an ending such as "n't" -> the words it stands for
    verbs: VerbWords = VerbWords()
    stems: dict[Stem, tuple[str, ...]] = {}  # verb stems by the kind of phrase they make


class CountingWords(Part):
    """How one request of several is pointed at: "number 2", "the second one"."""

    counters: tuple[str, ...] = ()  # before a number
    ordinals: tuple[tuple[str, ...], ...] = ()  # phrases for the first, the second … of a post
    everything: tuple[str, ...] = ()  # phrases for all of several requests: "both"


class ElsewhereWords(Part):
    """[elsewhere] of words/<language>.toml: how officers say that a request is another department's."""

    belongs: tuple[str, ...] = ()  # a department's name follows: "belongs to"
    pointing: tuple[str, ...] = ()  # the same, but only beside words of `not_ours`: "try"
    is_a: tuple[str, ...] = ()  # a name and a word of `matter` follow: "this is a water matter"
    matter: tuple[str, ...] = ()
    not_ours: tuple[str, ...] = ()  # "not our department"
    harmless: tuple[str, ...] = ()  # longer phrases in which the words above mean nothing: "sorry, wrong group"
    articles: tuple[str, ...] = ()  # may stand before the name
    ends: tuple[str, ...] = ()  # may follow it


class SafetyWords(Part):
    """[safety] of words/<language>.toml: how an emergency's people say that nobody is in danger any more."""

    all_safe: tuple[str, ...] = ()  # whole claims: "everybody is safe"
    before: tuple[
        str, ...
    ] = ()  # may stand before a claim, and what they end may stand before them: "and", "I confirm"
    after: tuple[str, ...] = ()  # may follow a claim in its clause, besides those: "by God's grace"
    doubts: tuple[str, ...] = ()  # beside a claim, wherever they stand, somebody may be in danger yet: "missing"
    denied_starts: tuple[str, ...] = ()  # beginnings of verbs that deny ("hatuja"), of words that are nothing else
    denials: tuple[str, ...] = ()  # of what was said just then, and not of a rumour before it: "not true"
    requests: tuple[str, ...] = ()  # what follows is asked of somebody: "confirm", "make sure"
    harmless: tuple[str, ...] = ()  # phrases in which the words above, or words of denial, mean none: "nobody is hurt"


class WordsFile(Part):
    """words/<language>.toml: the vocabulary by which people's words are understood."""

    dates: DateWords
    replies: ReplyWords
    counting: CountingWords = CountingWords()
    elsewhere: ElsewhereWords = ElsewhereWords()
    safety: SafetyWords = SafetyWords()
    taken_back: tuple[str, ...] = ()  # how people take back what they posted: "ignore this", "posted by mistake"
    titles: tuple[str, ...] = ()  # Dr, Eng., Mwalimu: part of how a person is addressed
    commands: dict[str, tuple[str, ...]] = {}  # command -> its aliases in this language
    outcomes: dict[Literal["planned", "referred_out"], tuple[str, ...]] = {}  # words that open a reason not to do it
    marks: dict[str, str] = {}  # a reaction under a line that asks -> the words that it stands for
