"""What each method of the fake Bot API does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.telegram.world import BOT_ID, Chat, Json, Refused

if TYPE_CHECKING:
    from tests.telegram.fake import FakeTelegram

TWO_DAYS = 48 * 3600


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _get_me(fake: FakeTelegram, _: Json) -> Json:
    flags = {"can_join_groups": True, "can_read_all_group_messages": not fake.world.privacy}
    return {**fake.world.users[BOT_ID], **flags, "supports_inline_queries": False, "supports_guest_queries": False}


def _check_text(text: Any) -> str:
    if not str(text).strip():
        raise Refused(400, "Bad Request: message text is empty")
    if _units(str(text)) > 4096:
        raise Refused(400, "Bad Request: message is too long")
    return str(text)


def _check_buttons(params: Json) -> None:
    for row in params.get("reply_markup", {}).get("inline_keyboard", ()):
        for button in row:
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            if "copy_text" in button and not 1 <= _units(button["copy_text"]["text"]) <= 256:
                raise Refused(400, "Bad Request: BUTTON_COPY_TEXT_INVALID")


def _send(fake: FakeTelegram, params: Json) -> Json:
    return _send_what(fake, params, _check_text(params["text"]), {})


def _send_photo(fake: FakeTelegram, params: Json) -> Json:
    caption, file = str(params.get("caption", "")), params["photo"]
    if _units(caption) > 1024:
        raise Refused(400, "Bad Request: message caption is too long")
    if file[:8] != b"\x89PNG\r\n\x1a\n" or len(file) > 10_000_000:
        raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
    width, height = (int.from_bytes(file[at : at + 4], "big") for at in (16, 20))
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise Refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    size = {"file_id": f"photo{len(file)}", "file_unique_id": "u", "width": width, "height": height}
    return _send_what(fake, params, "", {"photo": [size]} | ({"caption": caption} if caption else {}))


def _send_what(fake: FakeTelegram, params: Json, text: str, more: Json) -> Json:
    chat = fake.world.chat(int(params["chat_id"]))
    _check_buttons(params)
    may = chat.type == "private" or chat.members[BOT_ID]["status"] == "administrator"
    if not may and not chat.permissions.get("can_send_messages"):
        raise Refused(400, "Bad Request: not enough rights to send text messages to the chat")
    more |= {"reply_markup": params["reply_markup"]} if "reply_markup" in params else {}
    topic = params.get("message_thread_id")
    if topic is not None:
        _check_topic(chat, topic)
        more["topic"] = topic
    return _said(fake, chat, text, _replied(chat, params, topic), more)


def _check_topic(chat: Chat, topic: int) -> None:
    if not chat.forum:
        raise Refused(400, "Bad Request: message thread not found")
    if topic not in chat.topics:
        raise Refused(400, "Bad Request: TOPIC_CLOSED")


def _replied(chat: Chat, params: Json, topic: int | None) -> int | None:
    reply = params.get("reply_parameters")
    if reply is None:
        return None
    target = chat.messages.get(reply["message_id"])
    elsewhere = target is not None and chat.forum and target.get("message_thread_id") != topic
    if target is not None and not elsewhere:
        return int(target["message_id"])
    if reply.get("allow_sending_without_reply") and not elsewhere:
        return None
    raise Refused(400, "Bad Request: message to be replied not found")


def _said(fake: FakeTelegram, chat: Chat, text: str, reply_to: int | None, more: Json) -> Json:
    number = fake.world.post(chat.id, BOT_ID, text, reply_to, quiet=True, **more)
    return chat.messages[number]


def _edit(fake: FakeTelegram, params: Json) -> Json:
    message = fake.world.message(int(params["chat_id"]), params["message_id"], "edit")
    text = _check_text(params["text"])
    _check_buttons(params)
    if message["from"]["id"] != BOT_ID:
        raise Refused(400, "Bad Request: message can't be edited")
    markup = params.get("reply_markup")
    if message["text"] == text and message.get("reply_markup") == markup:
        raise Refused(400, "Bad Request: message is not modified: specified new message content is exactly the same")
    message["text"] = text
    message.pop("reply_markup", None)
    if markup:
        message["reply_markup"] = markup
    return message


def _forward(fake: FakeTelegram, params: Json) -> Json:
    """A copy that says who wrote it first, and when; of what is itself a copy, the first one's author and time."""
    source = fake.world.chat(int(params["from_chat_id"]))
    message = source.messages.get(params["message_id"])
    if message is None:
        raise Refused(400, "Bad Request: message to forward not found")
    if "new_chat_members" in message:
        raise Refused(400, "Bad Request: the message can't be forwarded")
    origin = {"type": "user", "sender_user": message["from"], "date": message["date"]}
    kept = {key: message[key] for key in ("photo", "caption") if key in message}
    more = {**kept, "forward_origin": message.get("forward_origin", origin)}
    return _said(fake, fake.world.chat(int(params["chat_id"])), str(message.get("text", "")), None, more)


def _delete(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.chat(int(params["chat_id"]))
    message = fake.world.message(chat.id, params["message_id"], "delete")
    if fake.now() - message["date"] > TWO_DAYS:
        raise Refused(400, "Bad Request: message can't be deleted for everyone")
    if message["from"]["id"] != BOT_ID:
        fake.world.right(chat, "can_delete_messages")
    del chat.messages[params["message_id"]]
    return True


def _react(fake: FakeTelegram, params: Json) -> bool:
    fake.world.message(int(params["chat_id"]), params["message_id"], "react")
    fake.world.chats[int(params["chat_id"])].reactions[params["message_id"]] = params.get("reaction", [])
    return True


def _pin(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.chat(int(params["chat_id"]))
    fake.world.message(chat.id, params["message_id"], "pin")
    fake.world.right(chat, "can_pin_messages")
    chat.pinned.append(params["message_id"])
    return True


def _answer_tap(fake: FakeTelegram, params: Json) -> bool:
    return bool(params)


def _get_chat(fake: FakeTelegram, params: Json) -> Json:
    chat = fake.world.chat(int(params["chat_id"]))
    gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False)
    gifts["gifts_from_channels"] = False
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return chat.short() | full | ({} if chat.type == "private" else {"permissions": chat.permissions})


def _get_member(fake: FakeTelegram, params: Json) -> Json:
    chat = fake.world.chats.get(int(params["chat_id"]))
    if chat is None:
        raise Refused(400, "Bad Request: chat not found")
    return chat.members.get(params["user_id"]) or fake.world.member(params["user_id"], "left")


def _set_permissions(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.chat(int(params["chat_id"]))
    fake.world.right(chat, "can_restrict_members")
    chat.permissions = params["permissions"]
    return True


def _hold(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.chat(int(params["chat_id"]))
    if chat.type != "supergroup":
        raise Refused(400, "Bad Request: method is available only for supergroups")
    fake.world.right(chat, "can_restrict_members")
    member = fake.world.member(params["user_id"], "member")
    chat.members[params["user_id"]] = member | {"status": "restricted", "held": params["permissions"]}
    return True


def _ban(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.chat(int(params["chat_id"]))
    fake.world.right(chat, "can_restrict_members")
    chat.members[params["user_id"]] = fake.world.member(params["user_id"], "kicked")
    return True


def _unban(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.chat(int(params["chat_id"]))
    fake.world.right(chat, "can_restrict_members")
    chat.members[params["user_id"]] = fake.world.member(params["user_id"], "left")
    return True


def _invite_link(fake: FakeTelegram, params: Json) -> str:
    chat = fake.world.chat(int(params["chat_id"]))
    fake.world.right(chat, "can_invite_users")
    return "https://t.me/+new"


def _commands_of(params: Json) -> tuple[str, str]:
    return params.get("scope", {"type": "default"})["type"], params.get("language_code", "")


def _set_commands(fake: FakeTelegram, params: Json) -> bool:
    fake.commands[_commands_of(params)] = params["commands"]
    return True


def _get_commands(fake: FakeTelegram, params: Json) -> list[Json]:
    return fake.commands.get(_commands_of(params), [])


def _set_webhook(fake: FakeTelegram, params: Json) -> bool:
    fake.webhook = params
    return True


def _delete_webhook(fake: FakeTelegram, _: Json) -> bool:
    fake.webhook = {}
    return True


def _webhook_info(fake: FakeTelegram, _: Json) -> Json:
    found = {"url": fake.webhook.get("url", ""), "has_custom_certificate": False}
    return found | {"pending_update_count": fake.waiting()}


METHODS: Mapping[str, Callable[[FakeTelegram, Json], Any]] = {
    "getme": _get_me,
    "sendmessage": _send,
    "sendphoto": _send_photo,
    "editmessagetext": _edit,
    "forwardmessage": _forward,
    "deletemessage": _delete,
    "setmessagereaction": _react,
    "pinchatmessage": _pin,
    "answercallbackquery": _answer_tap,
    "getchat": _get_chat,
    "getchatmember": _get_member,
    "setchatpermissions": _set_permissions,
    "restrictchatmember": _hold,
    "banchatmember": _ban,
    "unbanchatmember": _unban,
    "exportchatinvitelink": _invite_link,
    "setmycommands": _set_commands,
    "getmycommands": _get_commands,
    "setwebhook": _set_webhook,
    "deletewebhook": _delete_webhook,
    "getwebhookinfo": _webhook_info,
}
