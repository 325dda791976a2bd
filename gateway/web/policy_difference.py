"""How a difference between two versions of a policy reads on a page: words taken out and put in."""

from gateway.advice import Run, shortened, word_runs
from gateway.policy import Difference


def runs_of(one: Difference) -> list[Run]:
    """Of a list only the items that came and went, of a text what differs and the words around it."""
    if one.before is None or one.after is None or (one.is_list and not one.removed and not one.added):
        return _whole(one)
    if one.is_list:
        gone: list[Run] = [("out", f"{item}\n") for item in one.removed]
        return [*gone, *(("in", f"{item}\n") for item in one.added)]
    return shortened(word_runs(f"{one.before}\n", f"{one.after}\n"))


def _whole(one: Difference) -> list[Run]:
    runs: list[Run] = []
    if one.before:
        runs.append(("out", f"{one.before}\n"))
    if one.after:
        runs.append(("in", one.after))
    return runs
