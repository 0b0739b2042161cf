"""A whole county on a disk, to be measured: an admin for each ward, two officers for each department, a mirror."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from groupbot import protocol
from groupbot.chat.sandbox import Sandbox, SandboxChat
from groupbot.intake.batches import Intake
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Batch, Update, instant
from groupbot.rehearsal import stage
from groupbot.rehearsal.stage import PLATFORM, Place, Player
from groupbot.store import migrations
from groupbot.store.database import Store
from tests.bench.text import FAMILY, FIRST_AT, GIVEN, sender_of

ON_THE_WAY = timedelta(seconds=2)  # from a post's sending to its arrival


@dataclass
class County:
    """The front door and what stands behind it."""

    store: Store
    intake: Intake
    chat: SandboxChat

    def parse(self, raw: str) -> Update:
        """One raw update of the platform."""
        return self.chat.parse(raw)

    def take(self, *updates: Update) -> None:
        """Take a batch in: everything it causes is durable when this returns."""
        now = updates[-1].sent_at + ON_THE_WAY
        self.intake.take(PLATFORM, Batch(updates, updates[-1].update_id), now)

    def check(self, posts: int) -> None:
        """Raises AssertionError unless every post became all that an accepted post is."""
        tables = ("inbox", "request", "contact", "service_log")
        counts = {table: self.count(f"SELECT COUNT(*) FROM {table}") for table in tables}
        said = "SELECT COUNT(DISTINCT request_ids) FROM outbox WHERE request_ids <> '' AND chat_id"
        counts["acknowledgement"] = self.count(f"{said} <> 'mirror'")
        counts["mirror notice"] = self.count(f"{said} = 'mirror'")
        counts["reference"] = self.count("SELECT COUNT(DISTINCT service_request_id) FROM request")
        wrong = {what: count for what, count in counts.items() if count != posts}
        if wrong:
            raise AssertionError(f"of {posts} posts: {wrong}")

    def count(self, sql: str) -> int:
        """The number that a statement finds."""
        return int(self.store.read(lambda tx: tx.scalar(sql)))


@contextmanager
def county(folder: Path) -> Iterator[County]:
    """The county with an empty database in the folder."""
    jurisdiction = Jurisdiction(protocol.load(protocol.locate("ke-elgeyo-marakwet")))
    now = instant(FIRST_AT) - timedelta(days=30)
    with Store(f"sqlite:///{folder / 'groupbot.db'}") as store:
        migrations.migrate(store)
        store.write_tx(lambda tx: stage.enrol(tx, jurisdiction, (players(jurisdiction), places(jurisdiction)), now))
        chat = SandboxChat(Sandbox(), lambda: now)
        yield County(store, Intake(store, jurisdiction, {PLATFORM: chat.parse}), chat)


def players(jurisdiction: Jurisdiction) -> list[Player]:
    """Everyone on the roster."""
    file = jurisdiction.protocol.file
    names = [f"{given} {family}" for family in FAMILY for given in GIVEN]
    posts = [(sender_of(ward.name), "ward_admin", ward.name, "") for ward in file.ward]
    for department in file.department:
        code = department.service_code
        posts += [(f"{role}-{code}", role, "", code) for role in ("coordinator", "director")]
    posts.append(("communications", "communications", "", ""))
    return [
        Player(user_id, name, role, ward, code) for name, (user_id, role, ward, code) in zip(names, posts, strict=False)
    ]


def places(jurisdiction: Jurisdiction) -> list[Place]:
    """A group for each department, and the mirror."""
    codes = [department.service_code for department in jurisdiction.protocol.file.department]
    return [*(Place(code, code, "department", code) for code in codes), Place("mirror", "mirror", "mirror")]
