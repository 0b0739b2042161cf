"""Looking up what the bot may do in its groups: at the start, when one is bound, when it changes, and once a day."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from groupbot import whereabouts
from groupbot.chat import Chat, ChatError, Keeper
from groupbot.clock import Clock
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Batch, Group, Standing
from groupbot.store import people
from groupbot.store.database import Store, Tx
from groupbot.worker import Worker

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
AGAIN = timedelta(minutes=10)  # after a look that failed


class Inspector:
    """Looks groups up where their platform lets it. `clock` gives the present (aware UTC)."""

    def __init__(
        self, store: Store, jurisdiction: Jurisdiction, chats: Mapping[str, Chat], worker: Worker, clock: Clock
    ) -> None:
        self._store = store
        self._jurisdiction = jurisdiction
        self._chats = chats
        self._worker = worker
        self._clock = clock
        self._next: datetime | None = None
        self._asked: set[tuple[str, str]] = set()
        self._known: set[tuple[str, str, str]] = set()  # platform, chat id, kind: looked up since the start
        self._version = -1  # the roster's, when it was last read

    def note(self, batch: Batch) -> None:
        """A batch was taken in: chats in which something has changed are looked up next."""
        self._asked |= {(one.platform, one.chat_id) for one in batch.updates if one.kind in ("standing", "moved")}

    @property
    def waits(self) -> bool:
        """Whether a look is due, as far as can be told without the database."""
        return bool(self._asked) or self._next is None or self._next <= self._clock()

    async def run_due(self) -> bool:
        """Look up what is due. Returns whether anything was."""
        now = self._clock()
        everything = self._next is None or self._next <= now
        bound = await self._worker.run(lambda: self._store.read(self._has_changed))
        if not everything and not bound and not self._asked:
            return False
        asked, self._asked = self._asked, set()
        if everything:
            self._next = now + EVERY
        groups = await self._worker.run(lambda: self._store.read(self._groups))
        known, self._known = self._known, {_named(group) for group in groups}
        for group in groups:
            if everything or (group.platform, group.chat_id) in asked or _named(group) not in known:
                await self._look(group)
        return True

    def _has_changed(self, tx: Tx) -> bool:
        """Whether people or groups are others than when the groups were last read."""
        return people.roster_version(tx, self._jurisdiction.id) != self._version

    def _groups(self, tx: Tx) -> list[Group]:
        self._version = people.roster_version(tx, self._jurisdiction.id)
        roster = people.load_roster(tx, self._jurisdiction.id)
        keepers = [name for name, chat in self._chats.items() if isinstance(chat, Keeper)]
        return [group for name in keepers for group in whereabouts.to_look_up(roster, name)]

    async def _look(self, group: Group) -> None:
        chat = self._chats[group.platform]
        assert isinstance(chat, Keeper)
        repaired = False
        try:
            standing = await chat.standing(group.chat_id)
            if group.kind == "mirror" and not standing.read_only and "read_only" in standing.rights:
                await chat.set_read_only(group.chat_id, True)
                standing = await chat.standing(group.chat_id)
                repaired = standing.read_only
        except ChatError as error:
            if error.kind not in ("gone", "moved"):
                self._next = min(self._next or self._clock(), self._clock() + AGAIN)
            log.warning("what the bot may do in %s could not be looked up: %s", group.chat_id, error.kind)
            return
        await self._worker.run(
            lambda: self._store.write_tx(lambda tx: self._tell(tx, group, standing, repaired=repaired))
        )

    def _tell(self, tx: Tx, group: Group, standing: Standing, *, repaired: bool) -> None:
        now = self._clock()
        offers = self._chats[group.platform].capabilities_of(group.chat_id)
        told = whereabouts.looked_up(tx, self._jurisdiction, group, (standing, offers), now)
        if group.kind == "mirror":
            found = whereabouts.Closed(standing.read_only, repaired, told)
            whereabouts.mirror_seen(tx, self._jurisdiction, group, found, now)


def _named(group: Group) -> tuple[str, str, str]:
    return group.platform, group.chat_id, group.kind
