"""What callers get, and how soon all is well again: the provider fails, the database goes, the disk is full."""

import asyncio
import os
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.bench.service.gateways import SECONDS, Answer, Caller, Gateway, Service
from tests.postgres_server import PostgresServer, own_server
from tests.provider_server import Fault, ProviderServer

PATTERNS: Final = {"redaction": {"name_model": None}}
TIMEOUT_SECONDS: Final = 2
FAULTS: Final[Mapping[str, tuple[Fault, bool]]] = {
    "slow": (Fault(hang=True), False),
    "gone before the answer": (Fault(close=True), False),
    "an error": (Fault(status=500), False),
    "garbage": (Fault(body=b"\x00\xff this is no JSON"), False),
    "JSON of another kind": (Fault(body=b'{"choices": "none"}'), False),
    "a stream that is cut": (Fault(cut_after=3), True),
    "a stream that falls silent": (Fault(hang_after=3), True),
    "a stream without an end": (Fault(end_after=3), True),
}
"""How a provider goes wrong, and whether of a stream."""


async def _with_fault(
    gateway: Gateway, service: Service, provider: ProviderServer, fault: Fault, stream: bool, many: int
) -> list[Answer]:
    provider.faults.extend([fault] * many)
    asked = (
        Caller(gateway.url).ask(service.key, "bench", f"Case {number}.", stream=stream)
        for number in range(many)
    )
    answers = await asyncio.gather(*asked)
    assert not provider.faults
    after = await Caller(gateway.url).ask(service.key, "bench", "And now?")
    assert after.status == 200, after.body
    return answers


def provider(folder: Path, *, many: int = 50) -> list[dict[str, Any]]:
    """Each fault many times at once: every caller is told in time, with a code, and the next one is answered."""
    rows = []
    with ProviderServer() as server:
        server.answer = "The applicant appears to meet the residency condition."
        route = {
            "model": "openai/fake",
            "api_base": server.base_url,
            "retries": 0,
            "timeout_seconds": TIMEOUT_SECONDS,
            "idle_seconds": TIMEOUT_SECONDS,
        }
        service = Service(folder, server.base_url, settings={**PATTERNS, "models": {"default": route}})
        service.make_keys()
        with service.serving() as gateway:
            for name, (fault, stream) in FAULTS.items():
                answers = asyncio.run(_with_fault(gateway, service, server, fault, stream, many))
                told = Counter(f"{answer.status} {answer.code}" for answer in answers)
                assert all(answer.code for answer in answers), (name, told)
                assert {answer.status for answer in answers} <= ({200} if stream else {502, 504}), (
                    name,
                    told,
                )
                slowest = max(answer.seconds for answer in answers)
                rows.append({"fault": name, "many": many, "told": dict(told), "slowest_seconds": slowest})
    return rows


async def _through_a_loss(
    gateway: Gateway, service: Service, server: PostgresServer, away_seconds: float
) -> tuple[list[Answer], float]:
    """Callers go on asking while the server is killed and started again; and how soon one is answered then."""
    answers: list[Answer] = []
    over = asyncio.Event()

    async def calling() -> None:
        caller = Caller(gateway.url)
        while not over.is_set():
            answers.append(await caller.ask(service.key, "bench", "Please help."))
            await asyncio.sleep(0.02)

    callers = [asyncio.create_task(calling()) for _ in range(8)]
    async with asyncio.timeout(SECONDS):
        while sum(answer.status == 200 for answer in answers) < 20:
            await asyncio.sleep(0.01)
    await asyncio.to_thread(server.kill)
    await asyncio.sleep(away_seconds)
    await asyncio.to_thread(server.start)
    loop = asyncio.get_running_loop()
    back, seen = loop.time(), len(answers)
    while not any(answer.status == 200 for answer in answers[seen:]):
        await asyncio.sleep(0.01)
        assert loop.time() < back + 60, "the gateway did not recover"
    recovered = loop.time() - back
    over.set()
    await asyncio.gather(*callers)
    return answers, recovered


def database(
    folder: Path, *, times: int = 5, away_seconds: float = 3.0, disk: Path | None = None
) -> dict[str, Any]:
    """PostgreSQL killed under load and started again: only 503s meanwhile, and nothing that was answered is lost."""
    told: Counter[str] = Counter()
    recovered: list[float] = []
    good: set[str] = set()
    with ProviderServer() as upstream, own_server(within=disk) as server:
        name = server.database()
        service = Service(folder, upstream.base_url, server.address(name), PATTERNS)
        service.make_keys()
        with service.serving() as gateway:
            for _ in range(times):
                answers, seconds = asyncio.run(_through_a_loss(gateway, service, server, away_seconds))
                told.update(f"{answer.status} {answer.code}".strip() for answer in answers)
                good |= {answer.advice for answer in answers if answer.status == 200}
                recovered.append(seconds)
        assert set(told) <= {"200", "503 log_unavailable"}, told
        with server.connect(name) as connection:
            rows = connection.execute(
                "SELECT event::json->>'advice', event::json->>'type' FROM events"
            ).fetchall()
        lost = good - {advice for advice, kind in rows if kind == "advice.received"}
        assert not lost, f"{len(lost)} answers are not on record"
        service.command("audit", "verify")
    return {
        "times": times,
        "away_seconds": away_seconds,
        "told": dict(told),
        "recovered_seconds": max(recovered),
    }


@contextmanager
def small_disk(folder: Path, megabytes: int = 24) -> Iterator[Path]:
    """A file system in memory of its own; PermissionError where this user may not mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        raise PermissionError("only root can mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _leave(disk: Path, ballast: Path, free: int) -> None:
    """Fill the disk up to so many bytes."""
    found = os.statvfs(disk)
    with ballast.open("ab") as file:
        file.write(b"\0" * max(0, found.f_bavail * found.f_frsize - free))


async def _on_a_full_disk(
    disk: Path, gateway: Gateway, service: Service, step: int, most: int
) -> dict[str, Any]:
    caller = Caller(gateway.url)
    told: Counter[str] = Counter()
    good: set[str] = set()
    slowest = 0.0
    loop = asyncio.get_running_loop()
    for free in range(0, most, step):
        before = await caller.ask(service.key, "bench", "Please help.")
        assert before.status == 200, before.body
        ballast = disk / "ballast"
        _leave(disk, ballast, free)
        asked = [await caller.ask(service.key, "bench", "Please help. " * 20) for _ in range(3)]
        decided = await caller.accept(service.reviewer, before.advice)
        ballast.unlink()
        freed = loop.time()
        while (again := await caller.ask(service.key, "bench", "And now?")).status != 200:
            assert again.code == "log_unavailable", again.body
            assert loop.time() < freed + 30, "the gateway did not recover"
            await asyncio.sleep(0.02)
        slowest = max(slowest, loop.time() - freed)
        told.update(f"{answer.status} {answer.code}".strip() for answer in [*asked, decided])
        good |= {answer.advice for answer in [before, again, *asked] if answer.status == 200}
    assert set(told) <= {"200", "201", "503 log_unavailable"}, told
    return {"told": dict(told), "recovered_seconds": slowest, "good": good}


def disk(folder: Path, *, step: int = 4_096, most: int = 600_000) -> dict[str, Any]:
    """Full after each page that a request writes: a 503, or an answer that is on record; then all is well again."""
    with ProviderServer() as upstream, small_disk(folder / "small") as small:
        settings = {**PATTERNS, "limits": {"disk_free_bytes": 0}}
        service = Service(small, upstream.base_url, settings=settings)
        service.make_keys()
        with service.serving() as gateway:
            found = asyncio.run(_on_a_full_disk(small, gateway, service, step, most))
        service.command("audit", "verify")
        service.command("check")
        good: set[str] = found.pop("good")
        on_record = _received(small / "one" / "countersign.db")
        assert good <= on_record, f"{len(good - on_record)} answers are not on record"
    return {"steps": len(range(0, most, step)), "step_bytes": step, **found}


def _received(file: Path) -> set[str]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT event ->> 'advice' FROM events WHERE event ->> 'type' = 'advice.received'"
        ).fetchall()
    finally:
        connection.close()
    return {str(advice) for (advice,) in rows}
