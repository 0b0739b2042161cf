"""The frozen records that cross borders between rooms: what came in, what a rule found, what goes out.

Nothing of groupbot is imported here. Instants are aware datetimes in UTC unless a field says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

# --- what comes in ---------------------------------------------------------------------------------------------------

UpdateKind = Literal[
    "post", "edit", "tap", "reaction", "redaction", "member", "standing", "moved", "invited", "encrypted", "upgraded",
    "order", "other", "unreadable",
]  # fmt: skip
MemberChange = Literal["", "joined", "left", "knocks"]
Source = Literal["live", "backfill", "import"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file's metadata; the file itself stays with the platform."""

    kind: Literal["photo", "voice", "video", "document", "location", "sticker"]
    file_id: str
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """Who first sent a forwarded message ('' who hides), and when (aware UTC), by the platform's own word."""

    sent_at: datetime
    sender_id: str = ""
    sender_name: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """One event of a chat platform: its identity, its raw text as received, and what it says.

    `revision` tells versions of one message apart ("" for a first posting); `disguise` names what makes a text unfit to
    be an act (forwarded, quoted, channel, anonymous, caption, edited), or is empty. `sent_at` is the platform's own
    time. `reply_text` is what the bot's line says that is replied to, where the platform tells that.

    Of the kind "member": `sender_id` has joined or left, as `change` says, whoever brought it about. Of the kind
    "standing": what members or the bot may do in the chat has changed, and is to be looked up; `change` says whether
    the bot itself was let in or put out. Of the kind "moved": the chat is now `moved_to`. Of the kind "upgraded":
    `sender_id` has put the chat `moved_to` in this one's place, and a person must say that it is the right one. Of the
    kind "invited": `sender_id` asks the bot into the chat; `token` is "encrypted" for one that it cannot read, "space"
    for one that the county's own space names, "upgrade" for one that takes another's place, "local" for an invitation
    from the bot's own server. Of the kind "encrypted": from now on the bot cannot read what is said there. Of the kind
    "other": `disguise` is the reason why it is none of the bot's business.
    """

    platform: str
    chat_id: str
    message_id: str
    kind: UpdateKind
    raw: str
    sent_at: datetime
    revision: str = ""
    update_id: str = ""
    sender_id: str = ""
    sender_name: str = ""
    text: str = ""
    reply_to: str | None = None
    token: str = ""
    disguise: str = ""
    album_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    private: bool = False
    source: Source = "live"
    change: MemberChange = ""
    moved_to: str = ""
    reply_text: str = ""
    origin: Origin | None = None  # of a forwarded post, where the platform vouches for it


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a chat's history that a fetch skipped: paged back from `from_cursor` until `stop_cursor`."""

    chat_id: str
    from_cursor: str
    stop_cursor: str
    id: int = 0  # its row, once it is kept


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a gap, oldest first, and the cursor from which to page on; '' when the gap is filled."""

    updates: tuple[Update, ...]
    from_cursor: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one fetch brought, and the cursor that confirms it once it is committed.

    Where it skipped some of a chat's history there is a gap: what it brought of that chat comes after the gap.
    """

    updates: tuple[Update, ...]
    cursor: str
    gaps: tuple[Gap, ...] = ()


# --- what a post says ------------------------------------------------------------------------------------------------

ReadingKind = Literal["request", "incomplete", "unformatted", "chatter"]
Route = Literal["public", "private"]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one filled form, by the pack's field codes; None where the post does not give one."""

    ward: str | None = None
    location: str | None = None
    problem: str | None = None
    priority: str | None = None
    reporter_name: str | None = None
    reporter_phone: str | None = None  # E.164
    channel: str | None = None

    def given(self) -> dict[str, str]:
        """The fields that are there, in the order above."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Reading:
    """How one post is read.

    `forms` holds the requests (several when the post was split), the one unfinished form of an incomplete post, or the
    form to offer for an unformatted need. `missing` lists required fields in the pack's order. `reason` names the rule.
    `unfinished` holds the forms beside these that tell a problem and lack something, each with its place in the post,
    counted from 1.
    """

    kind: ReadingKind
    forms: tuple[Form, ...] = ()
    missing: tuple[str, ...] = ()
    route: Route = "public"
    language: str = ""
    reason: str = ""
    unfinished: tuple[tuple[int, Form], ...] = ()


# --- people and groups -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grant:
    """One role a person holds: everywhere, or in one department, ward or sub-county."""

    role: str
    service_code: str | None = None
    ward: str | None = None
    sub_county: str | None = None
    acting_for: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the roster with the grants that hold now; `called` is how messages address them."""

    id: int
    name: str
    called: str
    language: str = ""
    grants: tuple[Grant, ...] = ()

    def holds(self, role: str, *, service_code: str | None = None, ward: str | None = None) -> bool:
        """Whether the person holds the role; a scope named here must fit where the grant has one."""
        return any(
            grant.role == role
            and (service_code is None or grant.service_code in (None, service_code))
            and (ward is None or grant.ward in (None, ward))
            for grant in self.grants
        )


PilotMode = Literal["shadow", "assist", "full"]
GroupKind = Literal["department", "mirror", "communications", "committee", "private", "unbound"]


@dataclass(frozen=True, slots=True)
class Group:
    """One chat the bot is bound to. `service_code` is set for a department's, `person_id` for a private chat."""

    chat_pk: int
    platform: str
    chat_id: str
    kind: GroupKind
    title: str
    service_code: str | None = None
    person_id: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """From `at` (aware UTC) on, so much of the bot is at work in a department ('' all), for a ward ('' all)."""

    at: datetime
    service_code: str
    ward: str
    mode: PilotMode


# --- what goes out ---------------------------------------------------------------------------------------------------

NoticeAction = Literal[
    "send", "edit", "delete", "react", "pin",
    "restrict", "unrestrict", "ban", "unban", "read_only", "close_invites", "accept", "decline",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to say or do in one chat, queued in the transaction that makes it true.

    `key` and `params` name the text; it is worded only when it is first sent. `dedup_key` is unique for ever. `holds`
    names what must still be so at sending time (empty: always), else the notice expires unsent. `request_ids` are the
    requests the message is about, so that a reply to it finds them; `draft_id` likewise (0: none). `target` is the
    message that an edit, reaction, pin or deletion is for, or the user id whom a restriction or ban is for; its end is
    the parameter `until` (UTC microseconds).
    """

    platform: str
    chat_id: str
    action: NoticeAction
    dedup_key: str
    key: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    language: str = ""
    reply_to: str | None = None
    request_ids: tuple[int, ...] = ()
    draft_id: int = 0
    target: str | None = None
    buttons: tuple[Button, ...] = ()
    not_before: datetime | None = None
    expires: datetime | None = None
    holds: str = ""


COPY = "copy"  # in the place of a token: the button copies the message's own text, and tells the bot nothing
ALONE = "alone"  # likewise: the button opens the private chat with the bot of whoever taps it


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message: its text's key, and the reference that the text names, where it names one."""

    key: str
    token: str  # one-use, brought back by a tap; or COPY, or ALONE
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` calls in any `seconds` on end."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a chat offers. All False is the profile `plain`, which must carry every conversation (bridged WhatsApp).

    `rates` are the limits of this one chat, all of which hold; `longest` is what one message may hold, in UTF-16 units.
    """

    reactions: bool = False
    edits: bool = False
    buttons: bool = False
    delete: bool = False
    pins: bool = False
    read_only: bool = False
    copy_button: bool = False
    alone_button: bool = False  # a button can open the private chat of whoever taps it with the bot
    repeatable_sends: bool = False  # the same txn id twice is one message
    finds_sent: bool = False  # and a message that may have been sent is looked for before it is sent again
    restrict: bool = False  # a member's writing can be stopped for a time
    ban: bool = False  # a member can be put out for a time
    invites: bool = False  # joining can be limited to those who are invited
    members: bool = False  # joining and leaving are told to the bot
    pictures: bool = False  # a picture can stand with a message
    deletes_for: timedelta | None = None  # how old a message may be that the bot still can delete; None: any age
    rates: tuple[Rate, ...] = ()
    longest: int = 4096


Right = Literal["read", "write", "pin", "delete", "restrict", "ban", "read_only", "invites", "members"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds in a chat by the platform's own word: whether only the bot may write there, and what the bot may do.

    `read` is the right to be told of every post, `members` of who joins and leaves.
    """

    read_only: bool
    rights: frozenset[Right]


# --- requests --------------------------------------------------------------------------------------------------------

State = Literal["submitted", "acknowledged", "answered", "closed", "reopened"]


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A tracked request as it stands, without its contacts. Names are Open311's where Open311 has one."""

    id: int
    jurisdiction_id: str
    service_request_id: str  # the reference
    service_code: str
    topic: str
    ward: str
    address: str
    description: str
    priority: str
    original_priority: str
    language: str
    requested_datetime: datetime
    updated_datetime: datetime
    acknowledge_due: datetime | None
    expected_datetime: datetime | None
    original_expected_datetime: datetime | None
    next_nag_at: datetime | None
    poster_id: int | None
    officer_id: int | None
    platform: str
    chat_id: str
    message_id: str
    pack_version: str
    kind: str = "request"
    route: Route = "public"
    state: State = "submitted"
    outcome: str = ""
    word: str = ""
    word_source: str = ""
    status_notes: str = ""
    next_word_at: datetime | None = None
    next_word_named: int = 0  # 1 where the officer named that time, and no clock counted it
    word_due: datetime | None = None
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    answers: int = 0
    reopenings: int = 0
    first_answer_held: int | None = None
    escalation_step: int = 0
    outcome_detail: str = ""
    extensions: int = 0
    done_by: datetime | None = None
    paused_until: datetime | None = None
    duplicate_of: int | None = None
    protected_at: datetime | None = None
    erased_at: datetime | None = None  # since when its words are gone
    unsaid_at: datetime | None = None  # when its post was deleted
    made_safe_at: datetime | None = None
    alarmed_at: datetime | None = None  # since when its officers are rung; None unless it was made an emergency later
    reopened_at: datetime | None = None
    nagged_at: datetime | None = None  # when somebody was last asked for what it owes
    nags: int = 0  # how often, whomever
    word_asks: int = 0  # how often for the citizen's word on the latest answer
    moved_at: datetime | None = None  # since when it is with its department; None where it always was
    version: int = 0  # grows by one at each change; a change made on an older version is refused by the store


# --- instants --------------------------------------------------------------------------------------------------------

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware instant as integer UTC microseconds, the form in which it is stored."""
    return (at - EPOCH) // _MICROSECOND


def instant(stored: int) -> datetime:
    """The aware UTC instant of stored microseconds."""
    return EPOCH + timedelta(microseconds=stored)
