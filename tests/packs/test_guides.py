"""The guides: a page for each kind of people in each language, and nothing in them that the bot does not do."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from groupbot import protocol
from groupbot.cli import main
from groupbot.commands import COMMANDS
from groupbot.jurisdiction import Jurisdiction
from groupbot.rules import references
from groupbot.rules.commands import read_command
from groupbot.rules.outcomes import read_cannot
from groupbot.rules.readings import read_post
from groupbot.rules.replies import read_reply

OURS = Jurisdiction(protocol.load(protocol.locate("ke-elgeyo-marakwet")))
FOLDER = OURS.protocol.folder / "guide"
GUIDES = sorted(FOLDER.glob("*.md"))
AUDIENCES = {
    "citizens", "ward-admins", "coordinators", "directors", "champions", "observers", "communications", "operators",
}  # fmt: skip
PAGE = 2_400  # characters of a page
EXAMPLE = "HLT-26-0042-R"
# Who reads a guide -> the role whose acts it may name.
READERS = {
    "ward-admins": "ward_admin",
    "coordinators": "coordinator",
    "directors": "director",
    "champions": "champion",
    "communications": "communications",
    "operators": "operator",
}


def _spans(guide: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", guide.read_text(encoding="utf-8"))


def test_there_is_a_page_for_each_reader_in_each_language() -> None:
    wanted = {f"{audience}.{language}.md" for audience in AUDIENCES for language in OURS.protocol.languages}
    assert {guide.name for guide in GUIDES} == wanted


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_guide_is_one_page(guide: Path) -> None:
    assert len(guide.read_text(encoding="utf-8")) <= PAGE


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_all_that_a_guide_tells_to_write_is_understood(guide: Path) -> None:
    language = guide.name.split(".")[1]
    labels = {label for field in OURS.protocol.reading.field for label in field.labels.get(language, ())}
    for span in _spans(guide):
        if span.startswith("groupbot "):
            _is_a_command_line(span)
        elif span == EXAMPLE:
            assert references.find(span, OURS.prefixes)[0].given == span
        elif span.startswith("/"):
            call = read_command(span, OURS.command_aliases)
            assert call is not None, span
            assert call.name in COMMANDS, span
            if call.name == "cannot" and call.rest:
                said = read_cannot(call.rest, OURS.outcome_words)
                assert (said.outcome != "declined", said.missing) == (True, ""), span
        else:
            meaning = read_reply(span, OURS.reply_vocabulary, asked=True).meaning
            assert span.lower() in labels or meaning in ("yes", "not_yet"), span


def _is_a_command_line(span: str) -> None:
    """Its commands and options exist; words in capitals stand for what people put there."""
    command: click.Command = main
    context = click.Context(main)
    for word in span.split()[1:]:
        if isinstance(command, click.Group):
            found = command.get_command(context, word)
            assert found is not None, span
            command = found
        elif word.startswith("--"):
            options = {name for parameter in command.params for name in parameter.opts}
            assert word in options | {"--help"}, span
        else:
            assert word.isupper(), span


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_the_forms_of_a_guide_are_read_as_requests(guide: Path) -> None:
    form = "\n".join(re.findall(r"^ {4,6}(\S.*)$", guide.read_text(encoding="utf-8"), flags=re.MULTILINE))
    if form:
        reading = read_post(form, OURS.vocabulary, sender_role="ward_admin", sender_ward="Kapsowar")
        assert (reading.kind, len(reading.forms), reading.language) == ("request", 1, guide.name.split(".")[1])


@pytest.mark.parametrize("audience", READERS)
def test_a_guide_names_no_command_that_is_another_persons(audience: str) -> None:
    for language in OURS.protocol.languages:
        for span in _spans(FOLDER / f"{audience}.{language}.md"):
            call = read_command(span, OURS.command_aliases)
            roles = COMMANDS[call.name].roles if call else ()
            assert not roles or READERS[audience] in roles, span


@pytest.mark.parametrize("audience", sorted(AUDIENCES))
def test_both_languages_name_the_same_commands(audience: str) -> None:
    def named(language: str) -> list[str]:
        calls = [read_command(span, OURS.command_aliases) for span in _spans(FOLDER / f"{audience}.{language}.md")]
        return [call.name for call in calls if call]

    assert named("en") == named("sw")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_the_numbers_and_windows_in_a_guide_are_the_packs(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    file = OURS.protocol.file
    limits = {int(found) for found in re.findall(r"(?:within|ndani ya siku|ndani ya masaa) (\d+)", text)}
    assert limits <= {file.limits.reopen_days, file.limits.undo_hours}
    phones = " ".join(number.number for number in file.emergency.number)
    assert all(found in phones for found in re.findall(r"\b(?:1199|999|112|0704 220 220)\b", text))
