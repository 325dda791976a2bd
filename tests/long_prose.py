"""Prose of any length, of which no value stands twice."""

from random import Random

_NAMES = ("Ann", "Tom", "Priya", "Kwame", "Siobhan", "Gareth", "Mei", "Fatima")
_PARTS = ("bar", "den", "kil", "mor", "nel", "pen", "ran", "ster", "ton", "wick")
_WORDS = ("they", "said", "that", "the", "visit", "was", "late", "and", "nobody", "had", "been", "told", "it")


def prose(characters: int, seed: int = 1) -> str:
    """Sentences, each with a name or an identifier that stands in no other."""
    random = Random(seed)
    written: list[str] = []
    length = 0
    while length < characters:
        surname = "".join(random.choices(_PARTS, k=4)).capitalize()
        about = random.choice((f"{random.choice(_NAMES)} {surname}", f"AB{random.randrange(10**6):06}C"))
        written.append(f"{' '.join(random.choices(_WORDS, k=9)).capitalize()} of {about}.")
        length += len(written[-1]) + 1
    return " ".join(written)
