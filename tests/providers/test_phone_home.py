"""Nothing calls home: seen from a process in which every connection and every look-up is noted."""

import json
import subprocess
import sys
from pathlib import Path

CONNECTS = ("connect", "connect_ex", "sendto")
ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, json, os, socket, sys, threading
asked = []
def note(name):
    real = getattr(socket, name, None) or getattr(socket.socket, name)
    def noted(*arguments, **named):
        asked.append([name, repr(arguments)])
        return real(*arguments, **named)
    return noted
def note_address(name):
    real = getattr(socket.socket, name)
    def noted(self, address, *rest):
        if self.family != socket.AF_UNIX:
            asked.append([name, str(address[0])])
        return real(self, address, *rest)
    return noted
for name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, name, note(name))
for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, note_address(name))

before = set(sys.modules)
environment = dict(os.environ)
import gateway.providers
assert "litellm" not in sys.modules and "openai" not in sys.modules
assert dict(os.environ) == environment and threading.active_count() == 1
from gateway.providers import ModelRoute, Providers
base = sys.argv[1]
providers = Providers({
    "direct": ModelRoute(model="openai/m", api_base=base),
    "rehearsal": ModelRoute(model="rehearsal/extract"),
    "delegated": ModelRoute(model="deepseek/m", api_base=base, api_key_env="K"),
    "translated": ModelRoute(model="mistral/m", api_base=base, api_key_env="K"),
    "anthropic": ModelRoute(model="anthropic/claude-sonnet-4-5", api_base=base, api_key_env="K", retries=0),
    "ollama": ModelRoute(model="ollama_chat/m", api_base=base, retries=0),
}, environ={"K": "k"})
providers.load()
async def ask():
    request = {"messages": [{"role": "user", "content": "MARKED on 3 May"}]}
    for name in ("direct", "rehearsal", "delegated", "translated"):
        await providers.complete([name], request)
        async with await providers.stream([name], request) as stream:
            [chunk async for chunk in stream]
    for name in ("anthropic", "ollama"):
        try:
            await providers.complete([name], request)
        except gateway.providers.ProviderError:
            pass  # the server speaks another interface; what counts is whom it made us call
    await asyncio.sleep(0.2)  # what litellm does in the background
    await providers.aclose()
asyncio.run(ask())
import litellm
assert not litellm.callbacks and not litellm.success_callback and litellm.telemetry is False
assert litellm.drop_params is False
print(json.dumps(asked))
"""


def test_importing_loading_and_asking_reach_only_the_provider() -> None:
    from tests.provider_server import ProviderServer

    with ProviderServer() as server:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, server.base_url],
            cwd=ROOT,
            env={"PATH": "", "PYTHONPATH": str(ROOT), "LITELLM_LOG": "DEBUG"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    hosts = {where for name, where in json.loads(done.stdout) if name in ("connect", "connect_ex", "sendto")}
    look_ups = [
        where for name, where in json.loads(done.stdout) if name not in ("connect", "connect_ex", "sendto")
    ]
    assert hosts == {"127.0.0.1"}
    assert all("127.0.0.1" in where for where in look_ups)
    assert "MARKED" not in done.stdout + done.stderr
