"""What people do on a seeded day: recorded on the platform before the bot runs, so that no crash can undo it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from groupbot.chat.sandbox import Sandbox
from groupbot.records import Attachment
from groupbot.rehearsal import stage
from tests.county import PLACES, PLAYERS, TUESDAY

CANARIES = ("Zawadi", "Kanarini", "722345678")  # of a citizen: never in a group, a log or a public file
END = TUESDAY + timedelta(days=3)
PLACES_NAMED = ("Kapsowar hospital", "Chesoi dispensary", "Tot centre", "Nyaru", "Kapyego")
PROBLEMS = ("No malaria drugs since Monday", "The pump has broken", "Culvert is blocked", "No nurse at night")
CONTACT = "Name: Zawadi Kanarini\nPhone: 0722 345 678"


@dataclass
class Day:
    """The people's side under way: the platform, the time, and the posts so far as (chat, admin, officer, id)."""

    sandbox: Sandbox
    chance: random.Random
    at: datetime
    posts: list[tuple[str, str, str, str]]

    def say(self, chat: str, who: str, text: str, reply_to: str | None = None, **more: object) -> str:
        """One message."""
        return self.sandbox.post(chat, who, text, at=self.at, reply_to=reply_to, **more)  # type: ignore[arg-type]

    def form(self, level: str = "") -> str:
        """A filled form; one in three gives the citizen's contacts, as old forms do."""
        lines = [
            "SERVICE REQUEST",
            f"Location: {self.chance.choice(PLACES_NAMED)} {self.chance.randrange(99)}",
            f"Problem: {self.chance.choice(PROBLEMS)}",
            f"Priority: {level or self.chance.choice(('urgent', 'normal', 'normal', 'EMERGENCY'))}",
        ]
        return "\n".join([*lines, CONTACT] if self.chance.random() < 0.34 else lines)


WHERE = (("health", "chebet", "kiptoo"), ("water", "rose", "judith"))
WORDS = (
    "Seen, I am calling the store, back before noon",
    "/resolve 40 packs delivered to the hospital, signed for by the in-charge",
    "/resolve 3 metres of pipe replaced by the plumber this morning",
    "/resolve ok",
    "/by 2026-12-18 the supplier delivers only then",
    "/cannot no money for it in this year's budget, planned for the next",
)
RETURNS = ("Yes, she got hers", "Not yet, still no water", "/withdraw", "maybe tomorrow?", "/undo")


def _post(day: Day) -> None:
    chat, admin, officer = day.chance.choice(WHERE)
    day.posts.append((chat, admin, officer, day.say(chat, admin, day.form())))


def _two_in_one(day: Day) -> None:
    chat, admin, officer = day.chance.choice(WHERE)
    day.posts.append((chat, admin, officer, day.say(chat, admin, f"{day.form('normal')}\n\n{day.form('normal')}")))


def _word(day: Day) -> None:
    if day.posts:
        chat, _, officer, post = day.chance.choice(day.posts)
        day.say(chat, officer, day.chance.choice(WORDS), post)


def _answer_and_return(day: Day) -> None:
    if day.posts:
        chat, admin, officer, post = day.chance.choice(day.posts)
        day.say(chat, officer, WORDS[1], post)
        day.at += timedelta(minutes=7)
        day.say(chat, admin, day.chance.choice(RETURNS), post)


def _edit(day: Day) -> None:
    if day.posts:
        chat, admin, _, post = day.chance.choice(day.posts)
        day.sandbox.edit(chat, admin, post, day.form("normal"), day.at)


def _incomplete(day: Day) -> None:
    chat, admin, officer = day.chance.choice(WHERE)
    post = day.say(chat, admin, "SERVICE REQUEST\nProblem: No water at the tank")
    day.posts.append((chat, admin, officer, post))
    if day.chance.random() < 0.7:
        day.at += timedelta(minutes=3)
        day.say(chat, admin, f"Location: {day.chance.choice(PLACES_NAMED)}", post)


def _echo(day: Day) -> None:
    if day.posts:
        chat, admin, officer, post = day.chance.choice(day.posts)
        text = day.sandbox.message(chat, post).text
        day.posts.append((chat, admin, officer, day.say(chat, admin, text)))


def _elsewhere(day: Day) -> None:
    """The same form in another department's group: it moves there."""
    if day.posts:
        chat, admin, _, post = day.chance.choice(day.posts)
        text = day.sandbox.message(chat, post).text
        day.say("roads", admin, text)


def _odd(day: Day) -> None:
    chat, admin, officer = day.chance.choice(WHERE)
    odd: Sequence[Callable[[], object]] = (
        lambda: day.say(chat, "stranger", "Good morning all, happy Tuesday"),
        lambda: day.say(chat, admin, "The officer at the desk asks for money, no receipt given, for treatment"),
        lambda: day.say(chat, admin, "There is no water at Tot centre since Sunday and mothers walk far"),
        lambda: day.say(chat, admin, "", attachments=(Attachment("photo", "file-1"),)),
        lambda: day.say(chat, officer, "\u202e/resolve \x1f zalgo h\u0336e\u0336", forwarded=True),
        lambda: day.say("private:chebet", "chebet", "mine"),
    )
    day.chance.choice(odd)()


def _gesture(day: Day) -> None:
    if day.posts:
        chat, admin, officer, post = day.chance.choice(day.posts)
        if day.chance.random() < 0.7:
            day.sandbox.react(chat, officer, post, "👍", day.at)
        else:
            day.sandbox.delete(chat, admin, post, day.at)
            day.posts = [one for one in day.posts if one[3] != post or one[0] != chat]


ACTS: Sequence[Callable[[Day], None]] = (
    _post, _post, _post, _two_in_one, _word, _word, _answer_and_return, _answer_and_return,
    _edit, _incomplete, _echo, _elsewhere, _odd, _gesture,
)  # fmt: skip


def record(file: Path, seed: int) -> None:
    """Write the platform's record of a day: the stage, then 8 to 14 acts of people."""
    chance = random.Random(seed)
    sandbox = Sandbox(file)
    sandbox.record.append = _undurable(sandbox)  # type: ignore[method-assign]
    stage.set_up(sandbox, PLAYERS, PLACES)
    day = Day(sandbox, chance, TUESDAY, [])
    _post(day)
    for _ in range(chance.randint(7, 13)):
        day.at += timedelta(minutes=chance.randint(1, 50))
        chance.choice(ACTS)(day)
    sandbox.close()


def _undurable(sandbox: Sandbox) -> Callable[..., str]:
    append = sandbox.record.append
    return lambda event, durable=True: append(event, durable=False)
