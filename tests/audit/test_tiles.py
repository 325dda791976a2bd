import hashlib

import pytest

from audit import merkle, tiles
from audit.audit_errors import TileInvalid
from audit.tiles import Tile
from tests.audit.test_merkle import tree
from tests.audit.vectors import cases, indexed_leaf, load


def entries_of(case) -> list[bytes]:
    if "entries" in case:
        return [bytes.fromhex(entry) for entry in case["entries"]]
    rules = {
        "one entry of 65,535 bytes, each 0x61": [b"a" * 65_535],
        '{"index":0} to {"index":255}': [indexed_leaf(i) for i in range(256)],
        "one entry of 65,536 bytes": [b"a" * 65_536],
        "257 empty entries": [b""] * 257,
    }
    return rules[case["entries_rule"]]


def tile_bytes(kept, tile: Tile) -> bytes:
    first = tile.index * tiles.WIDTH
    return b"".join(kept.node(8 * tile.level, first + i) for i in range(tile.width))


@cases("tiles", "paths")
def test_path_is_made_and_read(case):
    level = None if case["level"] == "entries" else case["level"]
    tile = Tile(level, case["index"], case["width"])
    assert tile.path() == case["path"]
    assert tiles.parse_path(case["path"]) == tile


@cases("tiles", "paths_reject")
def test_path_is_refused(case):
    with pytest.raises(TileInvalid):
        tiles.parse_path(case)


@cases("tiles", "partial_tiles_of_size")
def test_partial_tiles_of_a_size(case):
    assert [[t.level, t.index, t.width] for t in tiles.partial_tiles(case["size"])] == case["partial"]


@cases("tiles", "small")
def test_small_tile(case):
    tile = tiles.parse_path(case["path"])
    assert tile_bytes(tree(case["tree"]), tile).hex() == case["bytes"]
    assert tile.within(case["size"])


def test_all_tiles_and_bundles_of_a_log_of_70000():
    log, kept = load("tiles")["log_70000"], tree("indexed")
    for path, digest in log["sha256_of_tile_bytes"].items():
        assert hashlib.sha256(tile_bytes(kept, tiles.parse_path(path))).hexdigest() == digest
    for path, digest in log["sha256_of_entry_bundle_bytes"].items():
        tile = tiles.parse_path(path)
        bundle = tiles.encode_bundle([indexed_leaf(256 * tile.index + i) for i in range(tile.width)])
        assert hashlib.sha256(bundle).hexdigest() == digest
    assert merkle.root(70_000, kept.node).hex() == log["root"]


def test_a_tile_is_within_a_log_that_has_all_its_items():
    assert Tile(0, 1, 4).within(260)
    assert not Tile(0, 1, 5).within(260)
    assert Tile(1, 0, 1).within(260)
    assert not Tile(1, 0, 2).within(260)
    assert Tile(None, 0).within(256)
    assert not Tile(None, 0).within(255)


@cases("bundles", "accept")
def test_bundle_is_written_and_read(case):
    entries = entries_of(case)
    bundle = tiles.encode_bundle(entries)
    if "bundle" in case:
        assert bundle.hex() == case["bundle"]
    else:
        assert hashlib.sha256(bundle).hexdigest() == case["sha256_of_bundle"]
    assert tiles.decode_bundle(bundle, case["width"]) == entries


@cases("bundles", "reject")
def test_bundle_is_refused(case):
    with pytest.raises(TileInvalid):
        tiles.decode_bundle(bytes.fromhex(case["bundle"]), case["width"])


@cases("bundles", "encode_reject")
def test_entries_that_fit_no_bundle_are_refused(case):
    with pytest.raises(TileInvalid):
        tiles.encode_bundle(entries_of(case))


def test_a_tile_of_another_width_is_refused():
    assert tiles.decode_tile(bytes(64), 2) == [bytes(32), bytes(32)]
    for width in (1, 3):
        with pytest.raises(TileInvalid):
            tiles.decode_tile(bytes(64), width)
