"""Trust policies (C2SP tlog-policy): whose checkpoints are believed, and which cosignatures they need."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from audit.audit_errors import FormatInvalid, NoteInvalid, PolicyUnreadable
from audit.note import Verifier

NONE: Final = b"none"
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_ITEMS = re.compile(rb"[ \t]+")
_NUMBER = re.compile(rb"[1-9][0-9]{0,3}")


@dataclass(frozen=True)
class TlogPolicy:
    """The logs that are believed, the witnesses by their names in the file, and which of them are enough."""

    logs: Sequence[Verifier]
    witnesses: Mapping[bytes, Verifier]
    groups: Mapping[bytes, tuple[int, Sequence[bytes]]]
    quorum: bytes

    def satisfied(self, cosigned_by: Callable[[Verifier], bool]) -> bool:
        """Whether enough witnesses cosigned a checkpoint; `cosigned_by` says it of one witness's key."""
        return self.quorum == NONE or self._witnessed(self.quorum, cosigned_by)

    def _witnessed(self, name: bytes, cosigned_by: Callable[[Verifier], bool]) -> bool:
        if name in self.witnesses:
            return cosigned_by(self.witnesses[name])
        least, members = self.groups[name]
        return sum(self._witnessed(member, cosigned_by) for member in members) >= least


def parse_policy(content: bytes) -> TlogPolicy:
    """Read a policy file; `PolicyUnreadable` if it breaks a rule of C2SP tlog-policy."""
    reading = _Reading()
    for number, line in _lines(content):
        try:
            reading.take(line)
        except (FormatInvalid, UnicodeDecodeError) as error:
            raise PolicyUnreadable(f"line {number}: {_message(error)}") from None
    if reading.quorum is None:
        raise PolicyUnreadable("there is no quorum line; `quorum none` asks for no cosignature")
    return TlogPolicy(reading.logs, reading.witnesses, reading.groups, reading.quorum)


def _message(error: Exception) -> str:
    return "a verifier key that is no UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def _lines(content: bytes) -> Iterator[tuple[int, list[bytes]]]:
    for number, line in enumerate(content.split(b"\n"), 1):
        if _CONTROL.search(line):
            raise PolicyUnreadable(f"line {number}: holds a control character; only tabs are allowed")
        line = line.strip(b" \t")
        if line and not line.startswith(b"#"):
            yield number, _ITEMS.split(line)


class _Reading:
    """A policy as far as it was read."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[bytes, Verifier] = {}
        self.groups: dict[bytes, tuple[int, Sequence[bytes]]] = {}
        self.quorum: bytes | None = None
        self._members: set[bytes] = set()

    def take(self, items: list[bytes]) -> None:
        kind, *rest = items
        readers = {
            b"log": self._log,
            b"witness": self._witness,
            b"group": self._group,
            b"quorum": self._quorum,
        }
        if kind not in readers:
            raise PolicyUnreadable("begins with none of log, witness, group, quorum")
        readers[kind](rest)

    def _log(self, items: list[bytes]) -> None:
        if not 1 <= len(items) <= 2:
            raise PolicyUnreadable("a log is `log <vkey> [<url>]`")
        self.logs.append(_key(items[0], self.logs, cosigns=False))

    def _witness(self, items: list[bytes]) -> None:
        if not 2 <= len(items) <= 3:
            raise PolicyUnreadable("a witness is `witness <name> <vkey> [<url>]`")
        self._require_new(items[0])
        self.witnesses[items[0]] = _key(items[1], list(self.witnesses.values()), cosigns=True)

    def _group(self, items: list[bytes]) -> None:
        if len(items) < 3:
            raise PolicyUnreadable("a group is `group <name> all|any|<k> <name>...`")
        name, least, *members = items
        self._require_new(name)
        for member in members:
            self._require_known(member)
            if member in self._members:
                raise PolicyUnreadable("a name is a member of two groups, or twice of one")
            self._members.add(member)
        self.groups[name] = (_least(least, len(members)), members)

    def _quorum(self, items: list[bytes]) -> None:
        if len(items) != 1 or self.quorum is not None:
            raise PolicyUnreadable("there is one quorum line, `quorum <name>`")
        if items[0] != NONE:
            self._require_known(items[0])
        self.quorum = items[0]

    def _require_new(self, name: bytes) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise PolicyUnreadable("this name is taken already")

    def _require_known(self, name: bytes) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyUnreadable("names a witness or group that no line above defines")


def _key(text: bytes, others: Sequence[Verifier], *, cosigns: bool) -> Verifier:
    try:
        key = Verifier.parse(text.decode())
    except NoteInvalid:
        raise PolicyUnreadable("the verifier key is not valid; copy the whole of it") from None
    if key.cosigns != cosigns:
        raise PolicyUnreadable("this is a log's key" if cosigns else "this is a witness's key")
    if any(other.public_key == key.public_key for other in others):
        raise PolicyUnreadable("this public key stands on another line already")
    return key


def _least(text: bytes, members: int) -> int:
    words = {b"any": 1, b"all": members}
    if text in words:
        return words[text]
    if not _NUMBER.fullmatch(text) or int(text) > members:
        raise PolicyUnreadable(f"a group's threshold is all, any, or a number from 1 to {members}")
    return int(text)
