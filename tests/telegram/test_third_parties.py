"""The bot calls the Bot API and nobody else, whatever people write."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from tests.county import FORM
from tests.network import listening
from tests.telegram.town import GROUPS, USERS, town

LINKS = "see https://example.org/a?b=1 www.example.com t.me/x http://169.254.169.254/latest mailto:a@example.net"


async def test_b8_a_whole_road_with_links_strangers_and_moderation_calls_the_bot_api_alone() -> None:
    with listening() as called:
        async with town() as here:
            post = await here.say("chebet", "health", FORM.replace("since Monday", f"since Monday, {LINKS}"))
            await here.say("kiptoo", "health", f"Seen, {LINKS}", post)
            await here.say("kiptoo", "health", f"/resolve 200 doses delivered to the hospital, {LINKS}", post)
            await here.say("chebet", "health", "YES", here.messages("health")[-1]["message_id"])
            here.fake.world.change_member(GROUPS["health"], USERS["stranger"], "member")
            held = await here.say("stranger", "health", f"you are thieves {LINKS}")
            await here.say("nelson", "health", "/ban until Friday insults", held)
            await here.tap("nelson", "health", here.messages("health")[-1])
            await here.wait(days=1)
            served = urlsplit(here.fake.base_url)
    assert {(host, port) for host, port in called} == {(served.hostname, served.port)}


@pytest.mark.parametrize("how", ["connect", "look up", "datagram"])
def test_b8_a_call_elsewhere_is_heard(how: str) -> None:
    with listening() as called, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        if how == "connect":
            one.connect(("127.0.0.2", 9))
        elif how == "look up":
            socket.getaddrinfo("127.0.0.2", 9)
        else:
            one.sendto(b"", ("127.0.0.2", 9))
    assert called == {("127.0.0.2", 9)}
