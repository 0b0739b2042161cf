"""What the bot needs in each kind of group, and what of that it lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from groupbot.records import Capabilities, GroupKind, Right, Standing

# In the order in which they matter: without the first the bot is of no use there.
NEEDED: Mapping[GroupKind, tuple[Right, ...]] = {
    "department": ("read", "write", "members", "pin", "delete", "restrict"),
    "mirror": ("write", "read_only", "pin"),
    "communications": ("read", "write"),
    "committee": ("read", "write"),
}


# What each right is for, where a chat may be without it: nobody can give the bot what the chat does not have.
OFFERS: Mapping[Right, Callable[[Capabilities], bool]] = {
    "pin": lambda chat: chat.pins,
    "delete": lambda chat: chat.delete,
    "restrict": lambda chat: chat.restrict,
    "read_only": lambda chat: chat.read_only,
    "members": lambda chat: chat.members,
}


def lacking(kind: GroupKind, found: Standing, chat: Capabilities) -> list[Right]:
    """The rights that the bot needs in a group of this kind and does not have, the weightiest first.

    Only what the chat offers can be lacking.
    """
    wanted = [right for right in NEEDED.get(kind, ()) if right not in OFFERS or OFFERS[right](chat)]
    return [right for right in wanted if right not in found.rights]
