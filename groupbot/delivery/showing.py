"""The picture of a notice, drawn when it is sent from what the outbox keeps of it.

So the outbox holds a few numbers and words instead of a file, and a message that is sent again has the same picture.
Drawing is beside the worker thread: it takes longer than a day's posts. No picture ever keeps its words from going out.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import threading

from groupbot.chat import Picture
from groupbot.pictures import figures, png
from groupbot.store.outbox import QueuedNotice

log = logging.getLogger(__name__)

NAME = "figures.png"
_ONE_AT_A_TIME = threading.Lock()  # fonts are shared, and are not made for several threads


def has_picture(notice: QueuedNotice) -> bool:
    """Whether a picture stands with a notice's words."""
    return notice.action == "send" and "picture" in notice.params


async def picture_of(notice: QueuedNotice) -> Picture | None:
    """The drawn picture of a notice; None where it has none, or where none can be drawn."""
    if not has_picture(notice):
        return None
    try:
        return await asyncio.to_thread(_in_turn, json.dumps(notice.params["picture"]))
    except png.NoPictures as error:
        log.info("notice %s goes out without its picture: %s", notice.id, error)
    except Exception:
        log.exception("notice %s goes out without its picture", notice.id)
    return None


def _in_turn(told: str) -> Picture:
    with _ONE_AT_A_TIME:
        return _drawn(told)


@functools.lru_cache(maxsize=8)
def _drawn(told: str) -> Picture:
    """The same figures go to several groups."""
    sheet = figures.laid_out(json.loads(told))
    return Picture(png.drawn(sheet), round(sheet.width), round(sheet.height), NAME, sheet.alt)
