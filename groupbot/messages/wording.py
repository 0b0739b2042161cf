"""How a text of a pack is written: literal words, strict placeholders `{name}` or `{name:spec}`, and choices of form.

A placeholder is a name and at most one spec: no attributes, no indexes, nothing computed. A choice is a table with one
selector (`count`, `by` or `given`, naming a parameter) and its forms, which may be choices again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SPECS = ("", "when", "day", "date", "clock", "span", "term", "terms", "names", "either", "lines", "termlines", "count")
OWN_WORDS = frozenset(("when", "day", "span", "term", "terms"))  # these are ours: they take a capital, user text never
SELECTORS = ("count", "by", "given")
FORMS = {"count": ("one", "other"), "given": ("with", "without")}
MAX_DEPTH = 4

_BRACE = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z]+))?\}")
_SENTENCE_END = re.compile(r"[.!?]\s+$|\n\s*$")


@dataclass(frozen=True, slots=True)
class Slot:
    """One placeholder; `capital` says that it opens a sentence with words of ours."""

    name: str
    spec: str
    capital: bool = False

    def __str__(self) -> str:
        """As it is written in a pack."""
        return f"{{{self.name}:{self.spec}}}" if self.spec else f"{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Forms of one text, picked by a parameter: `count` (one, other), `by` (its value), `given` (with, without)."""

    selector: str
    name: str
    forms: Mapping[str, Text]


Text = tuple[str | Slot, ...] | Choice


def parse(written: object, depth: int = 0) -> Text:
    """A text as a pack writes it -> its parts. Raises ValueError with a sentence that names what is wrong."""
    if isinstance(written, str):
        return parse_words(written)
    if not isinstance(written, Mapping) or depth >= MAX_DEPTH:
        raise ValueError(f"a text is a string or a table of at most {MAX_DEPTH} choices inside each other")
    selectors = [name for name in SELECTORS if name in written]
    if len(selectors) != 1 or not isinstance(written[selectors[0]], str):
        raise ValueError("a table of forms needs exactly one of count, by or given, naming a parameter")
    selector = selectors[0]
    forms = {name: parse(form, depth + 1) for name, form in written.items() if name != selector}
    _check_forms(selector, tuple(forms))
    return Choice(selector, written[selector], forms)


def _check_forms(selector: str, found: tuple[str, ...]) -> None:
    wanted = FORMS.get(selector)
    if wanted is not None and set(found) != set(wanted):
        raise ValueError(f"a table with {selector} has the forms {' and '.join(wanted)}, no others")
    if not found:
        raise ValueError("a table with by has at least one form")


def parse_words(words: str) -> tuple[str | Slot, ...]:
    """One template -> literals and slots in order. Raises ValueError for a stray brace or an unknown spec."""
    parts: list[str | Slot] = []
    literal: list[str] = []
    end = 0
    for match in _BRACE.finditer(words):
        literal.append(words[end : match.start()])
        end = match.end()
        if match[0] in ("{{", "}}"):
            literal.append(match[0][0])
            continue
        before = "".join(literal)
        literal.clear()
        slot = _slot(match[0], before, opening=not parts)
        parts += [before, slot] if before else [slot]
    rest = "".join(literal) + words[end:]
    return (*parts, rest) if rest else tuple(parts)


def _slot(written: str, before: str, *, opening: bool) -> Slot:
    found = _SLOT.fullmatch(written)
    if found is None:
        raise ValueError(f"'{written}' is no placeholder: write {{name}} or {{name:spec}}, or double a literal brace")
    name, spec = found[1], found[2] or ""
    if spec not in SPECS:
        raise ValueError(f"'{written}' has an unknown spec: use one of {', '.join(SPECS[1:])}")
    first = bool(_SENTENCE_END.search(before[-8:])) or (opening and not before.strip())
    return Slot(name, spec, first and spec in OWN_WORDS)


def slots(text: Text) -> Iterator[Slot]:
    """Every placeholder of every form."""
    if isinstance(text, Choice):
        for form in text.forms.values():
            yield from slots(form)
    else:
        yield from (part for part in text if isinstance(part, Slot))


def selectors(text: Text) -> Iterator[str]:
    """The parameters that pick a form."""
    if isinstance(text, Choice):
        yield text.name
        for form in text.forms.values():
            yield from selectors(form)


def pick(choice: Choice, value: object) -> Text:
    """The form that a parameter's value picks. Raises KeyError when `by` has no such form and no `other`."""
    if choice.selector == "given":
        return choice.forms["with" if is_given(value) else "without"]
    if choice.selector == "count":
        return choice.forms["one" if number_of(value) == 1 else "other"]
    wanted = str(value).rpartition(".")[2]  # a term such as state.answered picks the form "answered"
    if wanted in choice.forms:
        return choice.forms[wanted]
    if "other" not in choice.forms:
        raise KeyError(f"no form for {choice.name} '{wanted}'")
    return choice.forms["other"]


def is_given(value: object) -> bool:
    """Whether a parameter says anything: None, "" and an empty list do not; 0 does."""
    return value is not None and value not in ("", [], ())


def number_of(value: object) -> int:
    """A number, or the length of a list. Raises TypeError for anything else."""
    if isinstance(value, list | tuple):
        return len(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"a count needs a whole number or a list, not {type(value).__name__}")
