"""Whether a sentence is like some examples: rules that an admin writes as examples, without regular expressions.

A rule learns from what it is to match (`like`), what it is not to (`unlike`), what the policy's other rules match and
what they are not to, and ordinary sentences of casework that no rule is to match (`ordinary_sentences.txt`). Two
sentences are alike by their vectors, from the small model that runs within the gateway, and by the words and pairs of
words that they share, in which all people count as one word. Kernel ridge regression over both gives a score: 1 is
wanted of what is like, -1 of what is to pass, and between them of what other refusals of the policy match, as a few
examples a rule tell rather little, and all of them show what refusals have in common. The threshold is where the
examples, each scored by a rule that has not seen it, separate best.

It is deterministic. What the shipped rules learn is shipped too (`learnt_rules.npz`), as learning takes seconds.
"""

import functools
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from gateway.policy.requests import plain, spelt_out, words_in
from gateway.policy.vectors import Embeds, Vector

_WORDS_SHARE: Final = 1.0
"""What words weigh beside the vector."""
_RIDGE: Final = 0.3
_REFUSED: Final = 0.5
"""The score that is wanted of what the policy's other refusals match."""
_WRONG_REFUSAL: Final = 2.2
"""What it costs to match what is to pass, if it costs 1 not to match what is like."""
_NEIGHBOURS: Final = 4
"""Thresholds on either side that count for one; fewer where a rule has less than eight times as many examples."""
_ROUNDING: Final = 1e-9
_COMMON: Final = 16
"""Sentences that have a word, from which on it is counted for all of them at once."""

_LIKE: Final = 0
_UNLIKE: Final = 1
_ORDINARY_ONE: Final = 2
_PRONOUNS: Final = frozenset(["he", "she", "him", "her", "his", "hers", "they", "them", "their"])
_TERMS: Final = (_WORDS_SHARE, _RIDGE)
"""What else decides what is learnt."""
_FOLDER: Final = Path(__file__).parent
LEARNT: Final = _FOLDER / "learnt_rules.npz"
"""What the shipped rules have learnt, which `python -m tools.build_known_sentences` writes."""


Solution = tuple[Vector, Vector, float]
"""Of each sentence that a rule learns from its weight and the score it has of a rule that has not seen it; a shift."""


@dataclass(frozen=True)
class Likeness:
    """A rule that has learnt, by `learn`."""

    threshold: float
    unseen: Mapping[str, float]
    """Of each example, the score that the rule would give it without having seen it."""
    key: str
    """What stands for all that it has learnt from."""
    solution: Solution
    _vectors: Vector
    _words: Mapping[str, float]

    @property
    def caught(self) -> Mapping[str, bool]:
        """Of each example of its own, whether the rule catches it without having seen it."""
        return {text: score >= self.threshold for text, score in self.unseen.items()}

    def margin(self, sentence: str, vector: Vector) -> float:
        """How far its score is above the threshold: from 0 on it counts as like the examples."""
        words = _words_of(sentence)
        by_words: float = sum(self._words.get(word, 0.0) for word in words) / max(len(words), 1) ** 0.5
        weights, _, shift = self.solution
        score = float(weights @ _alike(self._vectors @ vector)) + by_words + shift
        return score - self.threshold + _ROUNDING


@functools.lru_cache(maxsize=200)
def learn(
    like: tuple[str, ...],
    unlike: tuple[str, ...],
    others: tuple[str, ...],
    embed: Embeds,
    refused: tuple[str, ...] = (),
) -> Likeness:
    """A rule from its examples, from what the policy's other rules let pass (`others`), and from what they refuse.

    Takes some milliseconds for each of them, and nothing the next time.
    """
    every = {*like, *refused}
    # in an order of their own, so that the policy's rules share what takes time
    known = _known(tuple(sorted(every)), tuple(sorted({*unlike, *others} - every)), embed)
    own = set(like)
    wanted = np.where(known.kind == _LIKE, _REFUSED, -1.0)
    wanted[[place for text, place in known.places.items() if text in own]] = 1.0
    key = known.key(wanted)
    solution = _shipped().get(key) or known.solved(wanted)
    weights, unseen, _ = solution
    word_weights: dict[str, float] = defaultdict(float)
    for weight, some in zip(weights, known.words, strict=True):
        for word in some:
            word_weights[word] += _WORDS_SHARE * float(weight) * len(some) ** -0.5
    judged = (known.kind != _LIKE) | (wanted == 1.0)
    known.unlearnt.difference_update(own)
    if not known.unlearnt:
        _known.cache_clear()  # with some thousand examples the inverse takes 90 MB
    return Likeness(
        _threshold(unseen[judged], known.kind[judged]),
        {text: float(unseen[known.places[text]]) for text in dict.fromkeys((*like, *unlike))},
        key,
        solution,
        known.vectors,
        dict(word_weights),
    )


@dataclass(frozen=True)
class _Known:
    """All sentences that the rules of one policy learn from."""

    places: Mapping[str, int]
    kind: Vector
    vectors: Vector
    words: Sequence[frozenset[str]]
    unlearnt: set[str]
    """What no refusal has learnt yet."""

    def key(self, wanted: Vector) -> str:
        """What a rule with these `wanted` scores learns from, in 16 bytes: the sentences, their vectors, the scores."""
        read = hashlib.sha256("\n".join(self.places).encode())
        for numbers in (self.kind, self.vectors, wanted, np.array(_TERMS)):
            read.update(np.ascontiguousarray(numbers).tobytes())
        return read.hexdigest()[:32]

    def solved(self, wanted: Vector) -> Solution:
        """What a rule learns."""
        found = self._inverse[:, :-1] @ wanted
        unseen = wanted - found[:-1] / np.diag(self._inverse)[:-1]
        return found[:-1].astype(np.float32), unseen.astype(np.float32), float(np.float32(found[-1]))

    @functools.cached_property
    def _inverse(self) -> Vector:
        kernel = _alike(self.vectors @ self.vectors.T) + _WORDS_SHARE * _shared_words(self.words)
        return _inverse(kernel, self.kind)


@functools.lru_cache(maxsize=2)
def _known(refused: tuple[str, ...], passing: tuple[str, ...], embed: Embeds) -> _Known:
    ordinary = tuple(one for one in ordinary_sentences() if one not in {*refused, *passing})
    every = (*refused, *passing, *ordinary)
    texts = [spelt_out(text) for text in every]
    kind = np.repeat([_LIKE, _UNLIKE, _ORDINARY_ONE], [len(refused), len(passing), len(ordinary)])
    vectors = np.stack([_vector_of(text, embed) for text in texts]).astype(np.float32)
    words = [_words_of(text) for text in texts]
    places = {text: place for place, text in enumerate(every)}
    return _Known(places, kind, vectors, words, set(refused))


@functools.cache
def _shipped() -> Mapping[str, Solution]:
    if not LEARNT.is_file():
        return {}
    with np.load(LEARNT) as kept:
        return {key: (kept[key][0, :-1], kept[key][1, :-1], float(kept[key][0, -1])) for key in kept.files}


@functools.cache
def ordinary_sentences() -> tuple[str, ...]:
    """Sentences of everyday casework that no rule is to match."""
    return tuple((_FOLDER / "ordinary_sentences.txt").read_text("utf-8").split("\n")[:-1])


def _shared_words(words: Sequence[frozenset[str]]) -> Vector:
    """How many words each two sentences share, from 0 to 1, where they are the same."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, some in enumerate(words):
        for word in some:
            rows[word].append(row)
    share = np.array([max(len(some), 1) ** -0.5 for some in words], np.float32)
    having = [places for _, places in sorted(rows.items()) if len(places) > 1]
    common = [places for places in having if len(places) > _COMMON]
    shares = np.zeros((len(words), len(common)), np.float32)
    for column, places in enumerate(common):
        shares[places, column] = share[places]
    found: Vector = shares @ shares.T
    for places in having:
        if len(places) <= _COMMON:
            found[np.ix_(places, places)] += np.outer(share[places], share[places])
    # words of one sentence alone count there, too
    np.fill_diagonal(found, [float(bool(some)) for some in words])
    return found


def _alike(products: Vector) -> Vector:
    """How alike sentences are by the products of their vectors: from 0 to 1, and the more the closer they come."""
    squared: Vector = ((1 + products) / 2) ** 2
    return squared


def _threshold(scores: Vector, kind: Vector) -> float:
    """Where the fewest examples fall on the wrong side: the share of what is like, and the mean of the shares of what
    is to pass although it sounds alike and of ordinary sentences, which counts more. Neighbouring thresholds are
    averaged, so that no single example decides.
    """
    likes = np.sort(scores[kind == _LIKE])
    caught = 1 - np.arange(len(likes)) / len(likes)
    others = [np.sort(scores[kind == one]) for one in (_UNLIKE, _ORDINARY_ONE) if (kind == one).any()]
    wrong = [1 - np.searchsorted(some, likes) / len(some) for some in others]
    near = min(_NEIGHBOURS, len(likes) // 8)
    right = np.pad(caught - _WRONG_REFUSAL * sum(wrong) / len(wrong), near, mode="edge")
    window = np.ones(2 * near + 1)
    return float(likes[int(np.argmax(np.convolve(right, window, "valid")))])


def _inverse(kernel: Vector, kind: Vector) -> Vector:
    """Of the system of ridge regression in the span of the sentences, with a row for the shift. Its diagonal also gives
    the score that each would have of a rule that had learnt from the others only.

    What is like weighs as much as all that is not, and of that the two sorts the same.
    """
    count = len(kind)
    rest = 1 if (kind != _UNLIKE).all() else 2
    weight = np.zeros(count)
    for one, share in ((_LIKE, 0.5), (_UNLIKE, 0.25), (_ORDINARY_ONE, 0.5 / rest)):
        some = kind == one
        weight[some] = share * count / max(some.sum(), 1)
    whole = np.ones((count + 1, count + 1))
    whole[:count, :count] = kernel + np.diag(_RIDGE / weight)
    whole[-1, -1] = 0
    inverse: Vector = np.linalg.inv(whole)
    return inverse


@functools.lru_cache(maxsize=20_000)
def _vector_of(text: str, embed: Embeds) -> Vector:
    return embed(text)


def _words_of(sentence: str) -> frozenset[str]:
    """Its words and pairs of words; every person is the same one."""
    words = ["^", *("<person>" if word in _PRONOUNS else word for word in words_in(plain(sentence)))]
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    return frozenset([*words[1:], *pairs])
