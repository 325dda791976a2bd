"""What a person changed of the model's text, word by word."""

import re
from difflib import SequenceMatcher
from typing import Any, Final

from gateway.advice import thousandths_changed

_MOST_WORDS: Final = 4_000
"""Of both texts together: beyond that the comparison would take seconds, and only its measure is shown."""


def differences(before: str, after: str) -> dict[str, Any]:
    """`changed`: per cent of the words (see `thousandths_changed`); `runs`: the texts as `(kept|out|in, words)`."""
    changed = thousandths_changed(before, after) / 10
    old, new = re.split(r"(\s+)", before), re.split(r"(\s+)", after)
    if len(old) + len(new) > 2 * _MOST_WORDS:
        return {"changed": changed, "runs": []}
    runs: list[tuple[str, str]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("kept", "".join(old[i1:i2])))
            continue
        runs += [
            (name, words)
            for name, words in (("out", "".join(old[i1:i2])), ("in", "".join(new[j1:j2])))
            if words
        ]
    return {"changed": changed, "runs": runs}
