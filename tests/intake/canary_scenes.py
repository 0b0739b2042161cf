"""Scenes in which a citizen is named: one for each kind of thing that the bot says in a group."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from groupbot import publishing
from groupbot.chat.sandbox import FULL, PLAIN
from groupbot.records import Attachment
from tests.county import County, county
from tests.intake import canaries
from tests.intake.canaries import Canary

PER_COUNTY = 20
PLACES = (
    "Kapcherop", "Kolol", "Tot", "Chesoi", "Nyaru", "Kamwosor", "Kaben", "Emsea", "Flax", "Iten stadium", "Tambul",
    "Kipsaya", "Cheptongei", "Kamelil", "Sambalat", "Kapkobil", "Koitilial", "Chebara", "Kimwarer", "Muskut",
)  # fmt: skip
PROBLEMS = {
    "health": "no malaria drugs at the dispensary for {n} days",
    "water": "the water pipe is broken and {n} homes are dry",
    "roads": "the culvert is blocked and {n} lorries are stuck",
}
GOOD_TEXT = "{n} doses were delivered by the store on Monday"


@dataclass(frozen=True)
class Scene:
    """A county, a citizen to be named in it, and a place and a number that make the matter unlike others."""

    here: County
    canary: Canary
    chance: random.Random
    n: int

    def words(self, template: str) -> str:
        """A text that names the citizen."""
        return template.format(**self.canary.words(), n=self.n, place=self.place)

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{PLACES[self.n % len(PLACES)]} {self.n % 89}"

    def form(self, where: str = "health", shapes: Sequence[str] = canaries.FORMS, **values: str) -> str:
        """A form that names the citizen, in one of the shapes."""
        given = {"location": self.place, "problem": PROBLEMS[where].format(n=self.n), **values}
        return canaries.form(self.chance, self.canary, self.here.app.jurisdiction.protocol, shapes, **given)

    async def say(self, who: str, where: str, template: str, reply_to: str | None = None, **more: object) -> str:
        """Let someone say a text that names the citizen; braces are filled."""
        return await self.here.say(who, where, self.words(template), reply_to, **more)

    async def post(self, who: str = "chebet", where: str = "health", **values: str) -> str:
        """Post a form."""
        return await self.here.say(who, where, self.form(where, **values))

    async def answer(self, reply_to: str) -> None:
        """Answer, with the citizen's name in the answer."""
        text = f"/resolve {GOOD_TEXT}, {{name}} ({{phone}}) signed for hers"
        await self.say("kiptoo", "health", text, reply_to)

    def last(self, where: str) -> str:
        """The bot's latest line in a group."""
        return self.here.messages(where)[-1].id

    async def take_offer(self, who: str, where: str) -> None:
        """Tap the latest line's button, or reply YES where there are none."""
        line = self.here.messages(where)[-1]
        if line.buttons:
            await self.here.tap(who, where, line)
        else:
            await self.here.say(who, where, "YES", line.id)


async def number(scene: Scene) -> None:
    """One form; the department of the last has nobody to answer."""
    where = scene.chance.choice(("health", "water", "roads"))
    await scene.post(scene.chance.choice(("chebet", "rose")), where)


async def several(scene: Scene) -> None:
    """Two forms in a post, and a reply that does not say which one it means."""
    where = scene.chance.choice(("health", "roads"))
    text = scene.form(where) + "\n\n" + scene.form(where, location="Metkei", problem="the gate is broken")
    await scene.here.say("chebet", where, text)
    if where == "health":
        await scene.say("kiptoo", where, "{name} has hers, I called {phone}", scene.last(where))


async def incomplete(scene: Scene) -> None:
    """A form without a place, completed by a reply that names the citizen, or asked about again."""
    place = scene.chance.choice(("Location: {place}, {name}'s home {phone}", "behind {name}'s home, {phone}"))
    await scene.post(location="")
    await scene.say("chebet", "health", "{name} {phone}?", scene.last("health"))
    await scene.say("chebet", "health", place, scene.last("health"))


async def offer(scene: Scene) -> None:
    """A need in prose with contacts beside it, offered as a form and taken or corrected."""
    await scene.say("rose", "water", scene.chance.choice(PROSE))
    if scene.chance.random() < 0.5:
        await scene.take_offer("rose", "water")
    else:
        await scene.say("rose", "water", "Location: {place} at {name}'s, {phone}", scene.last("water"))


PROSE = (
    "The borehole at {place} market has broken down, people have no water since {n} days. Call {name} on {phone}",
    "Hakuna maji {place} tangu juzi, wanakijiji {n} wanateseka, piga simu {phone} ya {name}",
    "No water at {place} primary school for {n} days and children walk far\nName: {name}\nPhone: {phone}",
    "Maji yamepotea {place} na watu {n} wanateseka\nJina: {name}\nSimu: {phone}",
    "Reported by {name}: no water at {place} market, {n} people suffer. Tel: {phone}",
    "Good morning. The pipe at {place} dispensary has burst, {n} patients have no water ({name} {phone})",
    "Name {name} phone {phone}. The pipe at {place} market has burst and {n} people have no water",
)


async def known_already(scene: Scene) -> None:
    """The same filing within the hour and after it, then an admin of another ward about the same."""
    shapes = canaries.FORMS[:5]  # in which place and problem are told apart from the citizen
    place = f"{scene.place}, Kapteren stream behind Simotwo"
    for who, minutes in (("chebet", 1), ("chebet", 61), ("chebet", 1), ("rose", 1)):
        await scene.here.say(who, "water", scene.form("water", shapes, location=place))
        await scene.here.wait(minutes=minutes)


async def moved(scene: Scene) -> None:
    """A form posted in the wrong group: moved by a tap on the offer, or by posting it in the right one."""
    text = scene.form("water")
    await scene.here.say("chebet", "health", text)
    if scene.chance.random() < 0.5:
        await scene.take_offer("chebet", "health")
    else:
        await scene.here.say("chebet", scene.chance.choice(("water", "roads")), text, forwarded=True)


async def amended(scene: Scene) -> None:
    """An edit that changes everything, the citizen too."""
    where = scene.chance.choice(("health", "water"))
    post = await scene.post("chebet", where)
    text = scene.form(where, problem=f"{scene.n + 1} homes have none", priority="urgent")
    scene.here.sandbox.edit(where, "chebet", post, text, scene.here.clock())
    await scene.here.app.step()


async def danger(scene: Scene) -> None:
    """Words of danger, made an emergency by the poster."""
    await scene.post(problem=f"{scene.n} people bitten, snake bite and no antivenom")
    await scene.say("chebet", "health", "EMERGENCY", scene.last("health"))


async def emergency(scene: Scene) -> None:
    """An emergency, with and without anybody to ring."""
    await scene.post("rose", scene.chance.choice(("health", "roads")), priority="emergency")
    await scene.here.wait(hours=25)  # an open one keeps the group free of offers for a day


async def citizen_word(scene: Scene) -> None:
    """Answered, not so, answered again, agreed, and back again: the citizen is named at every step."""
    post = await scene.post()
    await scene.answer(post)
    await scene.say("chebet", "health", "Not yet, {name} ({phone}) says she has nothing", post)
    await scene.answer(post)
    await scene.say("chebet", "health", "Yes, {name} confirms, she got hers. {phone}", post)
    await scene.say("chebet", "health", "Not yet, it has come back, {name} called from {phone}", post)


async def agreed(scene: Scene) -> None:
    """Answered and agreed at once; what comes later is too late, or a reopening out of a forwarded message."""
    post = await scene.post()
    await scene.answer(post)
    await scene.say("chebet", "health", "Confirmed, {name} got hers, {phone}", post)
    await scene.answer(post)
    await scene.say("rose", "health", "Not yet says {name} {phone}", post, forwarded=True)
    await scene.say("chebet", "health", scene.words("{name} {phone} thanks you all"))


async def officer_words(scene: Scene) -> None:
    """A first word, a chase, a claim that it is done: all with the citizen's name."""
    post = await scene.post()
    await scene.say("chebet", "health", "Any news? {name} on {phone} is asking every day", post)
    await scene.say("kiptoo", "health", "Seen. I am calling {name} on {phone} before noon", post)
    await scene.say("kiptoo", "health", "It is done, {name} was given hers and signed, {phone}", post)
    await scene.take_offer("kiptoo", "health")


async def wrong_reference(scene: Scene) -> None:
    """References that do not exist, in commands, alone, and run together with a telephone number."""
    text = scene.chance.choice(
        (
            "/status HLT-26-9999-A {name} {phone}",
            "/resolve HLT {phone} {name}",
            "/status {name} {phone}",
        )
    )
    await scene.post()
    await scene.say("kiptoo", "health", "/status HLT-26-0001-Y {name}")  # near to a real one
    await scene.say("kiptoo", "health", text)
    await scene.say("chebet", "health", "HLT {digits}")


async def refused(scene: Scene) -> None:
    """Acts that are not taken: by the wrong person, without words, too early, out of a forwarded message."""
    post = await scene.post()
    await scene.say("kiptoo", "health", "/resolve ok", post)
    await scene.say("rose", "health", f"/resolve {GOOD_TEXT} to {{name}} {{phone}}", post)
    await scene.say("stranger", "health", "/resolve {name} {phone} has hers", post)
    await scene.say("chebet", "health", "Yes, {name} confirms", post)
    await scene.answer(post)
    await scene.answer(post)


async def command(scene: Scene) -> None:
    """Any command of the pack, in any of its spellings, by anyone, about a post or about nothing."""
    post = await scene.post()
    alias = scene.chance.choice(sorted(scene.here.app.jurisdiction.command_aliases))
    for template in (
        "/{alias} {{name}} {{phone}}",
        "/{alias} roads {{name}} {{phone}}",
        "/{alias}x {{name}} {{phone}}",
    ):
        who = scene.chance.choice(("chebet", "rose", "kiptoo", "cheruto", "nelson", "stranger"))
        reply_to = scene.chance.choice((post, None))
        await scene.say(who, "health", template.format(alias=alias), reply_to)


async def voice(scene: Scene) -> None:
    """A voice note alone, and a photo with a citizen in its caption."""
    await scene.here.say("chebet", "water", "", attachments=(Attachment("voice", f"v{scene.n}", scene.canary.name),))
    await scene.say("rose", "water", "{name} {phone} at {place}", attachments=(Attachment("photo", f"p{scene.n}"),))


async def maybe_yes(scene: Scene) -> None:
    """A yes beside words that nothing bears out, asked back."""
    post = await scene.post()
    await scene.answer(post)
    await scene.say("chebet", "health", "Yes, bring the others to {name}, {phone}", post)
    await scene.take_offer("chebet", "health")


async def pin(scene: Scene) -> None:
    """A pin where a place is missing, then the place alone, with the citizen in it."""
    await scene.post(location="")
    await scene.here.say("chebet", "health", "", attachments=(Attachment("location", f"geo:0,{scene.n}"),))
    await scene.say("chebet", "health", "Location: {place}, behind {name}'s home {phone}")


async def unfinished(scene: Scene) -> None:
    """Several forms, of which the last lacks its place, with the citizen in its problem; then taken back in words."""
    await scene.say(
        "chebet", "health", "Problem: No nurse\nLocation: {place} {n}\n\nProblem: {name} {phone} was sent away"
    )
    asked = scene.here.messages("health")[-1].id
    await scene.say("chebet", "health", "behind {name}'s home at {place} {n}", asked)
    await scene.say(
        "chebet", "health", "{name} {phone} has it now, please ignore", scene.here.messages("health")[-1].id
    )


async def private_road(scene: Scene) -> None:
    """A matter that must leave the group."""
    await scene.say("chebet", "health", "The clerk at {place} asked {name} for a bribe of {n} shillings, {phone}")


SCENES: tuple[Callable[[Scene], Awaitable[None]], ...] = (
    number, several, incomplete, offer, known_already, moved, amended, danger, emergency, citizen_word, agreed,
    officer_words, wrong_reference, refused, command, voice, maybe_yes, pin, unfinished, private_road,
)  # fmt: skip


@dataclass
class Seen:
    """What a run of scenes has come to: how many canaries, how many bot texts, which kinds, and what leaked."""

    planted: int = 0
    texts: int = 0
    kinds: frozenset[str] = frozenset()
    leaks: tuple[tuple[str, str], ...] = ()


async def play(count: int, seed: int) -> Seen:
    """Plant that many canaries, each in a scene, in chats with and without buttons; what the bot's texts held."""
    chance = random.Random(seed)
    citizens = canaries.canaries(chance)
    seen = Seen()
    while seen.planted < count:
        batch = [next(citizens) for _ in range(min(PER_COUNTY, count - seen.planted))]
        await _play_county(batch, chance, seen)
    return seen


async def _play_county(batch: list[Canary], chance: random.Random, seen: Seen) -> None:
    plain = chance.random() < 0.3
    async with county(capabilities=PLAIN if plain else FULL) as here:
        for canary in batch:
            scene = SCENES[seen.planted % len(SCENES)]
            seen.planted += 1
            await scene(Scene(here, canary, chance, seen.planted * 7 % 997 + 2))
            await here.wait(minutes=35)
        await here.wait(hours=30)  # what was in preview is published
        texts = [text for text in canaries.public_texts(here.sandbox) if text]
        texts += await _exported(here)
        texts += await _told_outside(here)
        seen.texts += len(texts)
        seen.leaks += tuple(canaries.found(texts, batch))
        seen.kinds |= await _kinds(here)


async def _told_outside(here: County) -> list[str]:
    """What an observer is told of every request, alone: where it stands, and why."""
    before = len(here.private("naomi"))
    sql = "SELECT service_request_id FROM request WHERE route <> 'private' ORDER BY id"
    for (reference,) in await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(sql))):
        for asked in (reference, f"/why {reference}"):
            await here.say("naomi", "private:naomi", asked)
    return here.private("naomi")[before:]


async def _exported(here: County) -> list[str]:
    """The public log, entry by entry; fingerprints and commitments are left out, their figures mean nothing."""
    ours = here.app.jurisdiction
    entries = await here.app.worker.run(lambda: here.app.store.read(lambda tx: list(publishing.exported(tx, ours))))
    hashes = ("c_public", "c_private", "leaf_hash", "public_salt", "at")
    return [str(value) for entry in entries for name, value in entry.items() if name not in hashes]


async def _kinds(here: County) -> frozenset[str]:
    """The keys of what was said where more than one person reads."""
    sql = "SELECT DISTINCT key FROM outbox WHERE state = 'sent' AND chat_id NOT LIKE 'private:%'"
    rows = await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(sql)))
    return frozenset(str(row[0]) for row in rows)
