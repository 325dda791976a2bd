from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import merkle
from tests.audit.vectors import cases, indexed_leaf, load


class Kept:
    """A tree whose complete subtrees are all kept, as a log keeps them."""

    def __init__(self, leaf_hashes: list[bytes]) -> None:
        self.rows: list[bytes] = []
        self.frontier = merkle.Frontier()
        for leaf in leaf_hashes:
            self.rows.append(self.frontier.append(leaf))

    def node(self, level: int, index: int) -> bytes:
        row = self.rows[(index + 1 << level) - 1]
        return row[32 * level : 32 * level + 32]


@cache
def tree(name: str) -> Kept:
    if name == "ct":
        return Kept([bytes.fromhex(h) for h in load("merkle")["ct_tree"]["leaf_hashes"]])
    return Kept([merkle.leaf_hash(indexed_leaf(i)) for i in range(70_000)])


def hashes(proof: list[str]) -> list[bytes]:
    return [bytes.fromhex(h) for h in proof]


@cases("merkle", "leaf_hashes")
def test_leaf_hash(case):
    digits, times = case.get("leaf_repeat", [case["leaf"], 1])
    assert merkle.leaf_hash(bytes.fromhex(digits) * times).hex() == case["hash"]


@cases("merkle", "node_hashes")
def test_node_hash(case):
    assert merkle.node_hash(bytes.fromhex(case["left"]), bytes.fromhex(case["right"])).hex() == case["hash"]


def test_roots_of_certificate_transparencys_tree():
    kept = tree("ct")
    for size, root in enumerate(load("merkle")["ct_tree"]["roots_by_size"]):
        assert merkle.root(size, kept.node).hex() == root


@pytest.mark.parametrize(
    "entry", load("merkle")["indexed_tree"]["roots"], ids=lambda entry: str(entry["size"])
)
def test_root_of_any_earlier_size(entry):
    assert merkle.root(entry["size"], tree("indexed").node).hex() == entry["root"]


def test_frontier_has_the_root_after_each_leaf():
    frontier = merkle.Frontier()
    roots = {entry["size"]: entry["root"] for entry in load("merkle")["indexed_tree"]["roots"]}
    for size in range(259):
        if size in roots:
            assert frontier.root().hex() == roots[size]
        frontier.append(merkle.leaf_hash(indexed_leaf(size)))


@cases("inclusion", "valid")
def test_inclusion_proof_is_made_and_holds(case):
    proof = hashes(case["proof"])
    root = bytes.fromhex(case["root"])
    assert merkle.inclusion_proof(case["index"], case["size"], tree(case["tree"]).node) == proof
    assert merkle.verify_inclusion(bytes.fromhex(case["leaf_hash"]), case["index"], case["size"], proof, root)


@cases("inclusion", "invalid")
def test_inclusion_proof_is_refused(case):
    leaf, root = bytes.fromhex(case["leaf_hash"]), bytes.fromhex(case["root"])
    assert merkle.verify_inclusion(leaf, case["index"], case["size"], hashes(case["proof"]), root) is False


def test_an_inclusion_proof_alone_does_not_bind_the_size():
    case = load("inclusion")["size_is_not_always_bound"]
    leaf, root = bytes.fromhex(case["leaf_hash"]), bytes.fromhex(case["root"])
    sizes = [
        size
        for size in range(20)
        if merkle.verify_inclusion(leaf, case["index"], size, hashes(case["proof"]), root)
    ]
    assert sizes == case["accepted_for_sizes"]


@cases("consistency", "valid")
def test_consistency_proof_is_made_and_holds(case):
    proof = hashes(case["proof"])
    assert merkle.consistency_proof(case["size1"], case["size2"], tree(case["tree"]).node) == proof
    roots = bytes.fromhex(case["root1"]), bytes.fromhex(case["root2"])
    assert merkle.verify_consistency(case["size1"], roots[0], case["size2"], roots[1], proof)


@cases("consistency", "invalid")
def test_consistency_proof_is_refused(case):
    old_root, root = bytes.fromhex(case["root1"]), bytes.fromhex(case["root2"])
    proof = hashes(case["proof"])
    assert merkle.verify_consistency(case["size1"], old_root, case["size2"], root, proof) is False


def test_the_root_of_no_leaves_is_the_hash_of_nothing():
    assert load("merkle")["empty_root"] == merkle.EMPTY_ROOT.hex() == merkle.Frontier().root().hex()


def test_from_size_zero_only_the_empty_proof_is_consistent():
    root = merkle.root(5, tree("ct").node)
    assert merkle.verify_consistency(0, merkle.EMPTY_ROOT, 5, root, [])
    assert not merkle.verify_consistency(0, merkle.EMPTY_ROOT, 5, root, [root])
    assert not merkle.verify_consistency(0, root, 5, root, [])


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (6, 5)])
def test_no_inclusion_proof_is_made_outside_the_tree(index, size):
    with pytest.raises(ValueError, match="index"):
        merkle.inclusion_proof(index, size, tree("ct").node)


@given(st.data())
def test_every_proof_of_every_size_holds_and_no_other_leaf_does(data):
    kept = tree("indexed")
    size = data.draw(st.integers(1, 70_000))
    old = data.draw(st.integers(0, size))
    index = data.draw(st.integers(0, size - 1))
    root, old_root = merkle.root(size, kept.node), merkle.root(old, kept.node)
    path = merkle.inclusion_proof(index, size, kept.node)
    assert merkle.verify_inclusion(kept.node(0, index), index, size, path, root)
    assert not merkle.verify_inclusion(kept.node(0, index)[::-1], index, size, path, root)
    proof = merkle.consistency_proof(old, size, kept.node)
    assert merkle.verify_consistency(old, old_root, size, root, proof)
    if 0 < old < size:
        assert not merkle.verify_consistency(old, old_root[::-1], size, root, proof)


@given(st.integers(0, 70_000))
def test_a_frontier_taken_from_kept_nodes_is_the_grown_one(size):
    kept = tree("indexed")
    found = merkle.Frontier.at(size, kept.node)
    assert found.size == size
    assert found.root() == merkle.root(size, kept.node)
    if size < 70_000:
        assert found.append(kept.node(0, size)) == kept.rows[size]
