"""docs/responses.md: its example runs as it stands there, and its table has every field."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from gateway.api.responses.fields import REFUSED, ResponseRequest
from tests.gateway_server import GatewayServer

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "responses.md").read_text("utf-8")


def test_the_example_runs_as_it_stands_there(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh(policies=ROOT / "policies", prompts=ROOT / "prompts")
    match = re.search(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    assert match is not None
    assert len([line for line in match[1].splitlines() if line]) <= 10
    done = subprocess.run(
        [sys.executable, "-c", match[1]],
        env={**os.environ, "OPENAI_BASE_URL": f"{gateway.url}/v1", "OPENAI_API_KEY": gateway.key},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second, third = done.stdout.splitlines()[-3:]
    assert first.startswith("Ann Lee called. [{")
    assert second.startswith("queued http")
    assert third == "queued"


def test_every_field_is_in_the_table() -> None:
    fields = GUIDE[GUIDE.index("## Fields of a request") : GUIDE.index("Items of `input`")]
    documented = re.findall(r"^\| `([a-z_]+)` \| (refused)?", fields, re.MULTILINE)
    assert {name for name, _ in documented} == {*ResponseRequest.model_fields, *REFUSED}
    assert {name for name, refused in documented if refused} == set(REFUSED)
