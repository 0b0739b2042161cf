"""The chats of the fake Telegram: who is in them, what was said, and the updates that this brings about.

Everything is kept in the shape of the Bot API's own objects.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
BOT_ID = 110201543
TOKEN = f"{BOT_ID}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
ANONYMOUS, CHANNEL_BOT = 1087968824, 136817688
ADMIN_RIGHTS = ("can_delete_messages", "can_restrict_members", "can_pin_messages", "can_invite_users")


class Refused(Exception):
    """An error that the Bot API answers with."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


@dataclass
class Chat:
    """A chat with its members' standing; `topics` are the open ones of a forum."""

    id: int
    type: str
    title: str = ""
    members: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=dict)
    topics: set[int] = field(default_factory=set)
    forum: bool = False
    moved_to: int = 0
    next_id: int = 1
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    def short(self) -> Json:
        """As messages name it."""
        named = {"first_name": self.title} if self.type == "private" else {"title": self.title}
        return {"id": self.id, "type": self.type, **named} | ({"is_forum": True} if self.forum else {})

    def new_id(self) -> int:
        """The next message's."""
        self.next_id += 1
        return self.next_id - 1


class World:
    """Users, chats, and what people do in them. `now` gives seconds since 1970; `tell` takes each update's content."""

    def __init__(self, now: Callable[[], int], tell: Callable[[Json], None]) -> None:
        self.now = now
        self.tell = tell
        self.users: dict[int, Json] = {
            BOT_ID: {"id": BOT_ID, "is_bot": True, "first_name": "groupbot", "username": "ElgeyoGroupBot"},
            ANONYMOUS: {"id": ANONYMOUS, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
            CHANNEL_BOT: {"id": CHANNEL_BOT, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"},
        }
        self.chats: dict[int, Chat] = {}
        self.privacy = False  # the bot hears only commands and replies where it is no administrator
        self._numbers = itertools.count(1)

    # --- the stage ------------------------------------------------------------------------------------------------

    def add_user(self, user_id: int, name: str) -> Json:
        """Somebody."""
        first, _, last = name.partition(" ")
        self.users[user_id] = {"id": user_id, "is_bot": False, "first_name": first} | (
            {"last_name": last} if last else {}
        )
        return self.users[user_id]

    def add_group(self, chat_id: int, title: str, members: tuple[int, ...] = (), *, admin: bool = True) -> Chat:
        """A group with the bot in it, as an administrator or an ordinary member."""
        kind = "supergroup" if chat_id < -(10**12) else "group"
        chat = self.chats[chat_id] = Chat(chat_id, kind, title)
        chat.permissions = {"can_send_messages": True, "can_invite_users": True}
        for user in (*members, BOT_ID):
            chat.members[user] = self.member(user, "member")
        if admin:
            chat.members[BOT_ID] = self.member(BOT_ID, "administrator")
        return chat

    def private(self, user_id: int) -> Chat:
        """A person's chat with the bot."""
        if user_id not in self.chats:
            chat = self.chats[user_id] = Chat(user_id, "private", self.users[user_id]["first_name"])
            chat.members = {user_id: self.member(user_id, "member"), BOT_ID: self.member(BOT_ID, "member")}
        return self.chats[user_id]

    def member(self, user_id: int, status: str, *without: str) -> Json:
        """A ChatMember; an administrator `without` some rights."""
        found: Json = {"status": status, "user": self.users[user_id]}
        if status == "administrator":
            others = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_manage_video_chats",
                      "can_promote_members", "can_change_info", "can_post_stories", "can_edit_stories",
                      "can_delete_stories")  # fmt: skip
            found |= dict.fromkeys(others, False) | {right: right not in without for right in ADMIN_RIGHTS}
        if status == "kicked":
            found["until_date"] = 0
        return found

    # --- what people do -------------------------------------------------------------------------------------------

    def post(self, chat_id: int, user_id: int, text: str = "", reply_to: int | None = None, **more: Any) -> int:
        """Say something. `more` are fields of the message; `topic` is its topic, `quiet` tells no update of it."""
        chat = self.chats[chat_id]
        quiet, topic, at = more.pop("quiet", False), more.pop("topic", 0), more.pop("at", None)
        message: Json = {
            "message_id": chat.new_id(),
            "from": self.users[user_id],
            "chat": chat.short(),
            "date": self.now() if at is None else at,
        }
        message |= {"text": text} if text else {}
        if topic:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = self._quoted(chat.messages[reply_to])
        message |= more
        chat.messages[message["message_id"]] = message
        if not quiet and self._hears(chat, message):
            self.tell({"message": message})
        return int(message["message_id"])

    def _hears(self, chat: Chat, message: Json) -> bool:
        own = chat.members.get(BOT_ID, {}).get("status")
        if own in (None, "left", "kicked"):
            return False
        replied = message.get("reply_to_message", {}).get("from", {}).get("id") == BOT_ID
        addressed = message.get("text", "").startswith("/") or replied
        return chat.type == "private" or own == "administrator" or not self.privacy or addressed

    @staticmethod
    def _quoted(message: Json) -> Json:
        return {key: value for key, value in message.items() if key != "reply_to_message"}

    def edit(self, chat_id: int, number: int, text: str) -> None:
        """Change a message of one's own."""
        message = self.chats[chat_id].messages[number] | {"text": text, "edit_date": self.now()}
        self.chats[chat_id].messages[number] = message
        self.tell({"edited_message": message})

    def tap(self, chat_id: int, user_id: int, number: int, data: str) -> None:
        """Tap a button, or pretend to: any data goes through."""
        message = self.chats[chat_id].messages[number]
        query = {"id": f"q{next(self._numbers)}", "from": self.users[user_id], "message": message}
        self.tell({"callback_query": {**query, "chat_instance": "1", "data": data}})

    def react(self, chat_id: int, user_id: int, number: int, emoji: str) -> None:
        """Put a reaction under a message."""
        self.tell(
            {
                "message_reaction": {
                    "chat": self.chats[chat_id].short(),
                    "message_id": number,
                    "user": self.users[user_id],
                    "date": self.now(),
                    "old_reaction": [],
                    "new_reaction": [{"type": "emoji", "emoji": emoji}],
                }
            }
        )

    def change_member(self, chat_id: int, user_id: int, status: str, *without: str, by: int = 0) -> None:
        """Let somebody in or out, or make them administrator `without` some rights; the bot itself too."""
        chat = self.chats[chat_id]
        before = chat.members.get(user_id) or self.member(user_id, "left")
        chat.members[user_id] = self.member(user_id, status, *without)
        event = {
            "chat": chat.short(),
            "from": self.users[by or user_id],
            "date": self.now(),
            "old_chat_member": before,
            "new_chat_member": chat.members[user_id],
        }
        self.tell({"my_chat_member" if user_id == BOT_ID else "chat_member": event})

    def migrate(self, chat_id: int, new_id: int, *, tell: tuple[str, ...] = ("old", "new")) -> Chat:
        """Turn a group into a supergroup; `tell` says which of the two service messages reach the bot."""
        old = self.chats[chat_id]
        new = self.chats[new_id] = Chat(new_id, "supergroup", old.title, dict(old.members))
        new.permissions = dict(old.permissions)
        old.moved_to = new_id
        user = next(one for one in old.members if one != BOT_ID)
        self.post(chat_id, user, migrate_to_chat_id=new_id, quiet="old" not in tell)
        self.post(new_id, user, migrate_from_chat_id=chat_id, quiet="new" not in tell)
        return new

    # --- what the bot does ----------------------------------------------------------------------------------------

    def chat(self, chat_id: int) -> Chat:
        """The chat, as the bot may use it. Raises Refused."""
        chat = self.chats.get(chat_id)
        if chat is None:
            known = chat_id in self.users
            raise (
                Refused(403, "Forbidden: bot can't initiate conversation with a user")
                if known
                else Refused(400, "Bad Request: chat not found")
            )
        if chat.moved_to:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        status = chat.members[BOT_ID]["status"]
        if status == "kicked" and chat.type == "private":
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if status in ("left", "kicked"):
            raise Refused(403, f"Forbidden: bot was kicked from the {chat.type} chat")
        return chat

    def message(self, chat_id: int, number: int, what: str) -> Json:
        """A message that the bot means to change. Raises Refused."""
        found = self.chat(chat_id).messages.get(number)
        if found is None:
            raise Refused(400, f"Bad Request: message to {what} not found")
        return found

    def right(self, chat: Chat, name: str) -> None:
        """Raises Refused where the bot lacks a right."""
        if chat.type != "private" and not chat.members[BOT_ID].get(name):
            raise Refused(400, "Bad Request: not enough rights")
