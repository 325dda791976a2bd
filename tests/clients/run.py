"""`make test-clients`: real clients against a gateway whose provider answers as several kinds of servers do.

python -m tests.clients.run [NAME ...]
"""

import argparse
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import structlog

from gateway.providers import ModelRoute
from tests.clients.provider import DIALECTS, DialectServer
from tests.gateway_server import GatewayServer

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
ENVIRONMENTS: Final = ROOT / ".venv-clients"
SECRETS: Final = (b"AB123456C", b"Ann Lee")
SECONDS: Final = 180
FEATURES: Final = (
    "chat",
    "stream",
    "tools",
    "structured",
    "errors",
    "held",
    "receipt",
    "released",
    "timeout",
    "cancel",
    "embeddings",
)
CLIENTS: Final = (
    "openai_client.py",
    "langgraph_client.py",
    "openai_agents_client.py",
    "pydantic_ai_client.py",
    "anthropic_client.py",
    "instructor_client.py",
    "litellm_client.py",
    "vercel_ai_client.mjs",
    "openai_node_client.mjs",
    "llamaindex_client.py",
    "haystack_client.py",
    "semantic_kernel_client.py",
)


def main() -> int:
    """1 if anything failed, or a value that is to be redacted reached the provider."""
    parser = argparse.ArgumentParser(prog="python -m tests.clients.run", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"some of {', '.join(CLIENTS)}; all, if none is named")
    names = parser.parse_args().names
    wanted = [client for client in CLIENTS if not names or Path(client).stem in names or client in names]
    if not os.environ.get("VERBOSE"):
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    warnings.filterwarnings("ignore", message=".*`ReadOnly` qualifier")  # litellm's types
    failures: list[str] = []
    table: list[str] = []
    with tempfile.TemporaryDirectory() as folder, DialectServer() as provider:
        routes = {dialect: _route(dialect, provider) for dialect in DIALECTS}
        policies = {"policies": HERE / "policies", "prompts": HERE / "policies", "models": routes}
        with (
            GatewayServer(Path(folder) / "data", provider, **policies) as gateway,
            ThreadPoolExecutor(1) as installing,
        ):
            commands = {
                client: installing.submit(_command, client) for client in wanted
            }  # the next meanwhile
            for client, command in commands.items():
                print(f"{client} ...", file=sys.stderr)
                began = time.monotonic()
                command.result()
                installed = time.monotonic()
                results = _run(command.result(), gateway, provider)
                waited = f"{installed - began:.0f} s until it was installed"
                seconds = f"{waited}, {time.monotonic() - installed:.0f} s to run"
                if any(secret in provider.received for secret in SECRETS):
                    results.append(
                        {"feature": "redaction", "failed": "a personal value reached the provider"}
                    )
                provider.requests.clear()
                table.append(_row(client, results))
                failures += [
                    f"{client} {one['feature']}: {one['failed']}" for one in results if one["failed"]
                ]
                print(f"  {seconds}", file=sys.stderr)
    print("| client | " + " | ".join(FEATURES) + " |")
    print("|---" * (len(FEATURES) + 1) + "|")
    print("\n".join(table))
    print("\n".join(failures), file=sys.stderr)
    return 1 if failures else 0


def _route(dialect: str, provider: DialectServer) -> ModelRoute:
    """As countersign.yaml would have it for a server of this kind."""
    name = {"vllm": "hosted_vllm", "anthropic": "openai"}.get(dialect, dialect)
    return ModelRoute(
        model=f"{name}/test-model", api_base=provider.address(dialect), retries=0, timeout_seconds=20
    )


def _row(client: str, results: Sequence[dict[str, Any]]) -> str:
    found = {one["feature"]: _outcome(one) for one in results}
    cells = [found.get(feature, "–") for feature in FEATURES]
    return f"| {Path(client).stem} {version_of(client)} | " + " | ".join(cells) + " |"


def _outcome(result: dict[str, Any]) -> str:
    return "failed" if result["failed"] else result.get("note") or "yes"


def version_of(client: str) -> str:
    """The pinned version of the package that the client is named after."""
    if client.endswith(".mjs"):
        package = {"vercel_ai_client.mjs": "ai"}.get(client, "openai")
        return str(json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"][package])
    first = re.search(r'dependencies = \["([\w-]+)', (HERE / client).read_text("utf-8"))
    assert first is not None, client
    lock = (HERE / f"{Path(client).stem}.lock").read_text("utf-8")
    pinned = re.search(rf"^{re.escape(first[1])}(?:\[\w+\])?==([\w.]+)", lock, re.MULTILINE)
    assert pinned is not None, client
    return pinned[1]


def _run(command: Sequence[str], gateway: GatewayServer, provider: DialectServer) -> list[dict[str, Any]]:
    """What the script reports; that it ended early is a failure of its own."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    addresses = {
        "COUNTERSIGN_URL": gateway.url,
        "COUNTERSIGN_KEY": gateway.key,
        "COUNTERSIGN_PERSON": gateway.people["ben"][1],
        "COUNTERSIGN_PROVIDER_COUNT": provider.count_url,
        "OPENAI_BASE_URL": f"{gateway.url}/v1",
        "OPENAI_API_BASE": f"{gateway.url}/v1",
        "OPENAI_API_KEY": gateway.key,
        "ANTHROPIC_BASE_URL": gateway.url,
        "ANTHROPIC_API_KEY": gateway.key,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, env={**known, **addresses}, cwd=HERE
        )
    except subprocess.TimeoutExpired:
        return [{"feature": "script", "failed": f"took more than {SECONDS} s"}]
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"feature"')]
    results = [json.loads(line) for line in lines]
    if os.environ.get("VERBOSE"):
        print(done.stdout, done.stderr, file=sys.stderr)
    if done.returncode != 0 or not results:
        results.append(
            {"feature": "script", "failed": f"ended with {done.returncode}: {done.stderr[-2000:]}"}
        )
    return results


# Environments


def _command(client: str) -> list[str]:
    if client.endswith(".mjs"):
        return [_node(), str(HERE / client)]
    return [str(python_of(HERE / f"{Path(client).stem}.lock")), str(HERE / client)]


def python_of(lock: Path) -> Path:
    """The interpreter of the environment of this lock file, made anew when the lock has changed."""
    home = ENVIRONMENTS / lock.stem
    python, stamp = home / "bin" / "python", home / "installed.lock"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        shared = Path(sys.executable).parent / "uv"
        if shared.exists():
            (home / "bin" / "uv").symlink_to(shared)
        installed = [str(ROOT / "tools" / "install.sh"), str(python), str(lock.relative_to(ROOT))]
        subprocess.run(installed, check=True, cwd=ROOT, stdout=sys.stderr)
        shutil.copyfile(lock, stamp)
    return python


def _node() -> str:
    """Node, of the version that the clients need: the machine's own, or the one that npm installs with them."""
    lock, stamp = HERE / "package-lock.json", HERE / "node_modules" / "installed.json"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=8"]
        subprocess.run(["npm", "ci", *options], check=True, cwd=HERE, stdout=sys.stderr)
        shutil.copyfile(lock, stamp)
    own = shutil.which("node")
    if (
        own
        and int(
            subprocess.run([own, "-p", "process.versions.node"], capture_output=True, text=True).stdout.split(
                "."
            )[0]
        )
        >= 22
    ):
        return own
    return str(HERE / "node_modules" / ".bin" / "node")


if __name__ == "__main__":
    sys.exit(main())
