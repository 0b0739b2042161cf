"""B1: the six conversations have the same story on every platform: the same groups, references and events."""

from __future__ import annotations

from pathlib import Path

import pytest

from groupbot.clock import VirtualClock
from tests.contract.matrix_stage import MatrixStage
from tests.contract.playing import SCRIPTS, Play, Story
from tests.contract.stages import SandboxStage, telegram_stage
from tests.matrix.synapse import Homeserver
from tests.telegram.town import jurisdiction


async def in_the_sandbox(script: Path, *, plain: bool = False) -> Story:
    """The story as it is told in the sandbox, by which the others are measured."""
    county = jurisdiction()
    clock = VirtualClock(Play.start_of(script, county))
    return await Play(SandboxStage(clock, plain=plain), county, script, clock).run()


def test_there_are_six_conversations() -> None:
    assert len(SCRIPTS) == 6


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_b1_telegram_tells_the_same_story(script: Path) -> None:
    county = jurisdiction()
    clock = VirtualClock(Play.start_of(script, county))
    async with telegram_stage(clock) as on:
        story = await Play(on, county, script, clock).run()
    assert story == await in_the_sandbox(script)
    assert {event for _, _, event in story} & {"answered", "acknowledged", "opened"}
    assert not any(call.method == "sendmessage" and not call.done for call in on.fake.calls)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("bridged", [False, True], ids=["matrix", "whatsapp"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_b1_matrix_tells_the_same_story(script: Path, bridged: bool, server: Homeserver, tmp_path: Path) -> None:
    county = jurisdiction()
    clock = VirtualClock(Play.start_of(script, county))
    story = await Play(MatrixStage(server, clock, tmp_path, bridged=bridged), county, script, clock).run()
    assert story == await in_the_sandbox(script, plain=bridged)
