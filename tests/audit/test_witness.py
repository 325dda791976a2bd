"""A witness over real HTTP: the steps of `vectors/witness.json` in order, and what a witness must never do."""

import http.client
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import cosignature, merkle
from audit.audit_errors import NoteInvalid
from audit.checkpoint import Checkpoint
from audit.note import Verifier, open_note
from audit.signer import Signer
from audit.witness import cosigned
from audit.witness.request import decode_request, encode_request
from audit.witness.witness_checks import Witness
from audit.witness.witness_server import WitnessServer
from audit.witness.witness_state import State
from tests.audit.vectors import load

VECTORS = load("witness")
STEPS = VECTORS["steps"]
ORIGIN = "log.example/one"


class Running:
    """A witness that serves; `clock` is set by hand."""

    def __init__(self, signers, logs, path) -> None:
        self.clock = 0
        self.state = State(path)
        self.server = WitnessServer("127.0.0.1", 0, Witness(signers, logs, self.state, lambda: self.clock))
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str):
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=10)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], response.read()
        finally:
            connection.close()

    def add(self, body: bytes):
        return self.ask("POST", "/add-checkpoint", body)


@contextmanager
def running(signers, logs, path) -> Iterator[Running]:
    witness = Running(signers, logs, path)
    witness.thread.start()
    try:
        yield witness
    finally:
        witness.server.shutdown()
        witness.server.server_close()
        witness.state.close()


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Every step's answer and the size after it, from one witness that met them in order."""
    key = VECTORS["witness"]
    signer = Signer(key["name"], bytes.fromhex(key["seed"]), key["type"])
    origin = VECTORS["log"]["origin"]
    found = []
    logs = [Verifier.parse(VECTORS["log"]["vkey"])]
    with running([signer], logs, tmp_path_factory.mktemp("witness") / "state.db") as witness:
        for step in STEPS:
            witness.clock = step["clock"]
            answer = witness.add(bytes.fromhex(step["request_hex"]))
            found.append((*answer, witness.state.newest(origin).size))
        monitored = witness.ask("GET", f"/{VECTORS['monitoring_path']}")
    return found, monitored


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[f"{n} {s['why']}" for n, s in enumerate(STEPS)])
def test_step(played, number):
    step, (status, content_type, body, size) = STEPS[number], played[0][number]
    assert status == step["status"]
    assert size == int(step["size_after"])
    if step["content_type"] is not None:
        assert content_type == step["content_type"]
    if step["response"] is not None:
        assert body.decode() == step["response"]


def test_a_monitor_gets_the_newest_checkpoint_with_its_cosignature(played):
    status, _, note = played[1]
    log, witness = (Verifier.parse(VECTORS[who]["vkey"]) for who in ("log", "witness"))
    assert status == 200
    checkpoint, who = cosigned(note, [log], [witness])
    assert checkpoint.size == int(STEPS[-1]["size_after"])
    assert [(one.name, one.time) for one in who] == [(witness.name, STEPS[-1]["clock"])]


class Log:
    """A log that signs whatever it is told to."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.signer = Signer.generate(origin)
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.tree = merkle.Frontier()
        self.roots = [self.tree.root()]

    def grow(self, size: int, fork: bytes = b"") -> "Log":
        while self.tree.size < size:
            index = self.tree.size
            row = self.tree.append(merkle.leaf_hash(fork + b"%d" % index))
            for level in range(len(row) // 32):
                self.nodes[level, index >> level] = row[32 * level :][:32]
            self.roots.append(self.tree.root())
        return self

    def note(self, size: int) -> bytes:
        return self.signer.sign(Checkpoint(self.signer.origin, size, self.roots[size]).body())

    def request(self, old: int, size: int) -> bytes:
        proof = merkle.consistency_proof(old, size, lambda level, index: self.nodes[level, index])
        return encode_request(old, proof, self.note(size))


@pytest.fixture
def log() -> Log:
    return Log().grow(40)


@pytest.fixture
def witness(log, tmp_path):
    key = Signer.generate("witness.example/w", cosignature.COSIGNATURE)
    with running([key], [log.signer.verifier], tmp_path / "state.db") as started:
        yield started


def test_many_submissions_at_once_are_cosigned_in_one_order(log, witness):
    """The race of C2SP tlog-witness: two sizes checked against one old size, the smaller stored last."""
    assert witness.add(log.request(0, 1))[0] == 200
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda size: witness.add(log.request(1, size)), range(2, 34)))
    assert [status for status, _, _ in answers].count(200) == 1
    assert {status for status, _, _ in answers} == {200, 409}
    size = witness.state.newest(ORIGIN).size
    assert {body for status, _, body in answers if status == 409} == {b"%d\n" % size}


def test_a_witness_that_restarts_still_knows_what_it_cosigned(log, tmp_path):
    key = Signer.generate("witness.example/w", cosignature.COSIGNATURE)
    fork = Log()
    fork.signer = log.signer
    fork.grow(20, fork=b"other ")
    with running([key], [log.signer.verifier], tmp_path / "state.db") as first:
        assert first.add(log.request(0, 10))[0] == 200
    with running([key], [log.signer.verifier], tmp_path / "state.db") as second:
        assert second.add(fork.request(10, 20))[0] == 422
        assert second.add(log.request(0, 20))[::2] == (409, b"10\n")
        assert second.add(log.request(10, 20))[0] == 200


def test_what_was_refused_is_kept_as_evidence(log, witness, tmp_path):
    fork = Log()
    fork.signer = log.signer
    fork.grow(10, fork=b"other ")
    witness.add(log.request(0, 10))
    assert witness.add(encode_request(10, [], fork.note(10)))[0] == 422
    with sqlite3.connect(tmp_path / "state.db") as connection:
        [(origin, note)] = connection.execute("SELECT origin, note FROM refused").fetchall()
    connection.close()
    assert (origin, note) == (ORIGIN, fork.note(10))


def test_nothing_is_answered_that_is_not_on_the_disk(log, witness, tmp_path):
    """The state can't be written while somebody else holds it: no cosignature then, and the old state stands."""
    witness.add(log.request(0, 5))
    witness.state._connection.execute("PRAGMA busy_timeout = 10")
    with sqlite3.connect(tmp_path / "state.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        status, _, body = witness.add(log.request(5, 10))
        other.execute("ROLLBACK")
    other.close()
    assert status == 503
    assert "—".encode() not in body
    assert witness.add(log.request(5, 10))[0] == 200


@contextmanager
def killable(key, vkey, state) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command itself, in a process of its own; gives its address too."""
    command = [sys.executable, "-m", "audit", "witness", "serve", "--port", "0", "--key", str(key)]
    process = subprocess.Popen(
        [*command, "--log", vkey, "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stderr.readline().split()[-1]
    finally:
        process.kill()
        process.communicate()


def test_a_witness_that_is_killed_while_it_answers_has_kept_what_it_answered(log, tmp_path):
    Signer.generate("witness.example/w", cosignature.COSIGNATURE).save(tmp_path / "key")
    log.grow(200)
    answered = 0
    for _ in range(4):
        with killable(tmp_path / "key", log.signer.verifier_key, tmp_path / "state.db") as (process, url):
            connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
            size = known_size(connection, log)
            assert size >= answered
            threading.Timer(0.15, process.kill).start()
            try:
                while size < 190:
                    connection.request("POST", "/add-checkpoint", log.request(size, size + 1))
                    response = connection.getresponse()
                    assert (response.status, bool(response.read())) == (200, True)
                    answered = size = size + 1
            except (OSError, http.client.HTTPException):
                pass
    assert answered


def known_size(connection: http.client.HTTPConnection, log: Log) -> int:
    """What the witness says that it cosigned last."""
    connection.request("POST", "/add-checkpoint", log.request(199, 200))
    response = connection.getresponse()
    assert response.status == 409
    return int(response.read())


@given(st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_has_one_of_the_answers_and_signs_nothing_new(log, tmp_path_factory, data):
    path = tmp_path_factory.mktemp("state") / "state.db"
    state = State(path)
    key = Signer.generate("witness.example/w", cosignature.COSIGNATURE)
    witness = Witness([key], [log.signer.verifier], state, lambda: 1)
    try:
        assert witness.add_checkpoint(log.request(0, 5)).status == 200
        request = bytearray(log.request(5, 40))
        for _ in range(data.draw(st.integers(1, 3))):
            request[data.draw(st.integers(0, len(request) - 1))] = data.draw(st.integers(0, 255))
        answer = witness.add_checkpoint(bytes(request))
        assert answer.status in (200, 400, 403, 404, 409, 422)
        if answer.status == 200:
            _, who = cosigned(log.note(40) + answer.body, [log.signer.verifier], [key.verifier])
            assert [one.name for one in who] == [key.origin]
        else:
            assert state.newest(ORIGIN).size == 5
    finally:
        state.close()


def test_one_witness_serves_many_logs_and_keeps_them_apart(tmp_path):
    logs = [Log(f"log.example/{name}").grow(9) for name in "abc"]
    key = Signer.generate("witness.example/w", cosignature.COSIGNATURE)
    with running([key], [log.signer.verifier for log in logs], tmp_path / "state.db") as witness:
        for size, log in enumerate(logs, 3):
            assert witness.add(log.request(0, size))[0] == 200
        assert [witness.state.newest(log.signer.origin).size for log in logs] == [3, 4, 5]


def test_a_log_that_changes_its_key_is_known_by_both(tmp_path):
    log, key = Log().grow(9), Signer.generate("witness.example/w", cosignature.COSIGNATURE)
    old, new = log.signer, Signer.generate(ORIGIN)
    with running([key], [old.verifier, new.verifier], tmp_path / "state.db") as witness:
        assert witness.add(log.request(0, 4))[0] == 200
        log.signer = new
        assert witness.add(log.request(4, 9))[0] == 200


@pytest.mark.parametrize("kind", [cosignature.COSIGNATURE, cosignature.ML_DSA])
def test_either_kind_of_key_cosigns(log, tmp_path, kind):
    key = Signer.generate("witness.example/w", kind)
    with running([key], [log.signer.verifier], tmp_path / "state.db") as witness:
        witness.clock = 1_800_000_000
        status, _, line = witness.add(log.request(0, 8))
    assert status == 200
    checkpoint, who = cosigned(log.note(8) + line, [log.signer.verifier], [key.verifier])
    assert checkpoint.size == 8
    assert [(one.name, one.time) for one in who] == [("witness.example/w", 1_800_000_000)]
    with pytest.raises(NoteInvalid):
        open_note(log.note(7) + line, [log.signer.verifier, key.verifier])


def test_a_witness_with_two_keys_signs_with_both_and_counts_once(log, tmp_path):
    keys = [
        Signer.generate("witness.example/w", kind) for kind in (cosignature.COSIGNATURE, cosignature.ML_DSA)
    ]
    with running(keys, [log.signer.verifier], tmp_path / "state.db") as witness:
        _, _, lines = witness.add(log.request(0, 8))
    assert lines.count(b"\n") == 2
    _, who = cosigned(log.note(8) + lines, [log.signer.verifier], [key.verifier for key in keys])
    assert len(who) == 1


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/add-checkpoint", {"Content-Length": "-1"}, 411),
        ("POST", "/add-checkpoint", {"Content-Length": "x"}, 411),
        ("POST", "/add-checkpoint", {"Content-Length": "99999999999999999999"}, 413),
        ("POST", "/add-checkpoint", {"Content-Length": "2000000"}, 413),
        ("POST", "/other", {"Content-Length": "0"}, 404),
        ("GET", "/", {}, 404),
        ("GET", "/add-checkpoint", {}, 404),
        ("GET", "/%00/checkpoint", {}, 404),
        ("PUT", "/add-checkpoint", {"Content-Length": "0"}, 501),
    ],
)
def test_other_requests_are_refused(witness, method, path, headers, status):
    assert witness.ask(method, path, None, **headers)[0] == status


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b"old 0", b"old 0\n\n", b"old 0\n\n\n\n", b"\xff" * 100, b"old 0\n\n" + b"a\n" * 9]
)
def test_bodies_that_are_no_request_are_a_400(witness, body):
    assert witness.add(body)[0] == 400


def test_a_request_is_read_as_it_was_written():
    request = decode_request(encode_request(7, [bytes(32), b"x" * 32], b"note"))
    assert (request.old, request.proof, request.note) == (7, (bytes(32), b"x" * 32), b"note")
