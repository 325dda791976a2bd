"""Making a name model: `python -m name_model --help`."""

import argparse
import os
import sys
from pathlib import Path

from gateway.commands.redaction_measurement import RowInvalid
from gateway.redaction.models.name_model import FOLDER
from name_model.card import card
from name_model.documents import documents_of, problems_of
from name_model.measuring import as_json, figures_of, labelled_texts, own_sets, rows_in
from name_model.names import by_origin
from name_model.trainings import Average, Training, averages_of, trainings_of

PIECES = 10_000_000
LAYERS = (0, 1, 2, 3)
SEED = 20261201
THREADS = 1


def main() -> int:
    """Train, quantise, measure, write the card."""
    options = _options()
    documents = documents_of()
    problems = [f"{one.style}: {one.title}: {problem}" for one in documents for problem in problems_of(one)]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    try:
        texts = list(labelled_texts(options.texts))
        # A fault in a file shows itself now, not after an hour of training.
        for path in options.sets:
            rows_in(path)
    except RowInvalid as error:
        print(error, file=sys.stderr)
        return 1
    if options.average is not None:
        _average(options)
    elif not options.measure_only:
        _train(options, texts)
    figures = figures_of(options.out, options.sets or own_sets())
    print(as_json(figures))
    for one in figures:
        print(f"{one.name}: missed {one.examples('PERSON', 25)}; taken {one.examples('other', 25)}")
    if not options.sets or options.out != FOLDER:  # the gateway's own card is of the sets of this repository
        text = card(
            trainings_of(options.out),
            averages_of(options.out),
            figures,
            layers=len(LAYERS),
            origins=len(by_origin()),
            own_texts=bool(options.sets),
        )
        (options.out / "CARD.md").write_text(text, "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m name_model", description=__doc__)
    own = "labelled texts of your own to train on too: `text`, and `spans` of [start, end, type]"
    files = {"type": Path, "action": "append", "default": [], "metavar": "FILE.jsonl"}
    parser.add_argument("--with", dest="texts", help=own, **files)
    others = "labelled texts to measure on, instead of those of tests/redaction/evaluation"
    parser.add_argument("--measure-on", dest="sets", help=others, **files)
    parser.add_argument(
        "--out", type=Path, default=FOLDER, help="the folder of the model; the gateway's by default"
    )
    parser.add_argument("--pieces", type=int, default=PIECES, help="word pieces to train on")
    parser.add_argument(
        "--begin-with",
        dest="begin",
        type=Path,
        metavar="FOLDER",
        help="train the model in FOLDER further, such as the gateway's; what comes out is a mean of both",
    )
    parser.add_argument(
        "--average-with",
        dest="average",
        type=Path,
        metavar="FOLDER",
        help="train nothing: the model in --out becomes the mean of itself and of the earlier one in FOLDER",
    )
    parser.add_argument("--share", type=float, default=0.25, help="what the earlier one counts, from 0 to 1")
    parser.add_argument("--threads", type=int, default=THREADS, help="processor cores to train on")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--measure-only", action="store_true", help="measure the model in --out, and write its card"
    )
    options = parser.parse_args()
    if not 0 <= options.share <= 1:
        parser.error("--share must be from 0 to 1")
    return options


def _train(options: argparse.Namespace, texts: list) -> None:  # type: ignore[type-arg]
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    import torch  # takes seconds, and measuring does without it

    from name_model.encoder import from_rampart
    from name_model.examples import Rounds, tokenizer
    from name_model.exporting import export
    from name_model.filling import LABELS
    from name_model.trained import averaged, from_model
    from name_model.training import train

    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    begun = from_rampart(LAYERS, len(LABELS)) if options.begin is None else from_model(options.begin)
    rounds = Rounds(documents_of(), texts, tokenizer(), options.seed)
    encoder = train(begun, rounds, options.pieces, lambda line: print(line, flush=True))
    if options.begin is not None:
        encoder = averaged(from_model(options.begin), encoder)
    documents = documents_of()
    training = Training(
        documents=len(documents),
        nobody=sum(not document.has_persons for document in documents),
        styles=len({document.style for document in documents}),
        own=len(texts),
        pieces=options.pieces,
        seed=options.seed,
    )
    before = [] if options.begin is None else trainings_of(options.begin)
    averages = [] if options.begin is None else averages_of(options.begin)
    export(encoder, options.out, [*before, training], averages)


def _average(options: argparse.Namespace) -> None:
    from name_model.exporting import export  # takes seconds
    from name_model.trained import averaged, from_model

    trainings, others = trainings_of(options.out), trainings_of(options.average)
    average = Average(training=len(trainings), other=len(others), share=options.share)
    encoder = averaged(from_model(options.average), from_model(options.out), options.share)
    export(encoder, options.out, trainings, [*averages_of(options.out), average])


if __name__ == "__main__":
    sys.exit(main())
