"""Training: rounds of examples until so many word pieces have been seen."""

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from name_model.encoder import Encoder
from name_model.examples import NO_LABEL, Example, Rounds
from name_model.filling import LABELS

_BATCH: Final = 3072
"""Word pieces of a step."""
_POOL: Final = 1000
"""Windows of which batches of like lengths are made."""
_RATE: Final = 2e-4
_WARM_UP: Final = 0.04
_MASK: Final = 4
_MASKED: Final = 0.06
"""Word pieces that are hidden by the tokenizer's `[MASK]`, so that a word is judged by what stands around it too."""
_SMOOTHING: Final = 0.02
_AVERAGED: Final = 0.995
"""Of the weights' moving average, which is what is kept."""


def train(encoder: Encoder, rounds: Rounds, pieces: int, say: Callable[[str], None]) -> Encoder:
    """Train `encoder` on `pieces` word pieces; the moving average of its weights is what comes out."""
    encoder.pieces.weight.requires_grad_(
        False
    )  # few of them stand in the documents, and the others must still fit them
    wanted = [one for one in encoder.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(wanted, lr=_RATE, weight_decay=0.01, fused=True)
    average = copy.deepcopy(encoder).eval()
    seen, began, losses = 0, time.monotonic(), [0.0]
    encoder.train()
    for step, batch in enumerate(_batches(rounds)):
        part = seen / pieces
        if part >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = _RATE * min(1.0, part / _WARM_UP) * (1 - part) + 1e-6
        losses.append(_step(encoder, optimiser, wanted, batch))
        _follow(average, encoder, min(_AVERAGED, step / (step + 10)))
        seen += sum(len(one.pieces) for one in batch)
        if step % 50 == 49:
            speed = seen / (time.monotonic() - began)
            say(
                f"step {step + 1}, {seen:,} pieces, loss {sum(losses[-50:]) / 50:.4f}, {speed:,.0f} pieces a second"
            )
    return average


def _batches(rounds: Rounds) -> Iterator[Sequence[Example]]:
    """Batches of examples of like lengths, without an end."""
    for _ in count():
        pool: list[Example] = []
        examples = rounds.round()
        for at, example in enumerate(examples):
            pool.append(example)
            if len(pool) == _POOL or at == len(examples) - 1:
                yield from rounds.shuffled(list(_cut(sorted(pool, key=_length))))
                pool = []


def _length(example: Example) -> int:
    return len(example.pieces)


def _cut(examples: Sequence[Example]) -> Iterator[Sequence[Example]]:
    batch: list[Example] = []
    for example in examples:
        if (len(batch) + 1) * len(example.pieces) > _BATCH and batch:
            yield batch
            batch = []
        batch.append(example)
    if batch:
        yield batch


def _step(
    encoder: Encoder, optimiser: torch.optim.Optimizer, wanted: Sequence[Tensor], batch: Sequence[Example]
) -> float:
    longest = max(map(_length, batch))
    pieces = torch.tensor([one.pieces + [0] * (longest - len(one.pieces)) for one in batch])
    spellings = torch.tensor([one.spellings + [0] * (longest - len(one.spellings)) for one in batch])
    labels = torch.tensor([one.labels + [NO_LABEL] * (longest - len(one.labels)) for one in batch])
    hidden = (torch.rand(pieces.shape) < _MASKED) & (pieces > _MASK)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = encoder(torch.where(hidden, _MASK, pieces), spellings, pieces != 0)
    loss = functional.cross_entropy(
        scores.float().view(-1, len(LABELS)),
        labels.view(-1),
        ignore_index=NO_LABEL,
        label_smoothing=_SMOOTHING,
    )
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(wanted, 1.0)
    optimiser.step()
    return loss.item()


def _follow(average: Encoder, encoder: Encoder, share: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.parameters(), encoder.parameters(), strict=True):
            kept.lerp_(new, 1 - share)
