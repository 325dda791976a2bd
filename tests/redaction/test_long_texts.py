"""What a long text costs grows with its length, and not with its square."""

import time

from presidio_analyzer import Pattern, PatternRecognizer

from gateway.redaction import RedactionSettings, Redactor
from tests.long_prose import prose

_NAMES = Pattern("two words with capitals", r"(?-i:\b[A-Z][a-z]+ [A-Z][a-z]{11,}\b)", 0.9)


def test_a_text_four_times_as_long_takes_about_four_times_as_long() -> None:
    names = PatternRecognizer("PERSON", patterns=[_NAMES])
    redactor = Redactor.load(RedactionSettings(name_model=None), recognisers=[names])

    def seconds(characters: int, seed: int) -> float:
        text = prose(characters, seed=characters + seed)
        began = time.thread_time()
        redacted = redactor.redact({"messages": [{"role": "user", "content": text}]})
        took = time.thread_time() - began
        assert redacted.counts["PERSON"] > characters / 250
        return took

    def quickest(characters: int) -> float:
        """Of three texts: whatever else the machine does only makes one slower."""
        return min(seconds(characters, seed) for seed in range(3))

    seconds(2_000, 0)
    assert quickest(240_000) < 8 * quickest(60_000)
