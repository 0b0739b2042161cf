"""The tree is the one of RFC 6962, and the verifier builds the same one by itself."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot import verify_log
from groupbot.rules import log_tree
from groupbot.rules.log_tree import Frontier, grow, is_prefix, leaf_hash, root

# The entries and roots by which implementations of certificate logs are compared.
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def by_definition(leaves: list[bytes]) -> bytes:
    """The root as the RFC defines it, by splitting."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_known_entries_have_the_known_roots(size: int) -> None:
    assert root(grow(Frontier(), map(leaf_hash, ENTRIES[:size]))).hex() == ROOTS[size]


@given(HASHES, st.integers(0, 70))
def test_a_tree_grown_in_two_goes_is_the_one_that_the_rfc_defines(leaves: list[bytes], cut: int) -> None:
    halfway = grow(Frontier(), leaves[:cut])
    assert root(grow(halfway, leaves[cut:])) == by_definition(leaves)


@given(HASHES)
def test_the_verifier_has_the_same_root(leaves: list[bytes]) -> None:
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves):
        verify_log.add_leaf(peaks, size, leaf)
    assert verify_log.root_of(peaks) == root(grow(Frontier(), leaves))


@given(HASHES, st.integers(0, 70))
def test_an_older_root_is_of_the_same_log_only_at_its_own_size(leaves: list[bytes], size: int) -> None:
    older = by_definition(leaves[:size])
    assert is_prefix(leaves, size, older) == (size <= len(leaves))
    assert not is_prefix(leaves, size + 1, older)


def test_a_changed_entry_has_another_root() -> None:
    leaves = [leaf_hash(entry) for entry in ENTRIES]
    older = by_definition(leaves[:5])
    assert is_prefix(leaves, 5, older)
    assert not is_prefix([leaf_hash(b"forged"), *leaves[1:]], 5, older)


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert log_tree.node_hash(left, right) != leaf_hash(left + right)
