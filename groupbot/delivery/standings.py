"""Each bound group is read back at start, when something changed in it, and daily: who may write, what the bot may do.

A mirror that is open is closed and read back again; what cannot be mended is told to staff, once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import get_args

from groupbot.chat import Chat, ChatError, Keeper
from groupbot.clock import Clock
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Capabilities, Group, GroupKind, Notice, Right, Standing, micros
from groupbot.store import hot, people, standings
from groupbot.store.database import Store, Tx
from groupbot.store.people import Roster
from groupbot.store.standings import KeptStanding
from groupbot.worker import Worker

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
LONGEST = 30.0  # seconds for one group
NEEDED: Mapping[GroupKind, tuple[Right, ...]] = {
    "department": ("write", "pin", "restrict", "ban", "invites", "members"),
    "mirror": ("write", "read_only"),
    "communications": ("write",),
    "committee": ("write",),
}


class Standings:
    """The read-back of all groups. `clock` gives the present (aware UTC)."""

    def __init__(
        self, store: Store, jurisdiction: Jurisdiction, chats: Mapping[str, Chat], worker: Worker, clock: Clock
    ) -> None:
        self.store = store
        self.jurisdiction = jurisdiction
        self.chats = chats
        self.worker = worker
        self.clock = clock
        self._since: datetime | None = None

    async def check_due(self) -> bool:
        """Read back every group that is due; whether any was. Raises the database's errors."""
        now = self.clock()
        if self._since is None:
            self._since = now  # what an earlier run has read back may have changed since
        before = max(now - EVERY, self._since)
        due, roster = await self.worker.run(lambda: self.store.read(lambda tx: self._due(tx, before)))
        for group in due:
            await self._check(group, roster)
        return bool(due)

    def _due(self, tx: Tx, before: datetime) -> tuple[list[Group], Roster | None]:
        found = standings.due(tx, before)
        if not found:
            return [], None
        roster = people.load_roster(tx, self.jurisdiction.id)
        wanted = set(found)
        return [group for kind in NEEDED for group in roster.groups(kind) if group.chat_pk in wanted], roster

    async def _check(self, group: Group, roster: Roster | None) -> None:
        chat = self.chats.get(group.platform)
        repaired, standing = False, None
        if isinstance(chat, Keeper):
            try:
                async with asyncio.timeout(LONGEST):
                    repaired, standing = await self._read_back(chat, group, chat.capabilities_of(group.chat_id))
            except (ChatError, TimeoutError) as error:
                log.warning("group %s could not be read back: %s", group.chat_pk, type(error).__name__)
        capabilities = chat.capabilities_of(group.chat_id) if chat is not None else Capabilities()
        await self.worker.run(
            lambda: self.store.write_tx(lambda tx: self._keep(tx, (group, standing, repaired), capabilities, roster))
        )

    async def _read_back(self, chat: Keeper, group: Group, capabilities: Capabilities) -> tuple[bool, Standing]:
        standing = await chat.standing(group.chat_id)
        if group.kind != "mirror" or standing.read_only or not capabilities.read_only:
            return False, standing
        try:
            await chat.set_read_only(group.chat_id, True)
        except ChatError as error:
            if error.kind != "refused":
                raise
            return False, standing
        standing = await chat.standing(group.chat_id)
        return standing.read_only, standing

    def _keep(
        self,
        tx: Tx,
        found: tuple[Group, Standing | None, bool],
        capabilities: Capabilities,
        roster: Roster | None,
    ) -> None:
        """Keep what was found, and tell staff what has changed since they were told last."""
        group, standing, repaired = found
        now = self.clock()
        before = standings.of_chat(tx, group.chat_pk)
        if standing is None:  # nothing could be read back: what is known stays, and it is asked again tomorrow
            kept = before or KeptStanding(group.chat_pk, False, (), "")
            standings.keep(tx, kept, now)
            return
        missing = tuple(right for right in NEEDED[group.kind] if self._lacks(right, standing, capabilities))
        is_open = group.kind == "mirror" and not standing.read_only and capabilities.read_only
        told = f"{'open ' if is_open else ''}{' '.join(missing)}".strip()
        standings.keep(tx, KeptStanding(group.chat_pk, standing.read_only, missing, told), now)
        if roster is None:
            return
        if repaired:
            self._tell(tx, roster, group, "standing_repaired", missing)
        if told and (before is None or before.told != told):
            self._tell(tx, roster, group, "standing_open" if is_open else "standing_missing", missing)

    @staticmethod
    def _lacks(right: Right, standing: Standing, capabilities: Capabilities) -> bool:
        """A right that the chat knows at all and the bot does not have."""
        offered = getattr(capabilities, right, True)
        return right in get_args(Right) and offered and right not in standing.rights

    def _tell(self, tx: Tx, roster: Roster, group: Group, key: str, missing: tuple[Right, ...]) -> None:
        now = self.clock()
        named = f"department.{group.service_code}" if group.service_code else f"group.{group.kind}"
        params = {"group": named, "rights": [f"right.{right}" for right in missing]}
        notices = [
            Notice(
                office.platform,
                office.chat_id,
                "send",
                f"{key}|{group.chat_pk}|{micros(now)}|{' '.join(missing)}|{office.chat_pk}",
                key=key,
                params=params,
                language=office.language or self.jurisdiction.language,
            )
            for office in roster.groups("communications")
        ]
        hot.queue(tx, notices, now)
