"""A picture on a real homeserver: kept there, shown with its words, once, and refused without losing them."""

from __future__ import annotations

from urllib.request import Request, urlopen

import pytest

from groupbot.chat import Outgoing, Picture
from tests.matrix.county import County
from tests.pictures.test_figures import told

pytestmark = pytest.mark.slow
WORDS = "Week from Mon 23 Nov:\nThe citizen agrees: 23 of 36."


def picture() -> Picture:
    from groupbot.pictures import figures, png

    sheet = figures.laid_out(told())
    return Picture(png.drawn(sheet), 1080, round(sheet.height), "figures.png", sheet.alt)


def images(town: County, where: str) -> list[dict[str, object]]:
    events = town.owner.history(town.rooms[where])
    return [one["content"] for one in events if one["content"].get("msgtype") == "m.image"]


async def test_words_and_picture_are_one_event_and_sent_again_no_second_one(town: County) -> None:
    drawn = picture()
    message = Outgoing(town.rooms["mirror"], WORDS, "txn-picture", picture=drawn)
    assert await town.chat.send(message) == await town.chat.send(message)
    (content,) = images(town, "mirror")
    assert (content["body"], content["filename"]) == (WORDS, "figures.png")
    assert content["info"] == {"w": 1080, "h": drawn.height, "size": len(drawn.png), "mimetype": "image/png"}
    server, media = str(content["url"]).removeprefix("mxc://").split("/")
    address = f"{town.server.url}/_matrix/client/v1/media/download/{server}/{media}"
    with urlopen(Request(address, headers={"Authorization": f"Bearer {town.owner.token}"}), timeout=30) as answer:
        assert (answer.headers["Content-Type"], answer.read()) == ("image/png", drawn.png)


async def test_a_picture_that_the_homeserver_does_not_take_leaves_the_words(town: County) -> None:
    huge = Picture(picture().png + bytes(600_000), 1080, 1500, "figures.png", "")
    await town.chat.send(Outgoing(town.rooms["mirror"], WORDS, "txn-huge", picture=huge))
    assert images(town, "mirror") == []
    assert town.lines("mirror") == [WORDS]
