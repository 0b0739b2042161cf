"""The README of the packs names every key of every file, in order, with an example that the pack would accept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Annotated

import pytest
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from groupbot import protocol as pack
from groupbot.messages import compile_text
from groupbot.messages.speech import Speech
from groupbot.messages.wording import FORMS, SELECTORS, SPECS
from groupbot.protocol import Part, cast, words
from groupbot.protocol_check import examples
from groupbot.protocol_check.sense import BASES
from tests.packs.texts import PACK

README = (PACK.parent / "README.md").read_text(encoding="utf-8")

# Which class each section is about, in the order of the sections.
SECTIONS: list[tuple[str, type[Part]]] = [
    ("[pack]", pack.PackHead),
    ("[[department]]", pack.Department),
    ("[[ward]]", pack.Ward),
    ("[residents]", pack.Residents),
    ("[[ambiguous_ward]]", pack.AmbiguousWard),
    ("[[priority]]", pack.Priority),
    ("a clock", pack.Clock),
    ("[emergency]", pack.Emergency),
    ("[[emergency.number]]", pack.EmergencyNumber),
    ("[chase]", pack.Chase),
    ("[[chase.step]]", pack.ChaseStep),
    ("[chase.ombudsman]", pack.Ombudsman),
    ("[[role]]", pack.Role),
    ("[mirror]", pack.Mirror),
    ("[limits]", pack.Limits),
    ("[moderation]", pack.Moderation),
    ("[retention]", pack.Retention),
    ("[sample]", pack.Sample),
    ("[breach]", pack.Breach),
    ("[[field]]", pack.FormField),
    ("[form]", pack.FormRules),
    ("[[topic]]", pack.Topic),
    ("[private_route]", pack.PrivateRoute),
    ("[names]", pack.NameRules),
    ("the file itself", pack.WeightsFile),
    ("[private]", pack.PrivateWeights),
    ("the file itself", pack.CalendarFile),
    ("[[hours]]", pack.Hours),
    ("[[holiday]]", pack.Holiday),
    ("the file itself", pack.WordsFile),
    ("[counting]", words.CountingWords),
    ("[elsewhere]", words.ElsewhereWords),
    ("[safety]", words.SafetyWords),
    ("[dates]", pack.DateWords),
    ("[dates.parts.<name>]", pack.DayPart),
    ("[replies]", pack.ReplyWords),
    ("[replies.verbs]", pack.VerbWords),
    ("the file itself", examples.Example),
    ("[expected]", examples.Expected),
    ("the file itself", cast.CastFile),
    ("[[person]]", cast.CastMember),
]
ROW = re.compile(r"^\| `(?P<key>\w+)` \| (?P<says>[^|]+) \| (?:`(?P<example>[^`]*)`)? ?\|$", re.MULTILINE)
IDS = [part.__name__ for _, part in SECTIONS]


def sections() -> list[tuple[str, str]]:
    """Heading and text of each section of keys, in order."""
    pieces = re.split(r"^(#{2,3}) (.+)$", README, flags=re.MULTILINE)
    return [(pieces[at + 1], pieces[at + 2]) for at in range(1, len(pieces), 3) if pieces[at] == "###"]


def keys_of(part: type[Part]) -> dict[str, FieldInfo]:
    """The keys as a pack writes them."""
    return {field.alias or name: field for name, field in part.model_fields.items()}


def parts_in(kind: object) -> Iterator[type[Part]]:
    """The parts that a field's type is made of."""
    if isinstance(kind, type) and issubclass(kind, Part):
        yield kind
    for inner in getattr(kind, "__args__", ()):
        yield from parts_in(inner)


def test_the_sections_follow_the_files() -> None:
    assert [heading for heading, _ in sections()] == [heading for heading, _ in SECTIONS]


@pytest.mark.parametrize("number", range(len(SECTIONS)), ids=IDS)
def test_a_section_names_every_key_in_order(number: int) -> None:
    rows = [row["key"] for row in ROW.finditer(sections()[number][1])]
    assert rows == list(keys_of(SECTIONS[number][1]))


@pytest.mark.parametrize("number", range(len(SECTIONS)), ids=IDS)
def test_each_example_is_one_that_a_pack_may_hold(number: int) -> None:
    fields = keys_of(SECTIONS[number][1])
    for row in ROW.finditer(sections()[number][1]):
        field = fields[row["key"]]
        if row["example"] is None:
            assert list(parts_in(field.annotation)), f"{row['key']} has neither an example nor a section of its own"
            continue
        value = tomllib.loads(f"{row['key']} = {row['example']}")[row["key"]]
        TypeAdapter(Annotated[(field.annotation, *field.metadata, "as in a pack")]).validate_python(value)


def test_every_part_of_a_pack_has_its_section() -> None:
    described = {part for _, part in SECTIONS}
    files = {pack.ProtocolFile, pack.ReadingFile}
    needed = {
        inner
        for part in described | files
        for field in part.model_fields.values()
        for inner in parts_in(field.annotation)
    }
    assert needed <= described


def test_every_spec_and_selector_of_a_text_is_explained() -> None:
    for word in (*SPECS[1:], *SELECTORS, *(form for forms in FORMS.values() for form in forms)):
        assert f"`{word}`" in README


def test_the_example_of_a_messages_file_is_one() -> None:
    texts, words = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", README, flags=re.DOTALL)]
    for written in texts.values():
        assert compile_text(written)
    assert Speech.of(words, lambda key: key).months[11] == "Dec"


def test_every_word_that_a_basis_may_open_with_is_named() -> None:
    for basis in BASES:
        assert f"`{basis}:`" in README
