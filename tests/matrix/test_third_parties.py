"""The bot calls its homeserver and nobody else, whatever people write."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.county import FORM
from tests.matrix.county import County, county
from tests.matrix.synapse import Homeserver
from tests.network import listening

pytestmark = pytest.mark.slow
LINKS = "see https://example.org/a?b=1 https://matrix.to/#/@x:example.org mxc://example.org/abc http://169.254.169.254/"


async def test_b8_a_whole_road_with_links_strangers_and_moderation_calls_the_homeserver_alone(
    server: Homeserver, tmp_path: Path
) -> None:
    with listening() as called:
        async with county(server, tmp_path) as town:
            await _go_the_whole_road(town)
    served = urlsplit(server.url)
    assert called == {(served.hostname, served.port)}


async def _go_the_whole_road(town: County) -> None:
    post = await town.say("chebet", "health", FORM.replace("since Monday", f"since Monday, {LINKS}"))
    await town.say("kiptoo", "health", f"Seen, {LINKS}", post)
    await town.say("kiptoo", "health", f"!resolve 200 doses delivered to the hospital, {LINKS}", post)
    await town.say("chebet", "health", "YES", town.messages("health")[-1]["event_id"])
    held = await town.say("stranger", "health", f"you are all thieves {LINKS}")
    town.people["stranger"].put(
        town.rooms["health"], "m.room.message", {"msgtype": "m.image", "body": "a", "url": "mxc://example.org/abc"}
    )
    await town.say("nelson", "health", "!mute until tomorrow insults", held)
    await town.say("nelson", "health", "YES", town.messages("health")[-1]["event_id"])
    await town.step()
    assert ("closed",) in await town.all("SELECT state FROM request")
