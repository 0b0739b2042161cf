"""A person's words as strangers may read them: without names, numbers, links and mentions; or not at all.

The rule is to deny: a word with a capital is hidden unless it is known to be an ordinary word or a place. Source: Data
Protection Act 2019, sections 25 (only what is needed) and 30: handling a case does not allow publishing whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from groupbot.protocol import Protocol, Words
from groupbot.rules.redaction import SHORTEST_NAME, redact
from groupbot.rules.text import bare, fold

HIDDEN = "[…]"
HIDDEN_MARK = "\ufff9"  # stands for HIDDEN while the text is taken apart
LONGEST = 280  # characters of one published text
MOST_CAPITALS = 0.7  # of the words: in text that shouts a capital tells nothing
MOST_HIDDEN = 0.4  # of the words: what is left would say nothing, or too much
SHORTEST_STARTER = 5  # letters of a word that its beginning may betray
LONGEST_PHRASE = 4  # words of a phrase that a name follows

# What makes a word a link. Words are looked at one by one and are short, so no pattern can run away.
_LINK = re.compile(
    r"^\W*(?:https?|tg|matrix|mailto|ftp|whatsapp|geo|tel|sms):|://|^\W*www\.|matrix\.to\b|\b(?:t|wa)\.me\b|\w@\w"
    r"|[\w-]\.(?:com|org|net|info|ke|me|io|co|gov|app|xyz|ly|link|to|ru|cn)\b",
    re.IGNORECASE,
)
LONGEST_WORD = 60  # characters: what is longer is no word
LONGEST_READ = 4 * LONGEST  # characters of a text that are looked at
_LIVE = re.compile(r"(?<!\w)[@#/!$+]+(?=\w)|[<>\[\]{}()|`*_~^\\=]+")  # what a chat makes a mention, tag or command of
_CODE = re.compile(r"(?=.*\d\d)(?=.*[^\W\d_])[\w/.\-]{4,}")  # letters with figures: plots, vehicles
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d./-]*(?::\d[\d./-]*)*|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class NameLore:
    """What is known of names and ordinary words, all folded. `phrases` are tuples of words that a name follows."""

    names: frozenset[str]
    starts: tuple[str, ...]
    phrases: frozenset[tuple[str, ...]]
    numbers: frozenset[tuple[str, ...]]
    never: frozenset[str]
    known: frozenset[str]
    places: frozenset[str]  # parts of the names of wards and the like
    kinds: frozenset[str]  # kinds of places: a name beside one is a place's
    joins: frozenset[str]  # what may stand between a kind and its name

    @staticmethod
    def of(protocol: Protocol) -> NameLore:
        """The pack's."""
        rules, form = protocol.reading.names, protocol.reading.form
        wards = protocol.wards.values()
        ours = [name for ward in wards for name in (ward.name, ward.sub_county, *ward.aliases)]
        ours += [name for part in protocol.file.department for name in (part.agency_responsible, *part.aliases)]
        never = _tokens(rules.never)
        return NameLore(
            names=_tokens(rules.given),
            starts=tuple(map(fold, rules.starts)),
            phrases=_phrases(rules.before),
            numbers=_phrases(rules.numbers),
            never=never,
            known=never | _everyday(protocol) | _tokens(rules.before) | _tokens(rules.numbers),
            places=frozenset(word for name in ours for word in re.split(r"\W+", fold(name)) if word),
            kinds=_tokens(form.places) | _tokens(form.places_before),
            joins=_tokens(form.before_place),
        )


def _tokens(words: Words) -> frozenset[str]:
    return frozenset(token for phrases in words.values() for phrase in phrases for token in fold(phrase).split())


def _phrases(words: Words) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(fold(phrase).split()) for phrases in words.values() for phrase in phrases)


def _everyday(protocol: Protocol) -> frozenset[str]:
    """Words by which posts are understood: whatever stands among them is no person."""
    reading = protocol.reading
    lists = [getattr(reading.form, name) for name in type(reading.form).model_fields]
    lists += [topic.words for topic in reading.topic] + [reading.danger]
    lists += [field.labels for field in reading.field] + [level.words for level in protocol.file.priority]
    return frozenset().union(*(_tokens(words) for words in lists if isinstance(words, dict)))


def without_links(text: str) -> str:
    """The beginning of the text, without anything that a chat makes live: links, mentions, tags, commands, markup."""
    return " ".join(_LIVE.sub(" ", _unlinked(text[:LONGEST_READ])).replace(HIDDEN_MARK, HIDDEN).split())


def _unlinked(text: str) -> str:
    return " ".join(HIDDEN_MARK if _is_link(word) else word for word in text.split())


def _is_link(word: str) -> bool:
    return len(word) > LONGEST_WORD or bool(_LINK.search(word))


def publishable(text: str, country: str, names: Collection[str], lore: NameLore) -> str | None:
    """The words as strangers may read them, on one line; None when too little, or nothing safe, would be left.

    `names` are those of the case itself: of its forms, its poster and its officers. `country` is the ISO code whose
    telephone numbers are looked for.
    """
    own = frozenset(part for name in names for part in re.split(r"[^\w'’]+", fold(name)) if len(part) >= SHORTEST_NAME)
    if len(text) > LONGEST_READ:
        text = text[:LONGEST_READ].rpartition(" ")[0]  # a word that was cut in two would not be known any more
    safe = _LIVE.sub(" ", redact(_unlinked(bare(text.replace("\n", " ; "))), country))
    words = [word for word in _TOKEN.findall(safe) if word[0].isalpha()]
    if not words or _shouts(words):
        return None
    said = list(_shown(safe, own, lore))
    hidden = sum(part is HIDDEN for part in said)
    if hidden > MOST_HIDDEN * len(words):
        return None
    return _joined(said) or None


def _shouts(words: list[str]) -> bool:
    long = [word for word in words if len(word) > 1]
    return len(long) > 1 and sum(word[0].isupper() for word in long) > MOST_CAPITALS * len(long)


def _shown(text: str, own: frozenset[str], lore: NameLore) -> Iterator[str]:
    """The text's pieces, with HIDDEN for each that may be a person's."""
    coded = " ".join(HIDDEN_MARK if _CODE.search(word) else word for word in text.split())
    pieces = _TOKEN.findall(coded)
    words = [at for at, piece in enumerate(pieces) if not piece.isspace()]
    following = False  # whether a name goes on: further capitals after a hidden word
    for place, at in enumerate(words):
        piece = pieces[at]
        context = _Context(pieces, words, place)
        hide = piece == HIDDEN_MARK or _betrays(piece, context, own, lore) or (following and _is_capital(piece))
        following = hide and piece[0].isalpha()
        yield HIDDEN if hide else piece


@dataclass(frozen=True, slots=True)
class _Context:
    """One word among its neighbours."""

    pieces: list[str]
    words: list[int]
    place: int

    def near(self, step: int) -> str:
        """The folded word that many words away; "" beyond the ends."""
        at = self.place + step
        return fold(self.pieces[self.words[at]]) if 0 <= at < len(self.words) else ""

    def follows(self, phrases: frozenset[tuple[str, ...]]) -> bool:
        """Whether one of the phrases stands right before the word, a mark in between or not."""
        before = [fold(self.pieces[at]) for at in self.words[max(0, self.place - LONGEST_PHRASE - 2) : self.place]]
        while before and not before[-1][:1].isalnum():
            before.pop()
        return any(tuple(before[-count:]) in phrases for count in range(1, LONGEST_PHRASE + 1))


def _is_capital(piece: str) -> bool:
    return piece[0].isupper()


def _betrays(piece: str, context: _Context, own: frozenset[str], lore: NameLore) -> bool:
    if piece[0].isdigit():
        return context.follows(lore.numbers)
    if not piece[0].isalpha():
        return False
    word = fold(piece)
    stem = word.removesuffix("s") if word.endswith("s") else word  # "Chebets home" for "Chebet's home"
    if own & {word, stem, *word.split("-")}:
        return True
    if word in lore.places:
        return context.follows(lore.phrases) and word not in lore.known
    if lore.names & {word, stem, *word.split("-")}:
        return _is_capital(piece) or word not in lore.known
    if context.follows(lore.phrases) and word not in lore.known:
        return True
    if word in lore.known or word in lore.kinds or _is_place(context, lore):
        return False
    if len(word) >= SHORTEST_STARTER and word.startswith(lore.starts):
        return True
    return _is_capital(piece)


def _is_place(context: _Context, lore: NameLore) -> bool:
    if context.near(1) in lore.kinds or context.near(-1) in lore.kinds:
        return True
    return context.near(-1) in lore.joins and context.near(-2) in lore.kinds


def _joined(pieces: list[str]) -> str:
    """One line of the pieces, hidden neighbours as one, cut at a word where it is too long."""
    line = ""
    last = ""
    for piece in pieces:
        if piece is HIDDEN and last is HIDDEN:
            continue
        tight = piece[:1] in ".,;:!?%" or not line
        line += piece if tight else f" {piece}"
        last = piece
    line = without_links(line.replace(HIDDEN, HIDDEN_MARK)).replace(HIDDEN_MARK, HIDDEN).replace(" ; ", "; ")
    line = line.strip(" ;,")
    return line if len(line) <= LONGEST else line[:LONGEST].rsplit(" ", 1)[0] + " …"
