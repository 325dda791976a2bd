"""How long a comparison takes tells nothing of a secret, nor whether a name is known."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.identity import matches, passwords
from gateway.identity.callers import Person
from gateway.identity.passwords import Password

GATEWAY = Path(__file__).parent.parent.parent / "gateway"
SECRETS = re.compile(r"token|secret|password|presented|_hash\b|code_hash")


def test_an_unknown_name_takes_the_work_of_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher, worked = passwords._HASHER, []
    known = Password(Person("p_1", "Ben", frozenset()), "c_1", hasher.hash("three random words"))

    class Counting:
        def verify(self, hashed: str, given: str) -> bool:
            worked.append(hashed.rsplit("$", 2)[0])
            return hasher.verify(hashed, given)

    matches(None, "x")  # the first one makes the hash that nobody has
    monkeypatch.setattr(passwords, "_HASHER", Counting())
    assert not matches(known, "wrong")
    assert not matches(None, "wrong")
    assert len(worked) == 2
    assert worked[0] == worked[1], "of the same cost"


def plain_comparisons(source: str) -> Iterator[str]:
    """What is compared with == or != and is named as a secret is; a database's index compares hashes itself."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) for side in sides):
            continue
        text = ast.unparse(node)
        if SECRETS.search(text) and ".c." not in text:
            yield text


@pytest.mark.parametrize("package", ["identity", "web", "api"])
def test_secrets_are_compared_in_constant_time(package: str) -> None:
    files = list((GATEWAY / package).rglob("*.py"))
    assert files
    assert [found for file in files for found in plain_comparisons(file.read_text("utf-8"))] == []


def test_a_plain_comparison_would_be_seen() -> None:
    assert list(plain_comparisons("if row['secret_hash'] != digest(given): pass")) != []
