"""How fast an overseer verifies and mirrors: `python -m tests.bench.overseeing [EVENTS] [FOLDER]`.

Writes a log of that many events (a million unless told otherwise) as the gateway would, once, then measures on it
in processes of their own: mirroring it, and verifying database and mirror with one process and with two.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

from audit import Log, Signer

ORIGIN = "bench.example/log"
REQUESTED = {
    "type": "advice.requested",
    "actor": "application:casebook",
    "policy": {"id": "case-summary", "version": "a" * 64},
    "case": "c" * 40,
    "review": {
        "gate": "release",
        "deciders": 1,
        "not_the_requester": True,
        "view_first": False,
        "accept_reason": False,
        "reject_reason": True,
        "decide_within": 432_000,
        "confirm": [],
    },
    "redactions": {"PERSON": 2, "UK_NINO": 1},
    "commitments": {"request": "b" * 64, "sent": "d" * 64},
}
SHOWN = {"type": "advice.shown", "actor": "gateway", "to": "person:8c1e90c4a7f24f0c"}
DECIDED = {
    "type": "decision.recorded",
    "actor": "person:8c1e90c4a7f24f0c",
    "policy": {"id": "case-summary", "version": "a" * 64},
    "decision": "accept",
    "text": 0,
    "caveats_read": ["not-a-decision"],
    "commitments": {"reason": "e" * 64},
}
ACCEPTED = {
    "type": "advice.accepted",
    "actor": "person:8c1e90c4a7f24f0c",
    "policy": {"id": "case-summary", "version": "a" * 64},
    "text": 0,
}
KINDS = (REQUESTED, SHOWN, DECIDED, ACCEPTED)


def write(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    signer = Signer.generate(ORIGIN)
    signer.save(folder / "log.key")
    (folder / "log.vkey").write_text(signer.verifier_key + "\n")
    log = Log.open(folder / "countersign.db", signer, checkpoint_file=folder / "checkpoint")
    for start in range(0, count, 500):
        numbers = range(start, min(count, start + 500))
        log.submit(
            lambda t, numbers=numbers: [
                t.append({**KINDS[n % 4], "advice": f"adv-{n // 4:024x}"}) for n in numbers
            ]
        ).result()
    log.close()


def measured(*arguments: object) -> str:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "audit", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert done.returncode == 0, done.stdout + done.stderr
    return f"{seconds:6.2f} s, {processor:6.2f} s of processor time, at most {after.ru_maxrss // 1024} MB"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else f".bench/overseeing-{count}")
    data, mirror = folder / "data", folder / "mirror"
    if not data.exists():
        began = time.monotonic()
        write(data, count)
        print(f"wrote {count:,} events in {time.monotonic() - began:.1f} s")
    if not mirror.exists():
        print("mirror             ", measured("mirror", data, mirror))
    for name, where in (("verify the database", data), ("verify the mirror  ", mirror)):
        for processes in (1, 2):
            print(name, processes, measured("verify", where, "--processes", processes))


if __name__ == "__main__":
    main()
