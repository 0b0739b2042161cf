"""What the page is told about chats, people and messages, as plain values. Instants are milliseconds since 1970 UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from groupbot.chat.sandbox import BOT, Room, Sandbox, SandboxMessage

SNIPPET = 80
PAGE_LENGTH = 200


def milliseconds(at: datetime) -> int:
    """An aware instant as a browser counts it."""
    return int(at.timestamp() * 1000)


def chat_line(room: Room) -> dict[str, Any]:
    """A chat's line in the list of groups: who sits there and what was said last."""
    last = next(reversed(room.messages.values()), None)
    line: dict[str, Any] = {"id": room.chat_id, "title": room.title, "kind": room.kind, "last": len(room.messages)}
    if room.private:
        line["private_to"] = room.private_to
    if last is not None:
        text = "" if last.deleted else " ".join(last.text[: 4 * SNIPPET].split())[:SNIPPET]
        line |= {"at": milliseconds(last.at), "by": last.sender_name, "snippet": text}
    return line


def message_view(sandbox: Sandbox, message: SandboxMessage) -> dict[str, Any]:
    """One message; only what it has is named. A deleted one keeps its place and loses its words."""
    sender = sandbox.state.people.get(message.sender_id)
    view: dict[str, Any] = {
        "id": message.id,
        "v": message.version,
        "at": milliseconds(message.at),
        "by": message.sender_id,
        "name": message.sender_name,
        "bot": message.sender_id == BOT,
        "role": sender.role if sender else "",
        "ward": sender.ward if sender else "",
    }
    if message.deleted:
        return view | {"deleted": True}
    view["text"] = message.text
    optional = {
        "reply_to": message.reply_to,
        "forwarded": message.forwarded,
        "files": [{"kind": file.kind, "name": file.name} for file in message.attachments],
        "picture": _picture(message),
        "buttons": [list(button) for button in message.buttons],
        "olds": message.old_texts,
        "reactions": _reactions(sandbox, message),
        "pinned": message.pinned,
    }
    return view | {name: value for name, value in optional.items() if value}


def messages_view(sandbox: Sandbox, chat_id: str, before: int | None) -> dict[str, Any]:
    """The newest messages of a chat, or those before an id, oldest first, and whether there are earlier ones."""
    everything = sandbox.messages(chat_id)
    end = len(everything) if before is None else min(max(before - 1, 0), len(everything))
    start = max(end - PAGE_LENGTH, 0)
    shown = [message_view(sandbox, message) for message in everything[start:end]]
    return {"messages": shown, "earlier": start > 0}


def stage_view(sandbox: Sandbox) -> dict[str, Any]:
    """All chats and people. Who sits where is given by each person's place in the list of people."""
    places = {person.user_id: place for place, person in enumerate(sandbox.people())}
    chats = []
    for room in sandbox.chats():
        seats = [places[user_id] for user_id in room.members if user_id in places]
        chats.append(chat_line(room) | {"seats": seats})
    people = [
        {"id": person.user_id, "name": person.name, "role": person.role, "ward": person.ward, "of": person.service_code}
        for person in sandbox.people()
    ]
    return {"chats": chats, "people": people}


def _picture(message: SandboxMessage) -> dict[str, Any] | None:
    """Its size in pixels and what it says in words; the file is asked for by itself."""
    shown = message.picture
    return None if shown is None else {"width": shown.width, "height": shown.height, "alt": shown.alt}


def _reactions(sandbox: Sandbox, message: SandboxMessage) -> dict[str, dict[str, str]]:
    by_emoji: dict[str, dict[str, str]] = {}  # emoji -> user id -> name
    for user_id, emoji in message.reactions.items():
        person = sandbox.state.people.get(user_id)
        by_emoji.setdefault(emoji, {})[user_id] = person.name if person else user_id
    return by_emoji
