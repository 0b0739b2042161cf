"""Filling the gaps that an absence leaves: pages are kept as they come, and a chat goes on when its past is whole.

Where the platform refuses the past of a chat for good it is given up: what came behind it is worked, and the group is
told between which moments posts may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from groupbot.gaps import tell_refused
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Batch, Gap, Page, Update
from groupbot.store import gaps, hot
from groupbot.store.database import Store, Tx

Chat = tuple[str, str]  # platform, chat id


class CatchingUp:
    """Which chats wait for their past, and what is held of them meanwhile."""

    def __init__(
        self, store: Store, jurisdiction: Jurisdiction, parsers: Mapping[str, Callable[[str], Update]]
    ) -> None:
        self.store = store
        self._jurisdiction = jurisdiction
        self._parsers = parsers
        self._waiting: set[Chat] | None = None

    def waiting(self, tx: Tx) -> set[Chat]:
        """The chats that wait. Read once; afterwards it is kept in step with what is committed."""
        if self._waiting is None:
            self._waiting = gaps.holding(tx)
        return self._waiting

    def concerns(self, tx: Tx, batch: Batch) -> bool:
        """Whether anything of a batch must be held, or opens a gap."""
        return bool(batch.gaps) or bool(self.waiting(tx))

    def hold(self, tx: Tx, platform: str, batch: Batch, now: datetime) -> list[Update]:
        """Keep the gaps that a batch opens, and hold what comes behind any gap; the updates that need not wait."""
        waiting = set(self.waiting(tx))
        for gap in batch.gaps:
            gaps.begin(tx, platform, gap, now)
            waiting.add((platform, gap.chat_id))
        held: dict[str, list[Update]] = {}
        free = []
        for update in batch.updates:
            if (platform, update.chat_id) in waiting:
                held.setdefault(update.chat_id, []).append(update)
            else:
                free.append(update)
        for updates in held.values():
            gaps.hold_after(tx, updates)
        tx.after_commit(lambda: self._keep(waiting))
        return free

    def _keep(self, waiting: set[Chat]) -> None:
        self._waiting = waiting

    def open_gaps(self, platform: str) -> list[Gap]:
        """The gaps to be filled on a platform, oldest first."""
        if self._waiting is not None and not any(name == platform for name, _ in self._waiting):
            return []
        return self.store.read(lambda tx: gaps.still_open(tx, platform))

    def take_page(self, platform: str, gap: Gap, page: Page, now: datetime) -> None:
        """Keep a page of a gap, and with the last one of a chat's gaps put all that was held in the inbox, in order."""
        self.store.write_tx(lambda tx: self._take_page(tx, platform, gap, page, now))

    def _take_page(self, tx: Tx, platform: str, gap: Gap, page: Page, now: datetime) -> None:
        gaps.hold_before(tx, gap.id, page.updates)
        if page.from_cursor:
            gaps.move_on(tx, gap.id, page.from_cursor)
            return
        gaps.close(tx, gap.id, now)
        self._go_on(tx, platform, gap.chat_id, now)

    def give_up(self, platform: str, gap: Gap, now: datetime) -> None:
        """Close the gaps of a chat whose past is refused, tell its group, and put all that was held in the inbox."""
        self.store.write_tx(lambda tx: self._give_up(tx, platform, gap.chat_id, now))

    def _give_up(self, tx: Tx, platform: str, chat_id: str, now: datetime) -> None:
        tell_refused(tx, self._jurisdiction, (platform, chat_id), now)
        for gap in gaps.still_open(tx, platform):
            if gap.chat_id == chat_id:
                gaps.close(tx, gap.id, now)
        self._go_on(tx, platform, chat_id, now)

    def _go_on(self, tx: Tx, platform: str, chat_id: str, now: datetime) -> None:
        """With the last of a chat's gaps closed, put all that was held of it in the inbox, in order."""
        waiting = gaps.holding(tx)
        if (platform, chat_id) not in waiting:
            for raw in gaps.release(tx, platform, chat_id):
                hot.receive(tx, self._jurisdiction.id, self._parsers[platform](raw), now, state="waiting")
        tx.after_commit(lambda: self._keep(waiting))
