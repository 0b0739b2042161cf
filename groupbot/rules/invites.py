"""Codes of invitations: how one is spelt, read back as people type it, and hashed; and which roles need a second word.

A code has sixty random bits, so that guessing within its day is hopeless and the hash needs no stretching.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from groupbot.protocol import Role
from groupbot.rules.text import fold

LIFETIME = timedelta(hours=24)
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O and U: they are misread, or make words
_READ_AS = str.maketrans("ILO", "110")
_LENGTH = 12
_LONGEST = 40  # characters of a text that may be a code


def spell(random: bytes) -> str:
    """The code of at least eight random bytes, as it is shown: three groups of four signs.

    Raises ValueError for fewer.
    """
    if len(random) * 8 < _LENGTH * 5:
        raise ValueError("a code needs at least eight random bytes")
    number = int.from_bytes(random[:8], "big")
    signs = "".join(_SIGNS[(number >> (5 * place)) & 31] for place in range(_LENGTH))
    return "-".join(signs[start : start + 4] for start in range(0, _LENGTH, 4))


def read(text: str) -> str | None:
    """The twelve signs of a code as somebody typed it, or None when it is none.

    Case, spaces and hyphens do not matter; O is read as 0, I and L as 1.
    """
    if len(text) > _LONGEST:
        return None
    signs = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_READ_AS)
    return signs if len(signs) == _LENGTH and set(signs) <= set(_SIGNS) else None


def digest(jurisdiction_id: str, signs: str) -> str:
    """What is stored of a code: SHA-256 over the jurisdiction and the twelve signs."""
    return hashlib.sha256(f"invite\n{jurisdiction_id}\n{signs}".encode()).hexdigest()


def role_named(text: str, roles: Mapping[str, Role]) -> tuple[str, str] | None:
    """The role that a text opens with, by code or by name in any language, and the text after it."""
    known = {fold(name): role.code for role in roles.values() for name in role.name.values()}
    known |= {fold(code.replace("_", " ")): code for code in roles}
    words = text.replace("_", " ").split()
    longest = max((len(name.split()) for name in known), default=0)
    for count in range(min(longest, len(words)), 0, -1):
        code = known.get(fold(" ".join(words[:count])))
        if code:
            return code, " ".join(words[count:])
    return None
