"""Whether a sentence is like some examples: rules that an admin writes as examples, without regular expressions.

A rule learns from what it is to match (`like`), what it is not to (`unlike`), what the policy's other rules are not to
match, and ordinary sentences of casework that no rule is to match (`ordinary_sentences.txt`). Two sentences are alike
by their vectors, from the small model that runs within the gateway, and by the words and pairs of words that they
share, in which all people count as one word. Kernel ridge regression over both gives a score; the threshold is where
the examples, each scored by a rule that has not seen it, separate best.

Of a policy's refusals each learns what it is to refuse, and all together what any of them is to refuse, from the
examples of all. A rule's score is its own by two thirds, and by one third the common one: a few examples a rule tell
rather little, and what the rules have in common is known from all of them.

It is deterministic.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from gateway.policy.requests import spelt_out
from gateway.policy.vectors import Embeds, Vector

_WORDS_SHARE: Final = 1.0
"""What words weigh beside the vector."""
_RIDGE: Final = 0.3
_NEIGHBOURS: Final = 4
"""Thresholds on either side that count for one."""
_COMMON_SHARE: Final = 1 / 3
"""What the score of all rules together weighs beside a rule's own."""
_ROUNDING: Final = 1e-9

_LIKE: Final = 0
_UNLIKE: Final = 1
_ORDINARY_ONE: Final = 2
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\?")
_PERSON: Final = re.compile(r"<PERSON_\d+>|\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*")
_PRONOUNS: Final = frozenset(["he", "she", "him", "her", "his", "hers", "they", "them", "their"])
_ORDINARY: Final = Path(__file__).with_name("ordinary_sentences.txt")


@dataclass(frozen=True)
class Likeness:
    """A rule that has learnt, by `learn`."""

    threshold: float
    unseen: Mapping[str, float]
    """Of each example, the score that the rule would give it without having seen it."""
    _vectors: Vector
    _weights: Vector
    _words: Mapping[str, float]
    _shift: float
    _common: "Likeness | None" = None

    @property
    def caught(self) -> Mapping[str, bool]:
        """Of each example of its own, whether the rule catches it without having seen it."""
        return {text: score >= self.threshold for text, score in self.unseen.items()}

    def margin(self, sentence: str, vector: Vector) -> float:
        """How far its score is above the threshold: from 0 on it counts as like the examples."""
        return self._score(_words_of(sentence), vector) - self.threshold + _ROUNDING

    def _score(self, words: frozenset[str], vector: Vector) -> float:
        told = sum(self._words.get(word, 0.0) for word in words) / max(len(words), 1) ** 0.5
        score = float(self._weights @ _alike(self._vectors @ vector)) + told + self._shift
        return score if self._common is None else _mixed(score, self._common._score(words, vector))


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
    own = _learn(like, unlike, others, embed)
    if not refused:
        return own
    every = {*like, *refused}
    # in an order of their own, so that the policy's rules have one common score, learnt once
    common = _learn(tuple(sorted(every)), tuple(sorted({*unlike, *others} - every)), (), embed)
    return replace(
        own,
        threshold=_mixed(own.threshold, common.threshold),
        unseen={text: _mixed(score, common.unseen[text]) for text, score in own.unseen.items()},
        _common=common,
    )


def _mixed(own: float, common: float) -> float:
    return (1 - _COMMON_SHARE) * own + _COMMON_SHARE * common


@functools.lru_cache(maxsize=200)
def _learn(
    like: tuple[str, ...], unlike: tuple[str, ...], others: tuple[str, ...], embed: Embeds
) -> Likeness:
    own = {*like, *unlike}
    ordinary = tuple(one for one in dict.fromkeys((*ordinary_sentences(), *others)) if one not in own)
    texts = [spelt_out(text) for text in (*like, *unlike, *ordinary)]
    kind = np.repeat([_LIKE, _UNLIKE, _ORDINARY_ONE], [len(like), len(unlike), len(ordinary)])
    vectors = np.stack([_vector_of(text, embed) for text in texts]).astype(np.float64)
    words = [_words_of(text) for text in texts]
    kernel = _alike(vectors @ vectors.T) + _WORDS_SHARE * _shared_words(words)
    weights, shift, unseen = _fit(kernel, kind)
    told: dict[str, float] = defaultdict(float)
    for weight, some in zip(weights, words, strict=True):
        for word in some:
            told[word] += _WORDS_SHARE * float(weight) * len(some) ** -0.5
    return Likeness(
        _threshold(unseen, kind),
        {text: float(unseen[place]) for place, text in enumerate((*like, *unlike))},
        vectors,
        weights,
        dict(told),
        shift,
    )


@functools.cache
def ordinary_sentences() -> tuple[str, ...]:
    """Sentences of everyday casework that no rule is to match."""
    return tuple(_ORDINARY.read_text("utf-8").split("\n")[:-1])


def _shared_words(words: Sequence[frozenset[str]]) -> Vector:
    """How many words each two sentences share, from 0 to 1, where they are the same."""
    counts = Counter(word for some in words for word in some)
    known = {
        word: place for place, word in enumerate(sorted(word for word, many in counts.items() if many > 1))
    }
    shares = np.zeros((len(words), len(known)), np.float32)
    for row, some in enumerate(words):
        for word in some & known.keys():
            shares[row, known[word]] = len(some) ** -0.5
    found = (shares @ shares.T).astype(np.float64)
    np.fill_diagonal(
        found, [float(bool(some)) for some in words]
    )  # words of one sentence alone count there, too
    return found


def _alike(products: Vector) -> Vector:
    """How alike sentences are by the products of their vectors: from 0 to 1, and the more the closer they come."""
    squared: Vector = ((1 + products) / 2) ** 2
    return squared


def _threshold(scores: Vector, kind: Vector) -> float:
    """Where the fewest examples fall on the wrong side: the share of what is like, and the mean of the shares of what
    is to pass although it sounds alike and of ordinary sentences. Neighbouring thresholds are averaged, so that no
    single example decides.
    """
    likes = np.sort(scores[kind == _LIKE])
    caught = 1 - np.arange(len(likes)) / len(likes)
    others = [np.sort(scores[kind == one]) for one in (_UNLIKE, _ORDINARY_ONE) if (kind == one).any()]
    wrong = [1 - np.searchsorted(some, likes) / len(some) for some in others]
    right = np.pad(caught - sum(wrong) / len(wrong), _NEIGHBOURS, mode="edge")
    window = np.ones(2 * _NEIGHBOURS + 1)
    return float(likes[int(np.argmax(np.convolve(right, window, "valid")))])


def _fit(kernel: Vector, kind: Vector) -> tuple[Vector, float, Vector]:
    """Ridge regression on -1 and 1 in the span of the examples: a weight for each, the shift, and the score that each
    would have of a rule that had learnt from the others only (which the same inverse gives).

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
    inverse = np.linalg.inv(whole)
    wanted = np.where(kind == _LIKE, 1.0, -1.0)
    found = inverse[:, :count] @ wanted
    unseen = wanted - found[:count] / np.diag(inverse)[:count]
    return found[:count], float(found[-1]), unseen


@functools.lru_cache(maxsize=20_000)
def _vector_of(text: str, embed: Embeds) -> Vector:
    return embed(text)


def _words_of(sentence: str) -> frozenset[str]:
    """Its words and pairs of words; every person is the same one."""
    plain = _PERSON.sub("him", sentence).replace("’", "'").lower()
    words = ["^", *("<person>" if word in _PRONOUNS else word for word in _WORD.findall(plain))]
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    return frozenset([*words[1:], *pairs])
