"""What a long text costs grows with its length, and not with its square; and other threads run meanwhile."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from presidio_analyzer import Pattern, PatternRecognizer
from tokenizers import Tokenizer

from gateway.redaction import RedactionSettings, Redactor
from gateway.redaction.models.name_model import FOLDER, NameModel
from gateway.redaction.text.long_texts import may_stand_in, words_in
from gateway.redaction.text.normalised import WORD
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


SLOW = re.compile(r"(?<![^\W_])(?:one|two|ten)[\W_]{1,6}(?:[^\W_]{1,10}[\W_]{1,4}){0,4}(?:one|two|\d)")


def longest_wait(work: Callable[[], Any]) -> float:
    """Seconds in which no other thread ran, at most; of three times the shortest, whatever else the machine does."""
    longest = []
    for _ in range(3):
        waits = []
        with ThreadPoolExecutor(1) as threads:
            before = time.monotonic()
            done = threads.submit(work)
            while not done.done():
                time.sleep(0)
                now = time.monotonic()
                waits.append(now - before)
                before = now
            waits.append(time.monotonic() - before)
        done.result()
        longest.append(max(waits))
    return min(longest)


def seconds_of(work: Callable[[], Any]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_other_threads_run_while_a_long_text_is_searched() -> None:
    text = "nobody said at noon that they were late " * 100_000
    assert longest_wait(partial(may_stand_in, SLOW, text)) < seconds_of(partial(SLOW.search, text)) / 3


def test_other_threads_run_while_a_long_text_is_cut_into_word_pieces() -> None:
    model, text = NameModel(), prose(300_000)
    encode = partial(model.encode, text)
    assert longest_wait(encode) < seconds_of(encode) / 3


def test_the_word_pieces_of_a_long_text_are_the_same_in_pieces() -> None:
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_truncation()
    text = (
        f"{prose(230_000)}\n{'unsayable' * 20_000} e\u0301 \u0301 café\u00a0it’s 北京 don't\t{prose(99_990)}"
    )
    read, whole = NameModel().encode(text), tokenizer.encode(text, add_special_tokens=False)
    assert read == (whole.ids, whole.offsets)


@pytest.mark.parametrize("place", [0, 99_990, 100_000, 105_000, 199_999, 349_990])
def test_what_stands_across_the_pieces_of_a_long_text_is_found(place: int) -> None:
    text = "x" * place + " one two " + "x" * (350_000 - place)
    assert may_stand_in(SLOW, text)
    assert not may_stand_in(SLOW, text.replace("two", "xxx"))


def test_the_words_of_a_long_text_are_the_same_in_pieces() -> None:
    text = f"{prose(250_000)} {'long' * 60_000} end, without_a blank\nat the end"
    for form in (WORD, re.compile("[a-z]+")):
        assert list(words_in(form, text)) == form.findall(text)
