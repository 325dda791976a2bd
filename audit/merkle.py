"""Merkle trees: hashing, roots and proofs as in RFC 6962 section 2.1, verifying as in RFC 9162 section 2.1.

A *node* `(level, index)` is the hash of the complete subtree over leaves `index << level` to
`(index + 1 << level) - 1`; level 0 holds the leaf hashes. Complete subtrees never change, so a log that keeps
them makes any root or proof of any earlier size from O(log n) of them.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

Nodes: TypeAlias = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree `(level, index)`."""

_sha256 = hashlib.sha256


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256 of 0x00 and the entry."""
    return _sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256 of 0x01 and both children."""
    return _sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree, reduced to its right edge: its largest complete subtrees, leftmost first."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    @classmethod
    def at(cls, size: int, nodes: Nodes) -> "Frontier":
        """The right edge of the tree of `size` leaves."""
        return cls(size, [nodes(level, index) for level, index in _peaks(0, size)])

    def copy(self) -> "Frontier":
        """Another tree of the same leaves."""
        return Frontier(self.size, self.peaks)

    def append(self, leaf: bytes) -> bytes:
        """Add a leaf hash; gives the hashes of all subtrees that it completes, the leaf's own first."""
        completed, peaks, size = [leaf], self.peaks, self.size
        while size & 1:
            leaf = node_hash(peaks.pop(), leaf)
            completed.append(leaf)
            size >>= 1
        peaks.append(leaf)
        self.size += 1
        return b"".join(completed)

    def root(self) -> bytes:
        """The root hash; of no leaves, the hash of nothing."""
        return _fold(self.peaks) if self.peaks else EMPTY_ROOT


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the first `size` leaves."""
    return Frontier.at(size, nodes).root()


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """RFC 6962 section 2.1.1: the path of leaf `index` in a tree of `size` leaves, its sibling first."""
    if not 0 <= index < size:
        raise ValueError("a proof needs 0 <= index < size")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(middle, end, nodes))
            end = middle
        else:
            path.append(_range(start, middle, nodes))
            start = middle
    return path[::-1]


def consistency_proof(old: int, size: int, nodes: Nodes) -> list[bytes]:
    """RFC 6962 section 2.1.2: that the tree of `size` leaves begins with that of `old`; empty from size 0."""
    if not 0 <= old <= size:
        raise ValueError("a proof needs 0 <= old <= size")
    if old in (0, size):
        return []
    path, start, end, is_whole = [], 0, size, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(middle, end, nodes))
            end = middle
        else:
            path.append(_range(start, middle, nodes))
            start, is_whole = middle, False
    return [*([] if is_whole else [_range(start, end, nodes)]), *path[::-1]]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2: whether leaf hash `leaf` is at `index` of the tree of this `size` and `root`.

    A path can hold for several sizes: take size and root from one verified checkpoint.
    """
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    node, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            digest = node_hash(sibling, digest)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and digest == root


def verify_consistency(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2: whether the tree of `size` leaves begins with the tree of `old` leaves.

    From size 0 only the empty proof holds (C2SP tlog-witness, add-checkpoint).
    """
    if not 0 <= old <= size or not _are_hashes(old_root, root, *proof):
        return False
    if old == size:
        return old_root == root and not proof
    if old == 0:
        return old_root == EMPTY_ROOT and not proof
    return bool(proof) and _replay(old, old_root, size, root, proof)


def _replay(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _split(size: int) -> int:
    """RFC 6962 section 2.1: the largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _peaks(start: int, end: int) -> list[tuple[int, int]]:
    """The complete subtrees over leaves `start` to `end`; `start` is a multiple of the largest one's size."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append((level, start >> level))
        start += 1 << level
    return peaks


def _range(start: int, end: int, nodes: Nodes) -> bytes:
    return _fold([nodes(level, index) for level, index in _peaks(start, end)])


def _fold(peaks: Sequence[bytes]) -> bytes:
    folded = peaks[-1]
    for peak in reversed(peaks[:-1]):
        folded = node_hash(peak, folded)
    return folded


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
