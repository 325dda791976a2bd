"""How a difference between two versions of a policy reads in a terminal."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.advice import Run, shortened, word_runs
from gateway.policy import Difference

_LONG: Final = 60
"""Characters from which on a text is shortened to where it differs."""


def difference_lines(one: Difference, *, weaker: bool) -> Iterator[str]:
    """Its field and what became of it, then what was (`-`) and what is (`+`).

    Of a list only the items that came and went; of a long text the lines that changed, with the words that
    differ in [ ].
    """
    removed, added = _sides(one)
    yield f"{one.field}: {_what(one)}{'  (weaker)' if weaker else ''}"
    yield from (f"  - {line}" for line in removed)
    yield from (f"  + {line}" for line in added)


def _what(one: Difference) -> str:
    if one.before is None or one.after is None:
        return "added" if one.before is None else "removed"
    if not one.is_list:
        return "changed"
    counts = ((len(one.added), "added"), (len(one.removed), "removed"))
    return ", ".join(f"{many} {what}" for many, what in counts if many) or "in another order"


def _sides(one: Difference) -> tuple[Sequence[str], Sequence[str]]:
    """Lines of what was and of what is."""
    if one.is_list and (one.removed or one.added):
        return one.removed, one.added
    before, after = (one.before or "").splitlines(), (one.after or "").splitlines()
    if not _is_long(one):
        return before, after
    removed, added = [], []
    for what, start, end, other_start, other_end in difflib.SequenceMatcher(
        None, before, after
    ).get_opcodes():
        old, new = before[start:end], after[other_start:other_end]
        if what == "replace" and len(old) == len(new):
            runs = [shortened(word_runs(*pair)) for pair in zip(old, new, strict=True)]
            old, new = ([_side(some, kind) for some in runs] for kind in ("out", "in"))
        if what != "equal":
            removed += old
            added += new
    return removed, added


def _is_long(one: Difference) -> bool:
    both = one.before is not None and one.after is not None and not one.is_list
    return both and max(len(one.before or ""), len(one.after or "")) > _LONG


def _side(runs: Sequence[Run], kind: str) -> str:
    return "".join(
        words if what == "kept" else _marked(words) for what, words in runs if what in ("kept", kind)
    )


def _marked(words: str) -> str:
    """In brackets, with the white space behind them outside."""
    bare = words.rstrip()
    return f"[{bare}]{words[len(bare) :]}" if bare else words
