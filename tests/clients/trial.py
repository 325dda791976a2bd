"""What the scripts of the Python clients share. Of the standard library alone: each has an environment of its own."""

import asyncio
import inspect
import json
import os
import time
import traceback
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

URL = os.environ["COUNTERSIGN_URL"]
KEY = os.environ["COUNTERSIGN_KEY"]
NINO = "AB123456C"
QUESTION = f"What is on file for {NINO}?"
TOO_LONG = "This is too long for the model."
TOO_MANY = "There are too many of these."
SLOW = "Answer slowly, please."
BIT_BY_BIT = "Say this bit by bit, as it is a text of some length: one, two, three, four, five, six, seven."
NAMED = ("Ann Lee called on Monday.", "The hearing of Ann Lee, at ten, is on Tuesday.")
"""What is made into vectors."""
POLICIES = ("notes", "notes-azure", "notes-mistral", "notes-vllm", "notes-anthropic")
"""One for each kind of provider; `letters` holds its answers."""
SEARCHES = ("search-notes", "search-notes-azure", "search-notes-vllm")
"""Policies that make embeddings; the others make none."""

Feature = Callable[[], Any]
_features: list[tuple[str, Feature]] = []


def feature(name: str) -> Callable[[Feature], Feature]:
    """Registers a check; one that returns a text says what this client can't do."""

    def register(check: Feature) -> Feature:
        _features.append((name, check))
        return check

    return register


def record(reference: str) -> str:
    """The tool's work; fails unless the application is given what it said itself."""
    assert reference == NINO, reference
    return f"Nothing is recorded for {reference}."


def check_answer(text: str | None) -> None:
    """The answer after the tool's result."""
    assert text is not None
    assert f"Nothing is recorded for {NINO}." in text, text


def check_vectors(found: Sequence[Sequence[float]], length: int = 3) -> None:
    """Those that the provider makes of `NAMED` without the name, in their order."""
    read = [text.replace("Ann Lee", "<PERSON>") for text in NAMED]
    vectors = [[float(len(text)), float(text.count(" ")), 0.5][:length] for text in read]
    assert [[float(component) for component in vector] for vector in found] == vectors, found


def run() -> None:
    """Run the checks in turn, each on a line of JSON. `ONLY` names some."""
    only = os.environ.get("ONLY", "").split()
    for name, check in _features:
        if only and name not in only:
            continue
        began, note, failed = time.monotonic(), None, None
        try:
            note = asyncio.run(check()) if inspect.iscoroutinefunction(check) else check()
        except Exception as error:  # noqa: BLE001 - reported
            failed = f"{type(error).__module__}.{type(error).__name__}: {str(error)[:600]}"
            if os.environ.get("VERBOSE"):
                traceback.print_exc()
        seconds = round(time.monotonic() - began, 2)
        print(json.dumps({"feature": name, "note": note, "failed": failed, "seconds": seconds}), flush=True)


def asked() -> int:
    """How often the provider was asked so far."""
    with urllib.request.urlopen(os.environ["COUNTERSIGN_PROVIDER_COUNT"]) as answer:
        return int(answer.read())


def refused(error: type[BaseException], ask: Callable[[], Any], *, times: int = 1) -> Any:
    """The error that `ask` raises, after the provider was asked so many times."""
    before = asked()
    try:
        ask()
    except error as raised:
        assert asked() == before + times, f"asked {asked() - before} times"
        return raised
    raise AssertionError("nothing was raised")


async def refused_later(error: type[BaseException], ask: Callable[[], Any], *, times: int = 1) -> Any:
    """As `refused`, for what is awaited."""
    before = asked()
    try:
        await ask()
    except error as raised:
        assert asked() == before + times, f"asked {asked() - before} times"
        return raised
    raise AssertionError("nothing was raised")


def accept(advice: str) -> None:
    """What a person does on the page."""
    _call(f"/v1/advice/{advice}/decisions", os.environ["COUNTERSIGN_PERSON"], {"decision": "accept"})


def released(advice: str) -> Any:
    """The completion, once it is accepted."""
    return _call(f"/v1/advice/{advice}", KEY)["completion"]


def _call(path: str, token: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(URL + path, data, headers)) as answer:
        return json.loads(answer.read())
