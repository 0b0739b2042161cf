"""One post through a real homeserver, from the form to the citizen's word."""

from __future__ import annotations

import re

import pytest

from tests.county import FORM
from tests.matrix.county import County

pytestmark = pytest.mark.slow


async def test_a_post_walks_the_whole_road(town: County) -> None:
    post = await town.say("chebet", "health", FORM)
    number = town.messages("health")[0]
    said = number["content"]
    assert re.fullmatch(
        r"(HLT-\d\d-0001-[A-Y]), urgent, Kapsowar\. Daniel, please reply here by .*\. Answer due .*\.", said["body"]
    )
    reference = said["body"].split(",")[0]
    assert said["msgtype"] == "m.notice"
    assert said["m.mentions"] == {"user_ids": [town.people["kiptoo"].user_id]}  # who is asked, and nobody else
    assert said["m.relates_to"] == {"m.in_reply_to": {"event_id": post}}
    await town.say("kiptoo", "health", "Seen. I am calling the store", number["event_id"])
    assert [key for _, key in town.reactions("health")] == ["👀"]
    await town.say("kiptoo", "health", "!resolve 200 doses delivered this morning from the store", post)
    assert town.lines("health")[-1].startswith(f"{reference}: Daniel says it is done. Jane, please ask the citizen.")
    assert town.messages("health")[-1]["content"]["m.mentions"] == {"user_ids": [town.people["chebet"].user_id]}
    await town.say("chebet", "health", "Jane confirms, she got hers", town.messages("health")[-1]["event_id"])
    assert town.lines("health")[-1].startswith(f"{reference} closed: the citizen agrees, says Jane.")
    assert town.messages("health")[-1]["content"]["m.mentions"] == {}
    assert [line.split(" ")[0].strip(":") for line in town.lines("mirror")][-3:] == [reference] * 3
