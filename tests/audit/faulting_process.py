"""A gateway in small, whose system calls fail one by one: opens a log, appends, purges, closes, and says what held."""

import sys
from pathlib import Path

from audit import CHECKPOINT_FILE, DATABASE_FILE, KEY_FILE, AuditError, Log, Signer


def main(folder: Path) -> None:
    signer = Signer.load(folder / KEY_FILE)
    try:
        log = Log.open(folder / DATABASE_FILE, signer, checkpoint_file=folder / CHECKPOINT_FILE)
    except AuditError:
        print("refused", flush=True)
        return
    for number in range(4):
        try:
            print(
                log.submit(lambda transaction: transaction.append({"type": "a.b"})).result().result,
                flush=True,
            )
            if number == 1:
                log.purge().result()
        except AuditError:
            print("refused", flush=True)
    log.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
