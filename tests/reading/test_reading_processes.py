"""Texts read in processes of their own: the same redaction, and nothing is sent when one of them ends."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.reading import Reader, ReadingProcess, ReadingStopped, start_processes, tasks
from gateway.redaction import ModelMissing, RedactionFailed, RedactionSettings, Redactor, Unreadable
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="finds processes in Linux's /proc"
)
PATTERNS = RedactionSettings(name_model=None)
ASKED = {"messages": [{"role": "user", "content": "NI number MM123456C, write to t.quilp@example.org."}]}


def readers_of(pid: int) -> list[int]:
    """The reading processes that a process has started."""
    started = " ".join(task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")).split()
    return [int(one) for one in started if b"gateway.reading" in Path(f"/proc/{one}/cmdline").read_bytes()]


@pytest.fixture
async def process() -> AsyncIterator[ReadingProcess]:
    started = ReadingProcess(PATTERNS)
    await started.start()
    yield started
    await started.close()


def fails_with_the_text(_: Redactor, text: str) -> None:
    raise ValueError(text)


def prints_and_ends(_: Redactor, word: str) -> str:
    print(word)
    return word.upper()


async def test_a_request_is_redacted_as_in_the_gateway_itself(process: ReadingProcess) -> None:
    there = await process.run(tasks.redact, [ASKED], {"subjects": ["t.quilp"]})
    assert there == Redactor.load(PATTERNS).redact(ASKED, subjects=["t.quilp"])
    assert there.counts == {"EMAIL_ADDRESS": 1, "UK_NINO": 1}


async def test_what_can_t_be_read_is_refused_with_its_field(process: ReadingProcess) -> None:
    greek = {"messages": [{"role": "user", "content": "Η Μαρία τηλεφώνησε."}]}
    with pytest.raises(Unreadable) as raised:
        await process.run(tasks.redact, [greek], {})
    assert raised.value.param == "messages[0].content"


async def test_a_fault_there_is_told_without_the_text(process: ReadingProcess) -> None:
    with pytest.raises(RedactionFailed) as raised:
        await process.run(fails_with_the_text, ["Tamsin Quilp"], {})
    assert "Quilp" not in repr(raised.value)
    assert raised.value.__cause__ is None


async def test_what_a_library_prints_is_no_answer(process: ReadingProcess) -> None:
    assert await process.run(prints_and_ends, ["quilp"], {}) == "QUILP"


async def test_one_that_has_ended_is_told_and_started_again(process: ReadingProcess) -> None:
    (pid,) = readers_of(os.getpid())
    asked = asyncio.create_task(process.run(tasks.redact, [ASKED], {}))
    os.kill(pid, signal.SIGKILL)
    await asyncio.wait([asked])
    assert asked.exception() is None or isinstance(asked.exception(), ReadingStopped)
    assert (await process.run(tasks.redact, [ASKED], {})).counts == {"EMAIL_ADDRESS": 1, "UK_NINO": 1}
    assert readers_of(os.getpid()) not in ([], [pid])


async def test_a_signal_that_ends_the_gateway_leaves_it_reading_until_its_input_ends() -> None:
    process = ReadingProcess(PATTERNS)
    await process.start()
    (pid,) = readers_of(os.getpid())
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGINT)
    assert (await process.run(tasks.redact, [ASKED], {})).counts["UK_NINO"] == 1
    await process.close()
    assert readers_of(os.getpid()) == []


async def test_it_has_none_of_the_gateways_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", "not for readers")
    monkeypatch.setenv("OPENAI_API_KEY", "not for readers")
    process = ReadingProcess(PATTERNS)
    await process.start()
    (pid,) = readers_of(os.getpid())
    environment = await asyncio.to_thread(Path(f"/proc/{pid}/environ").read_bytes)
    assert b"not for readers" not in environment
    await process.close()


async def test_one_that_can_t_load_its_models_says_which() -> None:
    process = ReadingProcess(RedactionSettings(name_model="/nowhere"))
    with pytest.raises(ModelMissing, match=r"redaction\.name_model: the name model in /nowhere"):
        await process.start()
    assert readers_of(os.getpid()) == []
    await process.close()


def waits_for(_: Redactor, path: str) -> int:
    Path(f"{path}-awaited").touch()
    while not Path(path).exists():
        time.sleep(0.01)
    return os.getpid()


async def test_one_that_still_reads_holds_up_no_gateway_that_ends(tmp_path: Path) -> None:
    process = ReadingProcess(PATTERNS)
    await process.start()
    reading = asyncio.create_task(process.run(waits_for, [str(tmp_path / "never")], {}))
    gone = asyncio.create_task(process.run(process_id, [], {}))
    await asyncio.to_thread(wait_for, (tmp_path / "never-awaited").exists)
    gone.cancel()
    reading.cancel()
    await asyncio.wait([reading, gone])
    assert process.waiting == 1
    await asyncio.wait_for(process.close(), 20)


def process_id(_: Redactor) -> int:
    return os.getpid()


async def test_nobody_waits_for_a_long_text_while_another_process_is_free(tmp_path: Path) -> None:
    reader = Reader(
        Redactor.load(PATTERNS), await start_processes(PATTERNS.model_copy(update={"processes": 2}))
    )
    usual = await reader.run("a case", process_id)
    assert await reader.run("a case", process_id) == usual
    long = asyncio.create_task(reader.run("a case", waits_for, str(tmp_path / "done")))
    await asyncio.sleep(0)
    assert await reader.run("a case", process_id) != usual
    await asyncio.to_thread((tmp_path / "done").touch)
    assert await long == usual
    await reader.close()


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayServer]:
    settings = RedactionSettings(name_model=None, processes=2)
    with (
        ProviderServer() as provider,
        GatewayServer(tmp_path / "data", provider, redaction=settings) as served,
    ):
        yield served


def test_a_gateway_with_processes_redacts_inspects_and_compares(gateway: GatewayServer) -> None:
    assert len(readers_of(os.getpid())) == 2
    answer = gateway.ask("My NI number is MM123456C.", model="use").json()
    document = gateway.read("ben", answer["decision_support"]["advice_id"]).json()
    assert "MM123456C" not in str(document["sent"])
    assert document["evidence"] is not None


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [(ReadingStopped(), 503, "busy"), (RedactionFailed(""), 500, "redaction_failed")],
)
def test_an_answer_that_can_t_be_inspected_is_not_shown_and_its_failure_is_on_record(
    gateway: GatewayServer, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int, code: str
) -> None:
    def fails(self: Reader, about: str, read: object, *arguments: object, **named: object) -> object:
        if read is tasks.inspect:
            raise problem
        return run(self, about, read, *arguments, **named)  # type: ignore[arg-type]

    run = Reader.run
    monkeypatch.setattr(Reader, "run", fails)
    answer = gateway.ask("Please help.", model="use")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert gateway.events()[-1]["type"] == "advice.failed"
    assert gateway.events()[-1]["code"] == "redaction_failed"
