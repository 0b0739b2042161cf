"""The bot's session on a homeserver: what is taken for a refusal of its password."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from nio import Api

from groupbot.chat import ChatError
from groupbot.chat.matrix_line import HomeserverError, Line
from groupbot.chat.matrix_session import Session

BOT = "@bot:county.test"


class Door:
    """A line that answers a login as it is told to."""

    def __init__(self, *refusals: dict[str, Any]) -> None:
        self.refusals = list(refusals)
        self.asked = 0

    async def call(self, *_: object) -> Any:
        """Refuse, as long as there are refusals left."""
        self.asked += 1
        if self.refusals:
            raise HomeserverError(403, self.refusals.pop(0), None)
        return {"access_token": "t", "user_id": BOT}


@pytest.mark.parametrize(("refusal", "asked"), [({}, 3), ({"errcode": "M_FORBIDDEN"}, 1)])
async def test_only_the_homeserver_itself_refuses_a_password_for_good(
    refusal: dict[str, Any], asked: int, tmp_path: Path
) -> None:
    door = Door(refusal)
    session = Session(cast(Line, door), BOT, lambda: "secret", tmp_path)
    with pytest.raises(ChatError):
        await session.call(Api.whoami(""))
    try:
        await session.call(Api.whoami(""))
    except ChatError as error:
        assert "refused the password" in error.detail
    assert door.asked == asked
