"""SIGKILL again and again, under load and while a gateway starts: what was answered is on record, and nothing else is.

The load: streams, requests that are held, callers who wait for a decision, decisions, erasures, and content keys that
are moved from one wrapping key to the next.
"""

import asyncio
import contextlib
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

import orjson

from audit import decode_event, verify_directory
from gateway.storage import DESTROYED, PROJECTIONS, open_database
from tests.bench.service.gateways import Answer, Caller, Service
from tests.forked_gateway import START_SECONDS, wait_until_ready
from tests.postgres_server import own_server
from tests.provider_server import ProviderServer

ANSWER: Final = "The applicant appears to meet the residency condition."
PATTERNS: Final = {"redaction": {"name_model": None}}
KINDS: Final = ("stream", "held", "wait")
"""What a caller does all the time; of each there are two."""
WHILE_STARTING: Final = 5
"""Every so many starts are killed before the gateway is ready."""
BETWEEN: Final = 50
"""Kills after which projections and contents are compared as well; the log and the answers are after each."""
_ADVICE: Final = re.compile(rb'"advice_id": ?"([^"]+)"')


@dataclass
class Acknowledged:
    """What callers were told, by what must then be on record."""

    events: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    released: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)


class Record:
    """The events of the log, read on from where they were read last."""

    def __init__(self, service: Service) -> None:
        self._database = open_database(service.folder / "one" / "countersign.db", service.address)
        self._next = 0
        self.by_advice: dict[str, set[str]] = defaultdict(set)

    def rows(self, query: str) -> list[Any]:
        return self._database.read(lambda connection: connection.execute(query).fetchall())

    def read_on(self) -> None:
        for (raw,) in self.rows(f"SELECT event FROM events WHERE idx >= {self._next} ORDER BY idx"):
            event: dict[str, Any] = decode_event(raw.encode())
            self._next += 1
            if "advice" in event:
                self.by_advice[event["advice"]].add(event["type"])

    @property
    def events(self) -> int:
        return self._next

    def projections(self) -> dict[str, list[str]]:
        found = {}
        for table in PROJECTIONS:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            found[table.name] = sorted(map(repr, self.rows(f'SELECT {columns} FROM "{table.name}"')))
        return found

    def sealed(self) -> set[str]:
        """The advice whose content or key is there."""
        content = {row[0] for row in self.rows("SELECT advice FROM sealed")}
        keys = self.rows("SELECT scope, wrapped FROM content_keys")
        return content | {scope for scope, wrapped in keys if wrapped != DESTROYED}


class Load:
    """Callers of one gateway, until it is gone."""

    def __init__(self, service: Service, url: str, said: Acknowledged, rng: random.Random) -> None:
        self._service, self._url, self._said, self._rng = service, url, said, rng
        self._begun = sum(said.answers.values())

    async def run_until(self, kill: asyncio.Event) -> None:
        """Begin; once `kill` is set, everybody ends with what they were told."""
        callers = [asyncio.create_task(self._going_on(kind)) for kind in (*KINDS, *KINDS, "decide")]
        await kill.wait()
        for caller in callers:
            caller.cancel()
        for ended in await asyncio.gather(*callers, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    def has_answered(self, least: int) -> bool:
        """So many times, by this gateway; and there was an erasure, by this one or another."""
        return bool(self._said.erased) and sum(self._said.answers.values()) - self._begun >= least

    async def _going_on(self, kind: str) -> None:
        caller = Caller(self._url)
        with contextlib.closing(caller), contextlib.suppress(ConnectionResetError):
            while True:
                await getattr(self, f"_{kind}")(caller)

    async def _send(self, what: str, answering: "asyncio.Future[Answer] | Any") -> Answer:
        answer: Answer = await answering
        if not answer.status:
            raise ConnectionResetError
        self._said.answers[f"{what} {answer.status} {answer.code}".strip()] += 1
        return answer

    async def _ask(self, model: str, **more: Any) -> Answer:
        number = self._rng.randrange(10**9)
        text = f"Please help with {number}: write to ann.{number}@example.org."
        case = f"case-{number % 50}"
        return await self._send(
            model, Caller.ask(more.pop("caller"), self._service.key, model, text, case=case, **more)
        )

    async def _stream(self, caller: Caller) -> None:
        answer = await self._ask("bench", caller=caller, stream=True)
        if b"data: [DONE]" in answer.body and (found := _ADVICE.search(answer.body)):
            self._said.events[found[1].decode()] |= {"advice.requested", "advice.received"}

    async def _wait(self, caller: Caller) -> None:
        answer = await self._ask("bench-held", caller=caller, Prefer="wait=30")
        if answer.status in (200, 202):
            self._said.events[answer.advice] |= {"advice.requested", "advice.received"}
        if answer.status == 200:
            self._told_of_release(answer.advice)

    async def _decide(self, caller: Caller) -> None:
        """On what others wait for."""
        path = "/v1/advice?status=pending&policy=bench-held"
        listed = await self._send("list", caller.send("GET", path, self._service.reviewer))
        waiting = [one["id"] for one in orjson.loads(listed.body).get("data", ())]
        if waiting:
            await self._decided(caller, self._rng.choice(waiting), "accept")
        await asyncio.sleep(0.02)

    async def _held(self, caller: Caller) -> None:
        asked = await self._ask("bench-held", caller=caller)
        if asked.status != 202:
            return
        self._said.events[asked.advice] |= {"advice.requested", "advice.received"}
        await self._decided(caller, asked.advice, self._rng.choice(("accept", "reject")))
        path = f"/v1/advice/{asked.advice}"
        read = await self._send("fetched", caller.send("GET", path, self._service.key))
        if b'"completion"' in read.body:
            self._told_of_release(asked.advice)
        if self._rng.random() < 0.3:
            await self._erase(caller, asked.advice)

    async def _decided(self, caller: Caller, advice: str, decision: str) -> None:
        body = {"decision": decision, "reason": "Because."}
        path = f"/v1/advice/{advice}/decisions"
        decided = await self._send("decided", caller.send("POST", path, self._service.reviewer, body))
        if decided.status == 201:
            status = orjson.loads(decided.body)["status"]
            self._said.events[advice] |= {"decision.recorded", f"advice.{status}"}

    def _told_of_release(self, advice: str) -> None:
        self._said.events[advice].add("advice.released")
        self._said.released.add(advice)

    async def _erase(self, caller: Caller, advice: str) -> None:
        """As an admin, who now and then moves all keys."""
        body = {"advice": advice, "reason": "subject_request"}
        erased = await self._send("erased", caller.send("POST", "/v1/erasures", self._service.admin, body))
        if erased.status == 200:
            self._said.events[advice].add("content.erased")
            self._said.erased.add(advice)
        if self._rng.random() < 0.1:
            await self._send("moved", caller.send("POST", "/v1/master-key/rotations", self._service.admin))


async def _killed_under_load(process: BaseProcess, load: Load, rng: random.Random, least: int) -> None:
    """At a moment by chance, once so many were answered, and something was erased, in this round or an earlier one."""
    kill = asyncio.Event()
    running = asyncio.create_task(load.run_until(kill))
    async with asyncio.timeout(START_SECONDS):
        while not load.has_answered(least) and not running.done():
            await asyncio.sleep(0.005)
    await asyncio.sleep(rng.uniform(0, 0.5))
    process.kill()
    await asyncio.to_thread(process.join)
    kill.set()
    await running


@contextlib.contextmanager
def _service(folder: Path, provider: str, kept_in: str) -> Iterator[Service]:
    with contextlib.ExitStack() as stack:
        address = None
        if kept_in == "postgresql":
            server = stack.enter_context(own_server())
            address = server.address(server.database())
        service = Service(folder, provider, address, PATTERNS)
        service.make_keys()
        yield service


def run(folder: Path, *, kept_in: str, kills: int, most_seconds: float, least: int = 1) -> dict[str, Any]:
    """So many kills, or fewer where the time is over; AssertionError where something that was answered is lost.

    `least`: answers before a kill. What is compared: after each kill, that the log verifies and has what callers were
    told; now and then and at the end, that the contents are as recorded, those erased are gone, and the projections are
    what the events say.
    """
    rng, said = random.Random(), Acknowledged()
    began, done, starting = time.monotonic(), 0, 0
    with ProviderServer() as provider, _service(folder, provider.base_url, kept_in) as service:
        provider.answer = ANSWER
        provider.chunk_seconds = 0.01
        record = Record(service)
        while done < kills and time.monotonic() - began < most_seconds:
            process, url = service.forked()
            if done % WHILE_STARTING == WHILE_STARTING - 1:
                time.sleep(rng.uniform(0, 1))
                process.kill()
                process.join()
                starting += 1
            else:
                wait_until_ready(process, url)
                asyncio.run(_killed_under_load(process, Load(service, url, said, rng), rng, least))
            provider.requests.clear()
            done += 1
            _compare(record, said)
            if done % BETWEEN == 0:
                _compare_all(service, record, said)
        process, url = service.forked()  # settles what the last kill left
        wait_until_ready(process, url)
        process.terminate()
        process.join()
        _compare(record, said)
        _compare_all(service, record, said)
    left = [one for one, types in record.by_advice.items() if types == {"advice.requested"}]
    assert not left, f"{kept_in}: {len(left)} pieces of advice were never settled"
    return {
        "kept_in": kept_in,
        "kills": done,
        "while_starting": starting,
        "seconds": time.monotonic() - began,
        "answers": dict(sorted(said.answers.items())),
        "advice": len(said.events),
        "required_events": sum(map(len, said.events.values())),
        "released": len(said.released),
        "erased": len(said.erased),
        "events": record.events,
        "interrupted": sum("advice.failed" in types for types in record.by_advice.values()),
    }


def run_both(folder: Path, *, times: int = 200, most_seconds: float = 1_200) -> list[dict[str, Any]]:
    """Half of the kills, and of the time, on each kind of database."""
    found = []
    for kept_in in ("sqlite", "postgresql"):
        own = folder / kept_in
        own.mkdir()
        found.append(run(own, kept_in=kept_in, kills=times // 2, most_seconds=most_seconds / 2, least=5))
    return found


def _compare(record: Record, said: Acknowledged) -> None:
    record.read_on()
    for advice, events in said.events.items():
        missing = events - record.by_advice[advice]
        assert not missing, f"{advice}: a caller was told of {missing}, which is not on record"
    for advice in said.released:
        assert "advice.accepted" in record.by_advice[advice]
        assert "advice.rejected" not in record.by_advice[advice]


def _compare_all(service: Service, record: Record, said: Acknowledged) -> None:
    data = service.folder / "one"
    with open_database(data / "countersign.db", service.address).verifiable(data) as copy:
        report = verify_directory(copy)
    assert report.ok, [str(finding) for finding in report.findings]
    assert service.command("check") == "All content is as recorded.\n"
    assert not said.erased & record.sealed()
    before = record.projections()
    service.command("rebuild")
    after = record.projections()
    assert not [name for name in before if before[name] != after[name]], "projections differ from the events"
