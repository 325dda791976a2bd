"""How a difference between two versions of a policy reads in a terminal."""

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.advice import Run, shortened, word_runs
from gateway.policy import Difference

_LONG: Final = 60
"""Characters from which on a text is shortened to where it differs."""


def difference_lines(one: Difference, *, weaker: bool) -> Iterator[str]:
    """Its field and what became of it, then what was (`-`) and what is (`+`).

    Of a list only the items that came and went; of a long text the words around a change, which stands in [ ].
    """
    removed, added = _sides(one)
    yield f"{one.field}: {_what(one)}{'  (weaker)' if weaker else ''}"
    yield from (f"  - {line}" for line in removed)
    yield from (f"  + {line}" for line in added)


def _what(one: Difference) -> str:
    if one.before is None or one.after is None:
        return "added" if one.before is None else "removed"
    if not one.is_list:
        return "changed" + (", in [ ]" if _is_long(one) else "")
    counts = ((len(one.added), "added"), (len(one.removed), "removed"))
    return ", ".join(f"{many} {what}" for many, what in counts if many) or "in another order"


def _sides(one: Difference) -> tuple[Sequence[str], Sequence[str]]:
    """Lines of what was and of what is."""
    if one.is_list and (one.removed or one.added):
        return one.removed, one.added
    before, after = one.before or "", one.after or ""
    if _is_long(one):
        runs = shortened(word_runs(before, after))
        return _side(runs, "out"), _side(runs, "in")
    return before.splitlines(), after.splitlines()


def _is_long(one: Difference) -> bool:
    both = one.before is not None and one.after is not None and not one.is_list
    return both and max(len(one.before or ""), len(one.after or "")) > _LONG


def _side(runs: Sequence[Run], kind: str) -> list[str]:
    text = "".join(
        words if what == "kept" else _marked(words) for what, words in runs if what in ("kept", kind)
    )
    return text.splitlines()


def _marked(words: str) -> str:
    """In brackets, with the white space behind them outside."""
    bare = words.rstrip()
    return f"[{bare}]{words[len(bare) :]}" if bare else words
