"""Verifying files: a mirror or an export, of which every byte counts."""

import hashlib
import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.tiles import decode_bundle
from tests.audit.conftest import Folder
from tests.audit.logs import files, grow, key_of, mirrored, run, served, worked_tree

CHANGED = "bytes changed (leaf hash differs from the one recorded)"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    base = tmp_path_factory.mktemp("written")
    folder = Folder(base / "data").begin()
    grow(folder, 600)
    return folder, mirrored(folder, base / "mirror")


@pytest.fixture
def mirror(written, tmp_path):
    shutil.copytree(written[1], tmp_path / "mirror")
    return tmp_path / "mirror"


@pytest.fixture
def key(written) -> str:
    return key_of(written[0])


def lines(capsys, *arguments):
    code, out, _ = run(capsys, "verify", *arguments)
    return code, out.splitlines()


def change(mirror, name: str, old: bytes, new: bytes, count: int = 1) -> None:
    raw = (mirror / name).read_bytes()
    assert old in raw
    (mirror / name).write_bytes(raw.replace(old, new, count))


def test_as_it_is(mirror, key, capsys):
    code, out = lines(capsys, mirror, "--key", key)
    assert (code, out[0]) == (0, "All 600 events are as they were signed.")


def test_over_the_web(mirror, key, capsys):
    with served(mirror) as url:
        assert lines(capsys, url, "--key", key)[0] == 0
        change(mirror, "tile/entries/001", b'"n":300', b'"n":301')
        assert lines(capsys, url, "--key", key)[1][0] == f"event 300: {CHANGED}"


@pytest.mark.parametrize("processes", [1, 2])
def test_every_changed_event_is_named(mirror, key, capsys, processes):
    for number in (17, 200, 201, 400, 599):
        name = f"tile/entries/00{number // 256}{'.p/88' if number >= 512 else ''}"
        change(mirror, name, b'"n":%d,' % number, b'"n":%d,' % (number - 1))
    code, out = lines(capsys, mirror, "--key", key, "--processes", processes)
    assert code == 1
    assert out[:-1] == [
        f"event 17: {CHANGED}", f"events 200 to 201: {CHANGED}", f"event 400: {CHANGED}", f"event 599: {CHANGED}",
    ]  # fmt: skip


def test_a_changed_leaf_hash_is_told_from_a_changed_event(mirror, key, capsys):
    raw = bytearray((mirror / "tile/0/001").read_bytes())
    raw[32 * 9] ^= 1
    (mirror / "tile/0/001").write_bytes(raw)
    assert lines(capsys, mirror, "--key", key)[1][0] == (
        "event 265: its recorded leaf hash was changed (the event itself is as signed)"
    )


def test_a_changed_tile_above_is_named_and_the_events_are_not_blamed(mirror, key, capsys):
    raw = bytearray((mirror / "tile/1/000.p/2").read_bytes())
    raw[40] ^= 1
    (mirror / "tile/1/000.p/2").write_bytes(raw)
    code, out = lines(capsys, mirror, "--key", key)
    assert code == 1
    assert out[0] == "tile/1/000.p/2 hash 1: is not the hash of the entries below it"
    assert not any(line.startswith("event") for line in out)


def test_an_event_changed_with_its_leaf_hash_is_found_by_the_tile_above(mirror, key, capsys):
    change(mirror, "tile/entries/000", b'"n":7,', b'"n":8,')
    bundle = (mirror / "tile/entries/000").read_bytes()
    entry = decode_bundle(bundle, 256)[7]
    raw = bytearray((mirror / "tile/0/000").read_bytes())
    raw[32 * 7 : 32 * 8] = hashlib.sha256(b"\0" + entry).digest()
    (mirror / "tile/0/000").write_bytes(raw)
    code, out = lines(capsys, mirror, "--key", key)
    assert code == 1
    assert out[0].startswith("events 0 to 255: not what was signed")


@pytest.mark.parametrize("name", ["tile/entries/001", "tile/entries/002.p/88"])
def test_a_missing_bundle_is_named_by_its_events(mirror, key, capsys, name):
    (mirror / name).unlink()
    code, out = lines(capsys, mirror, "--key", key)
    first = 256 * int(name[15])
    assert code == 1
    assert out[0].startswith(f"events {first} to {min(first + 255, 599)}: removed or unreadable")


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2"])
def test_a_missing_tile_is_named(mirror, key, capsys, name):
    (mirror / name).unlink()
    code, out = lines(capsys, mirror, "--key", key)
    assert code == 1
    assert any(line == f"{name}: is missing" for line in out)


def test_another_logs_key_proves_nothing(mirror, folder, capsys):
    code, out = lines(capsys, mirror, "--key", key_of(folder))
    assert code == 1
    assert out[0].startswith("checkpoint: can't be relied on")


def test_the_report_for_machines(mirror, key, capsys):
    change(mirror, "tile/entries/000", b'"n":7,', b'"n":8,')
    code, out, _ = run(capsys, "verify", mirror, "--key", key, "--json")
    report = json.loads(out)
    assert code == 1
    assert report["format"] == "countersign-report/v1"
    assert report["ok"] is False
    assert report["findings"] == [{"subject": "event", "first": 7, "last": 7, "what": CHANGED}]


def test_events_that_break_the_rules_are_named_though_they_were_signed(tmp_path, capsys):
    """The worked log of the vectors: its times have no microseconds, which ours must have."""
    log = worked_tree(tmp_path)
    code, out = lines(capsys, tmp_path, "--key", log["vkeys"]["log"])
    assert (code, out[0]) == (1, "events 0 to 259: has no time in the form of the log")
    code, out = lines(capsys, tmp_path, "--key", log["vkeys"]["log"], "--any-entries")
    assert (code, out[0]) == (0, "All 260 events are as they were signed.")
    witnesses = [arg for key in log["vkeys"]["witnesses"] for arg in ("--witness-key", key)]
    code, out = lines(
        capsys, tmp_path, "--key", log["vkeys"]["log"], "--any-entries", *witnesses, "--quorum", 2
    )
    assert code == 0
    assert "witness.example/w1 at" in out[-1]


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_byte_changes_unseen(written, tmp_path_factory, capsys, data):
    folder, mirror = written
    copy = tmp_path_factory.mktemp("copy") / "mirror"
    shutil.copytree(mirror, copy)
    name = data.draw(st.sampled_from([name for name in files(copy) if name != "log.vkey"]))
    raw = bytearray((copy / name).read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    (copy / name).write_bytes(bytes(raw))
    code, out = lines(capsys, copy, "--key", key_of(folder))
    shutil.rmtree(copy)
    assert code == 1, (name, at)
    assert out
