"""A gateway in small, to be killed: appends from many threads and prints each index once it is answered."""

import sys
import threading
from pathlib import Path

from audit import CHECKPOINT_FILE, DATABASE_FILE, KEY_FILE, Log, Signer


def main(folder: Path) -> None:
    signer = Signer.load(folder / KEY_FILE)
    log = Log.open(folder / DATABASE_FILE, signer, checkpoint_file=folder / CHECKPOINT_FILE)
    printing = threading.Lock()

    def write() -> None:
        while True:
            index = log.submit(lambda transaction: transaction.append({"type": "a.b"})).result().result
            with printing:
                print(index, flush=True)

    threads = [threading.Thread(target=write, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    threads[0].join()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
