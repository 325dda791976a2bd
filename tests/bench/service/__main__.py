"""Load and faults of a gateway in service, measured and reported.

python -m tests.bench.service [--only NAME …] [--quick] [--people N] [--minutes N] [--out docs]

Each part ends by itself. What was measured is kept in .bench/service.json, part by part, and reported from there.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.bench.service import day, department, faults, kills, rebuilding, report, waiting
from tests.bench.targets import PEERS

KEPT: Final = PEERS / "service.json"


def main() -> None:
    """Measure what is asked for, then report everything that is known."""
    options = _options()
    parts = _parts(options)
    known: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for name in options.only if options.only is not None else parts:
        print(f"{name} …", file=sys.stderr)
        began = time.monotonic()
        # A folder that PostgreSQL's own user may enter, on the disk of the machine's temporary files.
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            found = parts[name](Path(folder))
        known[name] = {
            "found": found,
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "load": os.getloadavg()[2],
            "took": time.monotonic() - began,
        }
        PEERS.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(known, indent=1))
    if options.out:
        report.write(known, options.out)
    else:
        print(report.service_page(known, PEERS))


def _parts(options: argparse.Namespace) -> dict[str, Callable[[Path], Any]]:
    quick = options.quick
    return {
        "waiting": lambda folder: waiting.run(folder, **({"held": 200, "streams": 50} if quick else {})),
        "provider": lambda folder: faults.provider(folder, **({"many": 10} if quick else {})),
        "database": lambda folder: faults.database(folder, times=2 if quick else 5, disk=folder),
        "disk": lambda folder: faults.disk(folder, **({"step": 40_960} if quick else {})),
        "kills": lambda folder: kills.run_both(folder, **({"times": 6} if quick else {})),
        "day": lambda folder: day.run(
            folder, requests=2_000 if quick else options.requests, hours=options.hours, speed=options.speed
        ),
        "rebuilding": lambda folder: rebuilding.run(folder, events=5_000 if quick else options.events),
        "department": lambda folder: department.run(
            folder, people=options.people, minutes=2 if quick else options.minutes, gateways=options.gateways
        ),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.service",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--only", nargs="*", metavar="NAME", help="these parts; none: report what is known")
    parser.add_argument("--quick", action="store_true", help="a short form of each")
    parser.add_argument("--people", type=int, default=10_000, help="of the department")
    parser.add_argument("--requests", type=int, default=20_000, help="of the day")
    parser.add_argument("--hours", type=float, default=24, help="of the day")
    parser.add_argument(
        "--speed", type=float, default=96, help="of the day: 96 has 24 hours pass in 15 minutes"
    )
    parser.add_argument("--events", type=int, default=400_000, help="of which projections are made again")
    parser.add_argument("--minutes", type=float, default=60, help="of its busiest hour")
    parser.add_argument("--gateways", type=int, default=2, help="of the department, at most 3")
    parser.add_argument(
        "--out", type=Path, help="write benchmarks-service.md and capacity.md there, with charts"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
