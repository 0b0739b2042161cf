"""The life of requests under everybody at once: no act that is unauthorised or impossible ever happens.

Whatever is said, by whomever, in two groups and two languages: each new entry of the log is held against a table that
was written by hand, and the log folded gives the live rows.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.fuzz.world import CAST, CHATS, MAY, PUBLIC, World

STEPS_EACH = 50
# 2,000 steps in make test; 100,000 in make fuzz, which gives 20,000 examples to everything else.
STEPS = int(os.environ.get("FUZZ_EXAMPLES", "400")) * 5
MOST_REQUESTS = 8

FORMS = (
    "Ward: Kapsowar\nLocation: {place} hospital\nProblem: no malaria drugs since Monday\nPriority: urgent",
    "Wadi: Kabiemit\nMahali: {place}, karibu na shule\nShida: bomba la maji limepasuka\nKipaumbele: kawaida",
    "EMERGENCY\nLocation: {place} road\nProblem: landslide, the bridge is down",
)
PLACES = ("Kapsowar", "Chesoi", "Tot", "Mokoro", "Sisiya")
WORDS = (
    "Seen, back by noon",
    "Nimeona, nitarudi kesho asubuhi",
    "It is fixed, 200 doses reached the hospital today",
    "/resolve 200 doses delivered to the hospital today",
    "/imefanyika bomba jipya limewekwa leo",
    "/resolve ok",
    "/cannot there is no money for it this year",
    "/haiwezekani bajeti ya 2027, hakuna pesa mwaka huu",
    "/cannot refer to KeRRA, a national road",
    "/by tomorrow",
    "/by 5 December, the lorry has broken down",
    "/move water",
    "/hamisha afya",
    "/priority routine it can wait a little",
    "/kipaumbele haraka watu ni wengi sana",
    "/pause until Friday, the store is being counted",
    "/local the youth group mended it on Saturday",
    "/withdraw",
    "/ondoa amehamia mjini",
    "/undo",
    "undo",
    "Yes",
    "Ndio, ameridhika",
    "Not yet, still nothing",
    "Bado, hakuna kitu",
    "Is she satisfied?",
    "If she agrees I will confirm",
    "When will this be done?",
    "EMERGENCY",
    "Location: Chesoi",
    "Thank you",
    "/protect it names a child",
    "/linda kuna jina la mtoto",
    "/we-see the shelves are empty",
    "/health",
    "/connect water",
    "/mine",
    "/status",
    "🙏🏾",
    "",
)
# Acts that somebody may well have a right to, so that requests get far: who for each department or ward, and the words.
OFFICERS = {"health": ("kiptoo", "cheruto"), "water": ("judith", "chief")}
WARDS = {"Kapsowar": ("chebet", "sub", "champion"), "Kabiemit": ("rose",)}
OFFICE_WORDS = (WORDS[0], WORDS[1], *WORDS[3:5], *WORDS[6:11], WORDS[13], "undo")
ANSWERS = WORDS[3:5]
WARD_WORDS = (
    "Yes",
    "Ndio, ameridhika",
    "Not yet, still nothing",
    "Bado, hakuna kitu",
    "Location: Chesoi",
    "undo",
    WORDS[16],
)
people = st.sampled_from(sorted(CAST))
chats = st.sampled_from(CHATS)
numbers = st.integers(min_value=0, max_value=MOST_REQUESTS - 1)


class Life(RuleBasedStateMachine):
    """Everybody says anything to any request."""

    @initialize()
    def begin(self) -> None:
        """A county with one request."""
        self.world = World()
        self.actor = "chebet"
        self.world.say("chebet", "health", FORMS[0].format(place="Kapsowar"))

    def teardown(self) -> None:
        """Close the database."""
        if hasattr(self, "world"):
            self.world.close()

    @rule(who=people, chat=chats, form=st.sampled_from(FORMS), place=st.sampled_from(PLACES))
    def post(self, who: str, chat: str, form: str, place: str) -> None:
        """Somebody posts a form."""
        self.actor = who
        if len(self.world.requests()) < MOST_REQUESTS:
            self.world.say(who, chat, form.format(place=place))

    @rule(who=people, number=numbers, text=st.sampled_from(WORDS))
    def reply(self, who: str, number: int, text: str) -> None:
        """Somebody replies to the post of a request."""
        self.actor = who
        _, _, chat, message = self._pick(number)
        self.world.say(who, chat, text, reply_to=message)

    @rule(number=numbers, second=st.booleans(), text=st.sampled_from(OFFICE_WORDS))
    def office(self, number: int, second: bool, text: str) -> None:
        """One of its officers acts on a request."""
        self._act(OFFICERS[self._facts(number)[0]][second], number, text)

    @rule(number=numbers, place=st.integers(min_value=0, max_value=2), text=st.sampled_from(WARD_WORDS))
    def ward(self, number: int, place: int, text: str) -> None:
        """One of its ward's side acts on a request."""
        side = WARDS[self._facts(number)[1]]
        self._act(side[place % len(side)], number, text)

    @rule(number=numbers, place=st.integers(min_value=0, max_value=2), agrees=st.booleans())
    def answer_and_word(self, number: int, place: int, agrees: bool) -> None:
        """The department answers, and the ward's side brings the citizen's word."""
        self._act(OFFICERS[self._facts(number)[0]][0], number, ANSWERS[place % 2])
        self.nothing_unauthorised_or_impossible_has_happened()
        side = WARDS[self._facts(number)[1]]
        self._act(side[place % len(side)], number, "Yes" if agrees else "Bado, hakuna kitu")

    @rule(
        number=numbers,
        text=st.sampled_from(
            (WORDS[15], WORDS[11], WORDS[12], "/undo", "Not yet, she called us", "/protect it names a child")
        ),
    )
    def communications(self, number: int, text: str) -> None:
        """Communications act on a request."""
        self._act("nelson", number, text)

    def _act(self, who: str, number: int, text: str) -> None:
        self.actor = who
        _, _, chat, message = self._pick(number)
        self.world.say(who, chat, text, reply_to=message)

    def _facts(self, number: int) -> tuple[str, str]:
        """The department and the ward of a request now."""
        sql, key = "SELECT service_code, ward FROM request WHERE id = ?", self._pick(number)[0]
        row = self.world.store.read(lambda tx: tx.one(sql, (key,)))
        assert row is not None
        return row[0], row[1]

    @rule(who=people, chat=chats, number=numbers, text=st.sampled_from(WORDS))
    def by_number(self, who: str, chat: str, number: int, text: str) -> None:
        """Somebody names a request, anywhere."""
        self.actor = who
        command, _, rest = text.partition(" ")
        self.world.say(who, chat, f"{command} {self._pick(number)[1]} {rest}")

    @rule(who=people, chat=chats, first=numbers, second=numbers)
    def same(self, who: str, chat: str, first: int, second: int) -> None:
        """Somebody calls two requests one matter."""
        self.actor = who
        one, other = self._pick(first), self._pick(second)
        self.world.say(who, chat, f"/same {one[1]} {other[1]}")

    @rule(who=people, number=numbers)
    def see(self, who: str, number: int) -> None:
        """Somebody reports in private what they see."""
        self.actor = who
        self.world.say(who, f"private:{who}", f"/we-see {self._pick(number)[1]} the shelves are empty")

    @rule(
        who=people,
        number=numbers,
        text=st.sampled_from(WORDS),
        disguise=st.sampled_from(("forwarded", "quoted", "caption", "channel", "anonymous")),
    )
    def in_disguise(self, who: str, number: int, text: str, disguise: str) -> None:
        """Somebody's words come forwarded, quoted, or from nobody: nothing is logged."""
        before = self.world.seen
        _, _, chat, message = self._pick(number)
        self.world.say(who, chat, text, reply_to=message, disguise=disguise)
        assert [entry.type for entry in self.world.entries()] == []
        assert self.world.seen == before

    @rule(hours=st.integers(min_value=1, max_value=800))
    def wait(self, hours: int) -> None:
        """Time passes."""
        from datetime import timedelta

        self.world.now += timedelta(hours=hours)

    def _pick(self, number: int) -> tuple[int, str, str, str]:
        found = self.world.requests()
        return found[number % len(found)]

    @invariant()
    def nothing_unauthorised_or_impossible_has_happened(self) -> None:
        """Each new entry of the log, against the table written by hand."""
        if not hasattr(self, "world"):
            return
        assert self.world.failures() == 0
        for entry in self.world.entries():
            before = self.world.folded.get(entry.request_id)
            if entry.type == "opened":
                assert before is None
                assert entry.public["state"] == "submitted"
            elif entry.type == "undone":
                assert before is not None
                assert self._owns_an_undone_act(entry.request_id)
            else:
                self._check(entry.type, entry.request_id, (before or {})["state"], entry.public["state"])
            assert entry.actor_id == self.world.ids.get(self.actor)
            self.world.folded[entry.request_id] = entry.public
        self._learn_twins()

    def _check(self, kind: str, request_id: int, before: str, after: str) -> None:
        states, leads_to, who = MAY[kind]
        assert before in states, (kind, before)
        assert after in leads_to, (kind, after)
        # a moved request is no longer its old department's: whoever moved it held their right before
        if kind != "moved":
            shared = self.world.kin(request_id) if kind in ("answered", "reopened", "linked") else [request_id]
            assert any(self.world.capacities(self.actor, one) & who for one in shared), (kind, self.actor)
        else:
            assert {grant.role for grant in CAST[self.actor][1]} & who or self.world.capacities(self.actor, request_id)

    def _owns_an_undone_act(self, request_id: int) -> bool:
        sql = "SELECT count(*) FROM request_past WHERE request_id = ? AND person_id = ? AND undone_at IS NOT NULL"
        person = self.world.ids.get(self.actor)
        return bool(self.world.store.read(lambda tx: tx.scalar(sql, (request_id, person))))

    def _learn_twins(self) -> None:
        rows = self.world.store.read(lambda tx: tx.all("SELECT request_id, other_id FROM twin"))
        for one, other in rows:
            self.world.twins.setdefault(one, set()).add(other)
            self.world.twins.setdefault(other, set()).add(one)

    @invariant()
    def the_log_folded_gives_the_live_rows(self) -> None:
        """The public columns of every request are those of its last entry."""
        if hasattr(self, "world"):
            live = self.world.live()
            assert live == {key: self.world.folded[key] for key in live}
            assert all(set(row) == set(PUBLIC) for row in live.values())


Life.TestCase.settings = settings(
    max_examples=max(1, STEPS // STEPS_EACH),
    stateful_step_count=STEPS_EACH,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLife = Life.TestCase
