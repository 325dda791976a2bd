"""Made-up caseworker prompts of about a given size, each with ten values that every target's patterns find."""

import random
from typing import Final

FILLER: Final = (
    "The applicant attended the office with a support worker and explained the change of circumstances. "
    "The tenancy ended after the landlord sold the building and the household moved in with relatives. "
    "Income from part time work varies from week to week and the last statement is still outstanding. "
    "The officer explained the appeal rights and noted that an interpreter is needed for the next visit. "
)
MARKS: Final = (b"@example.org", b"07700 900", b"AB 12 34")
"""One of these is in every personal value below: the provider counts requests in which one arrives."""


def prompt(size: int, number: int) -> tuple[str, str]:
    """The prompt and one of its values, an e-mail address, that the answer should hold again."""
    rng = random.Random(number)
    email = f"person.{number}.{rng.randrange(10**6)}@example.org"
    values = [email, *(f"other.{rng.randrange(10**6)}@example.org" for _ in range(3))]
    values += [f"07700 900{rng.randrange(1000):03}" for _ in range(3)]
    values += [f"AB 12 34 {rng.randrange(100):02} {rng.choice('ABCD')}" for _ in range(3)]
    room = max(1, (size - sum(len(value) + 20 for value in values)) // len(values))
    parts = []
    for value in values:
        start = rng.randrange(len(FILLER) // 2)
        filler = (FILLER * (room // len(FILLER) + 2))[start : start + room]
        label = "NI number " if value.startswith("AB") else "Contact: "
        parts.append(f"{filler.strip()}. {label}{value}.")
    return "Summarise. " + " ".join(parts), email
