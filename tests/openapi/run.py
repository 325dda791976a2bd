"""`make test-openapi`: schemathesis sends what the OpenAPI document allows, and much that it doesn't, to a gateway.

Once as an application, and once as each of a caseworker, a reviewer, oversight and an admin. The gateway must answer
as the document says, and never with a 500. Rules that no schema can state (a cursor of another page, a reason that
this policy wants) are refused with a 400 or 422 that names the field, so `positive_data_acceptance` is left out.

python -m tests.openapi.run [EXAMPLES]
"""

import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import structlog

from gateway.redaction import RedactionSettings
from tests.clients.run import python_of
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer

LOCK: Final = Path(__file__).parent / "schemathesis.lock"
EXAMPLES: Final = "40"


def main() -> int:
    """1 if anything was found, which is printed with the request that shows it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    examples = sys.argv[1] if len(sys.argv) > 1 else EXAMPLES
    command = [str(python_of(LOCK).parent / "schemathesis"), "run", "--max-examples", examples]
    command += ["--exclude-path", "/v1/advice/events"]  # a stream without an end
    command += ["--exclude-checks", "positive_data_acceptance", "--request-timeout", "20", "--seed", "1"]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, ProviderServer() as provider:
        settings = {"redaction": RedactionSettings(name_model=None)}
        with GatewayServer(Path(folder), provider, **settings) as gateway:
            advice = [gateway.ask(model=model).headers["x-advice-id"] for model in ("held", "use")]
            gateway.decide("ben", advice[0])
            keys = {
                "application": gateway.key,
                **{name: token for name, (_, token) in gateway.people.items()},
            }
            for who, key in keys.items():
                headers = ["--header", f"Authorization: Bearer {key}"]
                done = subprocess.run(
                    [*command, *headers, f"{gateway.url}/openapi.json"],
                    capture_output=True,
                    text=True,
                    cwd=folder,
                )
                failed += done.returncode != 0
                lines = done.stdout.splitlines()
                print(f"{who}: {lines[-1].strip('= ') if lines else done.stderr}")
                if done.returncode:
                    print(done.stdout)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
