"""The harm test, whole: whoever comes, under whatever name, and writes, edits, floods and commands whatever they like.

No automatic act removes a request or a post, silences or puts out anybody, least of all who holds an office, or tells
anybody but the sender and staff; what holds people back is a steward's act, asked back. Every row that the bot
writes for a chat is looked at. Bugs of each kind are planted, to see that they are found.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from groupbot import moderating
from groupbot.intake import posts
from groupbot.moment import Moment
from groupbot.records import Group
from groupbot.store import members, people
from groupbot.store import moderation as acts
from tests.fuzz.world import CAST, OURS, World

STEPS_EACH = 25
STEPS = int(os.environ.get("FUZZ_EXAMPLES", "400")) // 2  # a step may be a flood, or a dozen who come
STRANGERS = tuple(f"s{number}" for number in range(12))
EVERYBODY = (*sorted(CAST), *STRANGERS)
OFFICES = tuple(user for user, (_, grants) in CAST.items() if grants)
WARD_ADMINS = ("chebet", "rose")
GROUPS = ("health", "water")
HOLDS_BACK = ("restrict", "ban", "unrestrict", "unban")
STEWARDS = ("nelson", "operator")
TO_STAFF = ("staff_", "reported")
ALONE = ("guard_", "guards_watch", "guards_work", "order_head", "welcome")

FORM = "Ward: {ward}\nLocation: {place} market {number}\nProblem: no water at the tap {number}, since Monday"
NAMES = st.one_of(
    st.sampled_from(("Kiptoo", "K1ptoo", "Cherut0", "Нelson", "NELSON", "Grace ", "", "\u200b", "Nelson Kiptoo")),
    st.text(max_size=30),
)
TEXTS = st.one_of(
    st.sampled_from((
        "you are all thieves", "her id is 23456789, call 0722000345", "/mute until Friday insults", "/ban insults",
        "/warn insults", "/lift", "/report rude", "/guards until today", "/guards until 18 December", "/guards",
        "/protect", "/erase", "/disconnect the society has closed", "/withdraw", "yes", "YES", "NO", "/undo",
        "The clerk at Tot asks for a bribe of 2,000 and gives no receipt", "/help", "hello", "/release Kiptoo",
    )),
    st.text(max_size=60),
)  # fmt: skip


class Troubled(World):
    """The county with an office for staff; what each update made the bot queue is looked at by itself."""

    def __init__(self) -> None:
        super().__init__()
        office = Group(0, "sandbox", "communications", "communications", "communications")
        self.store.write_tx(lambda tx: people.bind_chat(tx, OURS.id, office, self.now))
        self.read = 0

    def tell(self, user: str, chat: str, text: str, *, seconds: int = 1, **more: Any) -> str:
        """Let somebody do something, `seconds` after the last; the message's id."""
        self.now += timedelta(seconds=seconds) - timedelta(minutes=1)
        self.say(user, chat, text, **more)
        return f"m{self.said}"

    def queued(self) -> list[tuple[Any, ...]]:
        """What was queued since the last look: (action, key, platform, chat)."""
        sql = "SELECT id, action, key, platform, chat_id FROM outbox WHERE id > ? ORDER BY id"
        rows = self.store.read(lambda tx: tx.all(sql, (self.read,)))
        self.read = rows[-1][0] if rows else self.read
        return [row[1:] for row in rows]

    def count(self, sql: str) -> int:
        return int(self.store.read(lambda tx: tx.scalar(sql)) or 0)


class Unrest(RuleBasedStateMachine):
    """Everybody comes, goes, writes and commands."""

    @initialize(dry=st.booleans())
    def begin(self, dry: bool) -> None:
        """A county whose guards only watch, or are at work."""
        self.world = Troubled()
        self.most = self.kept = 0
        self.posts: list[tuple[str, str]] = []
        self.actor, self.text = "nelson", ""
        self.flooded = False
        if not dry:
            self.world.tell("nelson", "communications", "/guards until today")
        self.world.queued()

    def teardown(self) -> None:
        """Close the database."""
        if hasattr(self, "world"):
            self.world.close()

    @rule(who=st.sampled_from(EVERYBODY), chat=st.sampled_from((*GROUPS, "mirror")), name=NAMES, out=st.booleans())
    def come_or_go(self, who: str, chat: str, name: str, out: bool) -> None:
        """Somebody comes into a group or leaves it."""
        self._do(who, chat, "", name=name or who, kind="member", change="left" if out else "joined")

    @rule(chat=st.sampled_from(GROUPS), names=st.lists(NAMES, min_size=10, max_size=12))
    def wave(self, chat: str, names: list[str]) -> None:
        """Many strangers come at once."""
        for who, name in zip(STRANGERS, names, strict=False):
            self._do(who, chat, "", name=name or who, kind="member", change="joined")

    @rule(who=st.sampled_from(EVERYBODY), chat=st.sampled_from((*GROUPS, "communications")), name=NAMES, text=TEXTS)
    def write(self, who: str, chat: str, name: str, text: str) -> None:
        """Somebody writes anything, or commands anything, in reply to somebody's post."""
        reply = next((post for place, post in reversed(self.posts) if place == chat), None)
        self._do(who, chat, text, name=name or who, reply_to=reply)

    @rule(who=st.sampled_from(EVERYBODY), chat=st.sampled_from(GROUPS), number=st.integers(0, 9**6))
    def flood(self, who: str, chat: str, number: int) -> None:
        """Somebody writes very much in a few seconds, and then posts a need: if they may, it gets its number."""
        for one in range(18):
            self._do(who, chat, f"hello {number} {one}")
        first = not self.flooded  # nearly the same again adds details, and gets no second number
        before = self.world.count("SELECT count(*) FROM request")
        ward = "Kabiemit" if who == "rose" else "Kapsowar"
        self._do(who, chat, FORM.format(ward=ward, place="Chesoi", number=number))
        if who in WARD_ADMINS and first:
            assert self.world.count("SELECT count(*) FROM request") == before + 1, f"{who} was silenced"
        self.flooded = True

    @rule(who=st.sampled_from(WARD_ADMINS), chat=st.sampled_from(GROUPS), number=st.integers(0, 9**6))
    def need(self, who: str, chat: str, number: int) -> None:
        """A ward admin posts a need; it is never held back."""
        self._do(who, chat, FORM.format(ward="Kapsowar", place="Tot", number=number))

    @rule(text=TEXTS)
    def edit(self, text: str) -> None:
        """Somebody makes something else of what they said."""
        if self.posts:
            chat, post = self.posts[-1]
            self._do(self.actor, chat, text, kind="edit", message=post)

    @rule(days=st.integers(0, 20))
    def wait(self, days: int) -> None:
        """Time passes."""
        self.world.now += timedelta(days=days)

    def _do(self, who: str, chat: str, text: str, **more: Any) -> None:
        self.actor, self.text = who, text
        said = self.world.tell(who, chat, text, **more)
        if more.get("kind", "post") == "post":
            self.posts.append((chat, said))
        for action, key, platform, place in self.world.queued():
            self._look_at(action, key, platform, place)

    @invariant()
    def nothing_is_lost_and_nobody_silenced(self) -> None:
        """What the bot keeps."""
        if not hasattr(self, "world"):
            return
        assert self.world.failures() == 0
        most = self.world.count("SELECT count(*) FROM request")
        kept = self.world.count("SELECT count(*) FROM inbox WHERE raw <> ''")
        assert most >= self.most, "a request was removed"
        assert kept >= self.kept, "a post was removed"
        self.most, self.kept = most, kept
        marks = ", ".join(f"'{user}'" for user in OFFICES)
        held = f"SELECT count(*) FROM held_post WHERE released_at IS NULL AND user_id IN ({marks})"
        assert self.world.count(held) == 0, "somebody who holds an office was silenced"
        by_itself = "SELECT count(*) FROM moderation_act WHERE act IN ('warn', 'mute', 'ban') AND person_id IS NULL"
        assert self.world.count(by_itself) == 0, "by nobody's word"

    def _look_at(self, action: str, key: str, platform: str, chat: str) -> None:
        """One row that the bot has queued for a chat."""
        bound = {*GROUPS, "mirror", "communications", *(f"private:{user}" for user in CAST)}
        assert platform == "person" or (platform, chat in bound) == ("sandbox", True), ("a third party", platform, chat)
        if action in HOLDS_BACK:
            assert self.actor == "nelson", (action, "by nobody's word")
            assert self.text.strip().casefold() in ("yes", "/lift", "lift", "/undo", "ndio"), (action, self.text)
        assert action != "delete", "a message was taken away by itself"
        if action == "close_invites":
            assert chat in (*GROUPS, "mirror")
        if key.startswith(TO_STAFF):
            assert chat == "communications", ("told to others than staff", key, chat)
        if key == "held":
            assert self.actor in (*STRANGERS, "stranger")
        if key.startswith(ALONE):
            assert chat.startswith("private:") or (chat == "communications" and self.actor in STEWARDS), (key, chat)
        if key.startswith("guard_"):
            assert chat == f"private:{self.actor}", ("told to somebody else", key, chat)


OWN = settings(
    max_examples=max(1, STEPS // STEPS_EACH),
    stateful_step_count=STEPS_EACH,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
UNSHRUNK = settings(OWN, max_examples=40, phases=(Phase.generate,), database=None, report_multiple_bugs=False)
Unrest.TestCase.settings = OWN
TestUnrest = Unrest.TestCase


# --- bugs that must be found ------------------------------------------------------------------------------------------

_FIND = moderating._find
_TELL = moderating._tell_staff


def _also(action: str) -> Callable[..., None]:
    """A guard that holds back whom it finds."""

    def find(moment: Moment, finding: Any, about: str = "", **more: Any) -> None:
        _FIND(moment, finding, about, **more)
        place = (moment.update.platform, moment.update.chat_id)
        moment.queue(action, place, "", target=moment.update.sender_id)  # type: ignore[arg-type]

    return find


def _removes(moment: Moment, finding: Any, about: str = "", **more: Any) -> None:
    """A guard that removes what the one it finds has posted."""
    _FIND(moment, finding, about, **more)
    moment.tx.execute("UPDATE inbox SET raw = '' WHERE sender_id = ?", (moment.update.sender_id,))


def _tells_all(moment: Moment, finding: Any, params: dict[str, object], once: str) -> None:
    """A guard that tells the group, not staff."""
    moment.say(f"staff_{finding}", params, dedup_key=f"group|{once}")


def _tells_outside(moment: Moment, finding: Any, params: dict[str, object], once: str) -> None:
    """A guard that reports to a list elsewhere."""
    moment.queue("send", (moment.update.platform, "shared-ban-list"), f"staff_{finding}", params=params)


def _holds_all(moment: Moment) -> None:
    """Whoever floods waits, ward admins too."""
    moderating.watch_post(moment)
    place = (moment.update.platform, moment.update.chat_id)
    recent = moment.tx.scalar(
        "SELECT count(*) FROM inbox WHERE sender_id = ? AND sent_at > ?",
        (moment.update.sender_id, int(moment.now.timestamp() - 60) * 1_000_000),
    )
    if int(recent or 0) > 15:
        members.hold(moment.tx, moment.inbox_id, place, moment.update.sender_id, moment.now)
    else:
        posts.take_reading(moment)


def _acts_itself(moment: Moment, finding: Any, about: str = "", **more: Any) -> None:
    """A guard that warns by itself."""
    _FIND(moment, finding, about, **more)
    update = moment.update
    act = acts.ModerationAct(0, update.platform, update.chat_id, update.sender_id, "", "", "warn", "", None)
    acts.keep(moment.tx, moment.jurisdiction.id, act, moment.now)


@pytest.mark.parametrize(
    ("room", "name", "bug", "found"),
    [
        (moderating, "_find", _also("restrict"), "by nobody's word"),
        (moderating, "_find", _also("ban"), "by nobody's word"),
        (moderating, "_find", _also("delete"), "a message was taken away by itself"),
        (moderating, "_find", _removes, "a post was removed"),
        (moderating, "_find", _acts_itself, "by nobody's word"),
        (moderating, "_tell_staff", _tells_all, "told to others than staff"),
        (moderating, "_tell_staff", _tells_outside, "a third party"),
        (posts, "_take_group_post", _holds_all, "was silenced"),
    ],
    ids=["mutes", "puts out", "deletes", "removes", "warns", "tells the group", "tells outside", "holds everybody"],
)
def test_a_guard_that_does_harm_is_found(
    monkeypatch: pytest.MonkeyPatch, room: object, name: str, bug: object, found: str
) -> None:
    monkeypatch.setattr(room, name, bug)
    with pytest.raises(AssertionError, match=found):
        run_state_machine_as_test(seed(1)(Unrest), settings=UNSHRUNK)
