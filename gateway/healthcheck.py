"""`countersign-health [URL]`: exits with 0 where the gateway on this machine is ready, else with 1; for containers.

Nothing of the gateway is imported: it is run every few seconds, and has to be quick.
"""

import os
import sys
import urllib.error
import urllib.request
from typing import Final

_SECONDS: Final = 4.0
_SHOWN: Final = 2_000


def main() -> None:
    """Ask `/health/ready` and print what it says; URL: another address than that of COUNTERSIGN_PORT here."""
    port = os.environ.get("COUNTERSIGN_PORT", "8080")
    url = sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{port}/health/ready"
    ready, text = ask(url)
    sys.stdout.write(text + "\n")
    sys.exit(0 if ready else 1)


def ask(url: str) -> tuple[bool, str]:
    """Whether it is ready, and its words."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by way of a proxy
    try:
        with opener.open(url, timeout=_SECONDS) as answer:
            return answer.status == 200, answer.read(_SHOWN).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return False, error.read(_SHOWN).decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        return False, f"{url}: no answer ({type(error).__name__})"
