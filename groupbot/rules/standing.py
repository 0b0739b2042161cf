"""What the bot needs in each kind of group, and what of that it lacks."""

from __future__ import annotations

from collections.abc import Mapping

from groupbot.records import GroupKind, Right, Standing

# In the order in which they matter: without the first the bot is of no use there.
NEEDED: Mapping[GroupKind, tuple[Right, ...]] = {
    "department": ("read", "write", "members", "pin", "delete", "restrict"),
    "mirror": ("write", "read_only", "pin"),
    "communications": ("read", "write"),
    "committee": ("read", "write"),
}


def lacking(kind: GroupKind, found: Standing) -> list[Right]:
    """The rights that the bot needs in a group of this kind and does not have, the weightiest first."""
    return [right for right in NEEDED.get(kind, ()) if right not in found.rights]
