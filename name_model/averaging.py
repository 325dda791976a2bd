"""Several trainings, with other seeds, whose weights are averaged: one model that errs less than any of them.

The trainings begin from the same weights, so that their averages fit together (Wortsman et al. 2022, Model soups).
"""

import multiprocessing
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from name_model.documents import documents_of
from name_model.encoder import Encoder, from_rampart
from name_model.examples import Rounds, tokenizer
from name_model.filling import LABELS, Filled
from name_model.training import train


def averaged(
    layers: Sequence[int], texts: Sequence[Filled], *, pieces: int, seed: int, runs: int, threads: int
) -> Encoder:
    """An encoder of `runs` trainings on `pieces` word pieces each, which run side by side on `threads` cores each."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    with tempfile.TemporaryDirectory() as scratch:
        paths = [Path(scratch) / f"{run}.pt" for run in range(runs)]
        given = [
            (layers, texts, pieces, seed + run, threads, f"run {run + 1}", path)
            for run, path in enumerate(paths)
        ]
        with multiprocessing.get_context("spawn").Pool(runs) as pool:
            pool.starmap(_train, given)
        weights = [torch.load(path) for path in paths]
    encoder = from_rampart(layers, len(LABELS))
    encoder.load_state_dict(
        {name: torch.stack([one[name] for one in weights]).mean(0) for name in weights[0]}
    )
    return encoder.eval()


def _train(
    layers: Sequence[int],
    texts: Sequence[Filled],
    pieces: int,
    seed: int,
    threads: int,
    name: str,
    path: Path,
) -> None:
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    rounds = Rounds(documents_of(), texts, tokenizer(), seed)
    encoder = train(
        from_rampart(layers, len(LABELS)),
        rounds,
        pieces,
        lambda line: print(f"{name}: {line}", flush=True),
    )
    torch.save(encoder.state_dict(), path)
