"""Make the word list and the look-alikes of `gateway/redaction/lexicon/` from public lists.

    python tools/build_lexicon.py SCOWL CONFUSABLES

SCOWL is `usr/share/dict/scowl` of Debian's package `scowl` (2020.12.07); CONFUSABLES the file `confusables.json` of the
PyPI package `confusable-homoglyphs` (3.3.1: Unicode's own data). `field.txt` beside this file has words of this field
that dictionaries lack; it was written for this project.
"""

import gzip
import json
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "gateway" / "redaction" / "lexicon"
FIELD = Path(__file__).parent / "field.txt"
KINDS = ("english-words", "british-words", "british_z-words", "american-words")
SIZES = (10, 20, 35, 40, 50, 55, 60)


def lines(path: Path) -> list[str]:
    """The lines of a list of SCOWL, which is in Latin 1; none if it has no list of this size."""
    return path.read_text("latin-1").split() if path.exists() else []


def words(scowl: Path) -> set[str]:
    """Each word that a list of common words has, in small letters, without the ending of a possessive."""
    found = {
        word.lower().removesuffix("'s")
        for size in SIZES
        for kind in KINDS
        for word in lines(scowl / f"{kind}.{size}")
        if word == word.lower() and (len(word) > 1 or word in "ai")
    }
    field = (line for line in FIELD.read_text("utf-8").splitlines() if not line.startswith("#"))
    return found | {word for line in field for word in line.split()}


def confusables(path: Path) -> dict[str, str]:
    """Letters of other scripts that look like one letter or digit of ASCII."""
    look: dict[str, str] = {}
    for char, others in json.loads(path.read_text("utf-8")).items():
        for other in others:
            one = other["c"]
            alike = len(char) == len(one) == 1 and char.isalpha() and one.isalnum()
            if alike and one.isascii() and not char.isascii():
                look.setdefault(char, one)
    return dict(sorted(look.items()))


def main(scowl: Path, confusable: Path) -> None:
    """Write both, so that the same lists give the same bytes."""
    data = ("\n".join(sorted(words(scowl))) + "\n").encode()
    (OUT / "words.txt.gz").write_bytes(gzip.compress(data, 9, mtime=0))
    rows = [f"{ord(char):X} {one}" for char, one in confusables(confusable).items()]
    (OUT / "confusables.txt").write_text("\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
