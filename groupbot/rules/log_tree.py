"""The log as a Merkle tree: how entries are hashed into one root, and whether an older root is of the same log.

Source: RFC 6962, section 2.1 (hashing of leaves and nodes; the tree of an empty list), with SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

EMPTY_ROOT = sha256(b"").digest()


class Frontier(NamedTuple):
    """All that is needed to go on with a tree: how many leaves it has, and its whole subtrees, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one entry's canonical bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def grow(frontier: Frontier, leaves: Iterable[bytes]) -> Frontier:
    """The tree with more leaves at its end; they are given as leaf hashes."""
    size, peaks = frontier.size, list(frontier.peaks)
    for leaf in leaves:
        peak, whole = leaf, size
        while whole & 1:  # each set bit of the size is one whole subtree
            peak = node_hash(peaks.pop(), peak)
            whole >>= 1
        peaks.append(peak)
        size += 1
    return Frontier(size, tuple(peaks))


def root(frontier: Frontier) -> bytes:
    """The root of the tree."""
    if not frontier.peaks:
        return EMPTY_ROOT
    *larger, found = frontier.peaks
    for peak in reversed(larger):
        found = node_hash(peak, found)
    return found


def is_prefix(leaves: Iterable[bytes], size: int, older: bytes) -> bool:
    """Whether `older` is the root of the first `size` leaf hashes: the log has only grown since.

    False too when there are fewer leaves than that.
    """
    first = grow(Frontier(), islice(leaves, size))
    return first.size == size and root(first) == older
