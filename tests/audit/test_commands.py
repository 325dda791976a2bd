"""Whatever somebody types, a command says a sentence and ends with a documented code; never a traceback."""

import gzip
import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from audit import cosignature
from audit.cli import main
from audit.signer import Signer
from tests.audit.conftest import ORIGIN, Folder
from tests.audit.logs import grow, key_of, mirrored, run, served


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("written") / "data").begin()
    grow(folder, 20)
    return folder


NOWHERE = [
    "/nowhere",
    "",
    "ftp://host/audit",
    "http://",
    "http://[",
    "http://host:99999/audit",
    "http://ho st/audit",
    "https://user:token@host/audit",
    "https://host/audit?token=x",
    "http://127.0.0.1:9/audit",
    "\0",
    "é" * 5000,
]


@pytest.mark.parametrize("where", NOWHERE)
@pytest.mark.parametrize("command", ["verify", "watch", "checkpoint", "mirror", "prove"])
def test_a_place_that_is_no_log(command, where, written, tmp_path, capsys):
    more = {"mirror": [tmp_path / "mirror"], "prove": []}.get(command, [])
    first = ["adv-1"] if command == "prove" else []
    code, out, err = run(capsys, command, *first, where, *more, "--key", key_of(written))
    assert code == 2
    assert out == ""
    assert err.startswith("Nothing was ")
    assert "token@" not in err


@pytest.mark.parametrize("key", ["", "x", "a+b", "a+b+c", "/nowhere", "é+00000000+AAAA", "\0"])
@pytest.mark.parametrize("command", ["verify", "watch", "mirror"])
def test_a_key_that_is_none(command, key, written, tmp_path, capsys):
    more = [tmp_path / "mirror"] if command == "mirror" else []
    code, _, err = run(capsys, command, written.path, *more, "--key", key)
    assert code == 2
    assert "verifier key" in err


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"{}", b"[" * 5000, b'{"format":"countersign-decision/v1"}']
)
def test_a_file_that_proves_nothing(written, tmp_path, capsys, content):
    (tmp_path / "file").write_bytes(content)
    code, out, _ = run(capsys, "check", tmp_path / "file", "--key", key_of(written))
    assert (code, "do not rely on it" in out) == (1, True)
    code, out, _ = run(capsys, "open", tmp_path / "file", "--key", "x", "--log-key", key_of(written))
    assert (code, "Nothing is proven" in out) == (1, True)


@pytest.mark.parametrize("command", ["check", "open"])
def test_a_file_that_is_not_there(written, tmp_path, capsys, command):
    more = ["--key", "x", "--log-key", key_of(written)] if command == "open" else ["--key", key_of(written)]
    for file in (tmp_path / "nothing", tmp_path):
        assert run(capsys, command, file, *more)[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["witness", "generate", "a b", "KEY"],
        ["witness", "generate", "", "KEY"],
        ["witness", "generate", "w.example", "/nowhere/key"],
        ["witness", "generate", "w.example", "LOGKEY"],
        ["witness", "list", "/nowhere/key"],
        ["witness", "list", "LOGKEY"],
        ["witness", "serve", "--key", "LOGKEY", "--log", "VKEY", "--state", "STATE"],
        ["witness", "serve", "--key", "/nowhere", "--log", "VKEY", "--state", "STATE"],
        ["witness", "serve", "--key", "WITNESS", "--log", "nothing", "--state", "STATE"],
        ["witness", "serve", "--key", "WITNESS", "--log", "VKEY", "--state", "/nowhere/state.db"],
        ["witness", "serve", "--key", "WITNESS", "--log", "VKEY", "--state", "STATE", "--port", "99999999"],
        ["witness", "serve", "--key", "WITNESS", "--log", "VKEY", "--state", "STATE", "--host", "256.1.1.1"],
        ["verify", "DATA", "--token-file", "/nowhere"],
        ["verify", "DATA", "--witness-key", "VKEY"],
        ["verify", "DATA", "--quorum", "1"],
        ["verify", "DATA", "--remember", "/nowhere/last"],
        ["verify"],
        ["checkpoint"],
        ["mirror", "DATA", "/dev/null/mirror"],
        ["mirror", "DATA", "STATE", "--every", "-1"],
        ["prove", "adv-1", "DATA", "--out", "/nowhere/file"],
    ],
)
def test_arguments_that_can_not_be_used(written, tmp_path, capsys, arguments):
    witness = tmp_path / "witness.key"
    Signer.generate("w.example", cosignature.COSIGNATURE).save(witness)
    names = {
        "KEY": tmp_path / "new.key",
        "LOGKEY": written.path / "log.key",
        "VKEY": key_of(written),
        "WITNESS": witness,
        "STATE": tmp_path / "state.db",
        "DATA": written.path,
    }
    code, _, err = run(capsys, *(names.get(one, one) for one in arguments))
    assert code == 2
    assert err.startswith("Nothing was ")


def test_no_command_at_all_says_which_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "exit codes" in capsys.readouterr().out


def test_witness_keys_are_made_and_listed(tmp_path, capsys):
    for kind, letter in (("ed25519", "B"), ("ml-dsa-44", "B")):
        file = tmp_path / f"{kind}.key"
        code, made, _ = run(capsys, "witness", "generate", "w.example/one", file, "--kind", kind)
        assert (code, file.stat().st_mode & 0o777) == (0, 0o600)
        assert made.startswith("w.example/one+")
        assert made.split("+", 2)[2].startswith(letter)
        assert run(capsys, "witness", "list", file)[1] == made


def test_the_bundled_checkpoint_command_prints_what_is_served(written, tmp_path, capsys):
    mirror = mirrored(written, tmp_path / "mirror")
    note = (mirror / "checkpoint").read_text()
    with served(mirror) as url:
        for where in (written.path, mirror, url):
            assert run(capsys, "checkpoint", where)[1] == note


BOMB = gzip.compress(bytes(50_000_000))


@contextmanager
def misbehaving(answer: bytes):
    """A server that answers every request with these bytes, whatever they are."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, suppress(OSError):  # who has read enough hangs up
                connection.recv(65_536)
                connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\xff\xff",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(BOMB), BOMB),
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000,
    ],
)
def test_a_server_that_misbehaves(written, tmp_path, capsys, answer):
    with misbehaving(answer) as url:
        for arguments in (["verify", url], ["mirror", url, tmp_path / "mirror"]):
            code, out, err = run(capsys, *arguments, "--key", key_of(written))
            assert code in (1, 2)
            assert out or err
    assert ORIGIN not in (tmp_path / "mirror").iterdir()
