"""Make the word lists and the look-alikes of `gateway/redaction/lexicon/` from public lists.

    python tools/build_lexicon.py SCOWL CONFUSABLES NAMES

SCOWL is `usr/share/dict/scowl` of Debian's package `scowl` (2020.12.07); CONFUSABLES the file `confusables.json` of the
PyPI package `confusable-homoglyphs` (3.3.1: Unicode's own data); NAMES the folder `v3` of `names-dataset` (3.3.1).
`field.txt` beside this file has words of this field that dictionaries lack, `welsh.txt` common words of Welsh, and
`name_model/names/also_words.txt` words that are names somewhere; all were written for this project, and so were the
documents of `name_model`, which have persons' names in slots only: no other word of theirs is a name, unless a list of
names has it.
"""

import gzip
import json
import pickle
import re
import sys
import unicodedata
from pathlib import Path

from name_model.documents import documents_of
from name_model.terms import frames, sentences, terms

OUT = Path(__file__).parent.parent / "gateway" / "redaction" / "lexicon"
FIELD = Path(__file__).parent / "field.txt"
WELSH = Path(__file__).parent / "welsh.txt"
MUTATIONS = (
    {"ll": "l", "rh": "r", "p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f"},
    {"p": "mh", "t": "nh", "c": "ngh", "b": "m", "d": "n", "g": "ng"},
    {"p": "ph", "t": "th", "c": "ch"},
)
"""Soft, nasal and aspirate: what a word's first letters become behind some words."""
UNCHANGED = ("ch", "dd", "ff", "ng", "ph", "th")
"""Letters of their own, which do not change."""
KINDS = ("english-words", "british-words", "british_z-words", "american-words")
SIZES = (10, 20, 35, 40, 50, 55, 60)
ALSO = Path(__file__).parent.parent / "name_model" / "names" / "also_words.txt"
ENGLISH = ("GB", "IE", "US", "CA")
INTERJECTIONS = {"eh", "er", "erm", "hm", "hmm", "mm", "ta", "uh", "um"}
"""Names somewhere, and said far more often in every transcript."""
SLOT = re.compile(r"\{[^{}\n]*\}")
WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?![^\W_])")
USUAL = 2_000
"""Among so many given names or surnames of a country where English is spoken."""
RARE = 2_000
"""Likewise, of any other country."""


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
    return found | set(_plain(FIELD))


def welsh_words(folder: Path) -> set[str]:
    """Common words of Welsh in every mutation, but for those that are names somewhere, such as `Beth`."""
    found = {unaccented(form) for word in _plain(WELSH) for form in forms(word)}
    return found.difference(*names(folder, found))


def forms(word: str) -> set[str]:
    """A word of Welsh, and its mutations."""
    found = {word}
    for mutation in () if word.startswith(UNCHANGED) else MUTATIONS:
        first = next((first for first in mutation if word.startswith(first)), None)
        if first is not None and len(word) > len(first) + 1:
            found.add(mutation[first] + word[len(first) :])
    return found


def unaccented(word: str) -> str:
    """Without accents, as the lists have their words."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def names(folder: Path, common: set[str]) -> tuple[set[str], set[str]]:
    """The common words that are usual given names or surnames where English is spoken, and those that are rare ones."""
    usual, rare = set(), set(_plain(ALSO)) & common
    for kind in ("first", "last"):
        with gzip.open(folder / f"{kind}_names.pkl.gz") as file:
            listed = pickle.load(file)  # noqa: S301  # a pinned package's own data
        for name, known in listed.items():
            ranks = {country: rank for country, rank in known["rank"].items() if rank}
            english = [ranks[country] for country in ENGLISH if country in ranks]
            if name.lower() not in common or not (english or min(ranks.values(), default=RARE) < RARE):
                continue
            (usual if min(english, default=USUAL) < USUAL else rare).add(name.lower())
    return usual - INTERJECTIONS, rare - usual - INTERJECTIONS - set(_plain(FIELD))


def _plain(path: Path) -> list[str]:
    rows = (line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [word for row in rows for word in row.lower().split()]


def words_of_documents(folder: Path, common: set[str]) -> set[str]:
    """Words beside the common ones that the name model's documents, sentences and terms have, and no list of names."""
    texts = [document.text for document in documents_of()]
    texts += [*frames(), *sentences()]
    texts += [phrase for phrases in terms().values() for phrase in phrases]
    found = {word.lower() for text in texts for word in WORD.findall(SLOT.sub(" ", text))} - common
    return found.difference(*names(folder, found))


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


def write(name: str, found: set[str]) -> None:
    """A list, so that the same words give the same bytes."""
    data = ("\n".join(sorted(found)) + "\n").encode()
    (OUT / f"{name}.txt.gz").write_bytes(gzip.compress(data, 9, mtime=0))


def main(scowl: Path, confusable: Path, named: Path) -> None:
    """Write them all."""
    english = words(scowl)
    common = english | welsh_words(named)
    write("words", common)
    write("field_words", words_of_documents(named, common))
    usual, rare = names(named, english)
    write("usual_names", usual)
    write("rare_names", rare)
    rows = [f"{ord(char):X} {one}" for char, one in confusables(confusable).items()]
    (OUT / "confusables.txt").write_text("\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
