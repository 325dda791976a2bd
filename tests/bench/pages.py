"""How long each page takes with many pieces of advice in the log, in a gateway of its own.

python -m tests.bench.pages [PIECES] [FOLDER]    (100,000 by default; FOLDER is kept and used again)
"""

import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.gateway_server import GatewayServer
from tests.ledger import open_ledger
from tests.oversight.history import write_history
from tests.provider_server import ProviderServer
from tests.web.conftest import served

_TRIES = 15
_ASKED = 20
_OVERSIGHT = (
    "/record",
    "/record?policy=case-summary&status=rejected",
    "/record?person=p_0000000000000003&stage=pilot",
    "/record/ADVICE",
    "/record/ADVICE/proof.json",
    "/measures",
    "/measures?by=policy",
    "/measures/accepted?by=week",
    "/measures/hasty?by=decider",
    "/measures/accepted/chart.svg?by=policy",
    "/measures.csv?by=application",
    "/concerns",
    "/policies",
    "/policies/held",
)
_DECIDERS = (
    "/advice",
    "/advice?whose=decided",
    "/advice?order=newest",
    "/advice?due=over",
    "/advice?case=CASE",
    "/advice?requester=p_0000000000000003",
    "/advice?whose=decided&requester=p_0000000000000003",
)


def main() -> None:
    """Write the log unless it is there, ask for each page, and print medians."""
    pieces = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp())
    if not (folder / "log.key").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with open_ledger(folder) as ledger:
            ledger.signer.save(folder / "log.key")
            (folder / "log.vkey").write_text(ledger.signer.verifier_key + "\n")
            write_history(ledger, pieces, seed=1, batch=500)
    with tempfile.TemporaryDirectory() as made, ProviderServer() as provider:
        data = shutil.copytree(folder, Path(made) / "data")  # people are made in it
        with served(data, provider, passwords=("olu", "ben")) as site:
            for number in range(
                _ASKED
            ):  # with content, which a page of the queue opens to show its first words
                site.ask("The rent was not paid. " * 900, metadata={"case": f"CASE-{number % 2}"})
            print(f"{site.resources.log.size} events, {pieces} pieces of advice; median of {_TRIES}, in ms")
            _measure(site, "olu", _OVERSIGHT)
            _measure(site, "ben", _DECIDERS)


def _measure(site: GatewayServer, who: str, paths: tuple[str, ...]) -> None:
    with site.browser(who) as client:
        places = {
            "ADVICE": _first(r"/record/(adv_\w+)", client.get("/record?status=accepted").text),
            "CASE": _first(r"case=(case_\w+)", client.get("/advice?order=newest").text),
        }
        for path in paths:
            times = []
            for _ in range(_TRIES):
                began = time.perf_counter()
                answer = client.get(re.sub("ADVICE|CASE", lambda name: places[name[0]], path))
                times.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, (path, answer.status_code)
            print(f"{statistics.median(times):8.1f}  {max(times):8.1f}  {len(answer.content):7}  {path}")


def _first(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    return found[1] if found else ""


if __name__ == "__main__":
    main()
