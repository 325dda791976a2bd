"""Make the word and name lists of `gateway/redaction/lexicon/` from public ones.

    python tools/build_lexicon.py SCOWL NAMES CONFUSABLES FAKER

SCOWL is `usr/share/dict/scowl` of Debian's package `scowl` (2020.12.07); NAMES the folder `names` of the PyPI package
of that name (0.3.0: the lists of the United States Census of 1990, public domain); CONFUSABLES the file
`confusables.json` of the PyPI package `confusable-homoglyphs` (3.3.1: Unicode's own data); FAKER the folder
`faker/providers/person` of the PyPI package `faker` (40.63.0, MIT).
"""

import ast
import gzip
import json
import re
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "gateway" / "redaction" / "lexicon"
WORDS = ("english-words", "british-words", "british_z-words", "american-words")
WORD = re.compile(r"[^\W\d_]+")
LEAST_WORLD = 35
SIZES = (10, 20, 35, 40, 50, 55, 60, 70, 80)


def lines(path: Path) -> list[str]:
    """The lines of a list of SCOWL, which is in Latin 1; none if it has no list of this size."""
    return path.read_text("latin-1").split() if path.exists() else []


def plain(word: str) -> str:
    """`word` in small letters without the ending of a possessive."""
    return word.lower().removesuffix("'s")


def words(scowl: Path) -> dict[str, int]:
    """Each word that a list of common words has, with the least size at which it has it."""
    sizes: dict[str, int] = {}
    for size in SIZES:
        for kind in WORDS:
            for word in lines(scowl / f"{kind}.{size}"):
                if word == word.lower() and (len(word) > 1 or word in "ai"):
                    sizes.setdefault(plain(word), size)
    return sizes


def proper(scowl: Path, given: set[str]) -> list[str]:
    """Words that have a capital and name nobody: days, months, languages, peoples, beliefs, short forms."""
    found = {plain(word) for size in (10, 35, 40) for word in lines(scowl / f"english-upper.{size}")}
    return sorted(word for word in found - given if len(word) > 1)


def short_forms(scowl: Path) -> list[str]:
    """Abbreviations, which are written in capitals and name nobody."""
    found = {plain(word) for size in SIZES[:-1] for word in lines(scowl / f"english-abbreviations.{size}")}
    return sorted(word for word in found if len(word) > 1)


def ranked(path: Path) -> dict[str, int]:
    """A name of a census list to its rank."""
    rows = (line.split() for line in path.read_text("ascii").splitlines())
    return {row[0].lower(): int(row[3]) for row in rows}


def ascii_only(char: str, one: str) -> bool:
    """Whether the second alone is ASCII."""
    return one.isascii() and not char.isascii()


def confusables(path: Path) -> dict[str, str]:
    """Letters of other scripts that look like one letter or digit of ASCII."""
    look: dict[str, str] = {}
    for char, others in json.loads(path.read_text("utf-8")).items():
        for other in others:
            one = other["c"]
            if len(char) == len(one) == 1 and char.isalpha() and one.isalnum() and ascii_only(char, one):
                look.setdefault(char, one)
    return dict(sorted(look.items()))


def places() -> set[str]:
    """Towns and prisons of one word, which are surnames too."""
    listed = [
        line
        for name in ("courts.txt", "prisons.txt")
        for line in (OUT / name).read_text("utf-8").splitlines()
    ]
    return {line.lower() for line in listed if line.isalpha()}


def world(faker: Path, kind: str, sizes: dict[str, int]) -> list[str]:
    """Names of other countries that are English words too, but no everyday ones.

    `kind` is the beginning of the attributes that hold them: `first_name` or `last_name`. The list of the United
    States is left out: it has each word that was ever given as a name there.
    """
    found: set[str] = set()
    for module in sorted(faker.glob("*/__init__.py")):
        if module.parent.name != "en_US":
            for node in ast.walk(ast.parse(module.read_text("utf-8"))):
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").startswith(kind):
                    texts = [one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
                    found |= {
                        part for text in texts if isinstance(text, str) for part in WORD.findall(text.lower())
                    }
    return sorted(name for name in found if len(name) > 1 and sizes.get(name, 0) >= LEAST_WORLD)


def write(name: str, rows: list[str]) -> None:
    """Write the rows so that the same rows give the same bytes."""
    data = ("\n".join(rows) + "\n").encode()
    (OUT / name).write_bytes(gzip.compress(data, 9, mtime=0) if name.endswith(".gz") else data)


def main(scowl: Path, names: Path, confusable: Path, faker: Path) -> None:
    """Write all lists."""
    sizes = words(scowl)
    given = ranked(names / "dist.male.first")
    for name, rank in ranked(names / "dist.female.first").items():
        given[name] = min(rank, given.get(name, rank))
    surnames = ranked(names / "dist.all.last")
    by_size = {size: sorted(word for word, least in sizes.items() if least == size) for size in SIZES}
    write("words.txt.gz", [f"{size} {' '.join(listed)}" for size, listed in by_size.items()])
    write("proper.txt", proper(scowl, set(given)))
    write("abbreviations.txt", short_forms(scowl))
    write("given_names.txt", [f"{name} {given[name]}" for name in sorted(given)])
    write(
        "surnames.txt",
        [f"{name} {surnames[name]}" for name in sorted(surnames) if name in sizes or name in places()],
    )
    upper = dict.fromkeys(proper(scowl, set(given)), LEAST_WORLD)
    write("world_given.txt", world(faker, "first_name", upper | sizes))
    write("world_surnames.txt", world(faker, "last_name", sizes))
    write("confusables.txt", [f"{ord(char):X} {one}" for char, one in confusables(confusable).items()])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))
