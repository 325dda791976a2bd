"""The card of a name model: what it is, on what it was trained, and how well it does."""

from collections.abc import Sequence

from gateway.commands.redaction_measurement import Share
from name_model.measuring import Figures
from name_model.trainings import Average, Training

_HEAD = """# Card of the name model

Made by `make name-model`. Do not edit it: train again.

A small token classifier that marks which words of a text are a person's name (`PERSON`), a place that stands alone
(`LOCATION`), a nationality or other group (`NRP`), a number or code of a person or a case (`UK_REFERENCE`), where
somebody lives (`UK_ADDRESS`), or a date of birth (`DATE_OF_BIRTH`); the last three written or said.
It reads windows of 126 word pieces, in small letters, with beside each piece how its word is written.
{layers} layers of 384; ONNX, 8-bit weights.

Its encoder was begun from layers of Rampart (Copyright 2026 National Design Studio), which is licensed under
[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/); weights and head were changed by training. Tokenizer and
vocabulary are Rampart's, unchanged.

## Training

| training | documents | with nobody in them | styles | own texts | word pieces | seed |
|---|---|---|---|---|---|---|
{trainings}

Documents have slots for names. Names are of `faker`, of `names-dataset`, of {origins} lists by hand, common words, and
invented ones; numbers, addresses and dates are made. A model that is trained further is
averaged with the one that it was, which counts a quarter.{averages}

## Figures

Of the names that the model alone finds, without rules, `subjects` or what a case remembers, at the thresholds that the
gateway uses; on {texts}. Shares of words, with Wilson's 95 % intervals.

| set | documents with names | names missed | documents with a missed name | other words taken | must stay, taken |
|---|---|---|---|---|---|
{rows}

{worst}The same inputs and seed give the same documents in the same order.
Sums are rounded otherwise on another processor or with another number of threads, so that weights differ; expect the
figures of such a run within the intervals above.
"""

_OTHERS = "texts that it was not trained on, by other authors"


def card(
    trainings: Sequence[Training],
    averages: Sequence[Average],
    figures: Sequence[Figures],
    *,
    layers: int,
    origins: int,
    own_texts: bool,
) -> str:
    """The card as Markdown; `own_texts` says that whoever trains chose the texts that it was measured on."""
    rows = "\n".join(
        f"| {one.name} | {one.report.documents.whole} | {_share(one.report.names)} | {_share(one.report.documents)} "
        f"| {_share(one.report.others)} | {_share(one.report.stays)} |"
        for one in figures
    )
    worst = "\n".join(
        f"| {one.name} | {origin} | {_share(share)} |"
        for one in figures
        for origin, share in one.worst[:5]
        if share.part
    )
    trained = "\n".join(
        f"| {number} | {one.documents:,} | {one.nobody:,} | {one.styles} | {one.own or 'none'} | {one.pieces:,} "
        f"| {one.seed} |"
        for number, one in enumerate(trainings, 1)
    )
    head = "The worst origins of names:\n\n| set | origin | names that are missed |\n|---|---|---|\n"
    return _HEAD.format(
        layers=layers,
        trainings=trained,
        averages="".join(
            f" After training {one.training} the model was averaged with that after training {one.other}, which counts "
            f"{one.share:g}."
            for one in averages
        ),
        origins=origins,
        rows=rows,
        worst=f"{head}{worst}\n\n" if worst else "",
        texts="texts chosen by those who trained it" if own_texts else _OTHERS,
    )


def _share(share: Share) -> str:
    if not share.whole:
        return "–"
    low, high = share.interval
    return f"{share.value:.2%} ({low:.2%} to {high:.2%})".replace("%", " %")
