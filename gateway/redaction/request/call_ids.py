"""Ids of tool calls: renamed within a request, so that nothing leaves by them, and put back in its answer."""

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from gateway.redaction.pseudonyms.pseudonyms import TypedPseudonyms

_PLAIN: Final = re.compile(r"call_\d{1,3}")
"""What says nothing: it stays, so that a provider that counts its calls so never gives an id for a second time."""


def rename_call_ids(call_ids: Iterable[str], typed: TypedPseudonyms) -> dict[str, str]:
    """Each id with what stands for it, `call_1` and so on in the order in which they first appear.

    What the request's own text says already is not given, since it would be put back there too.
    """
    ids = list(call_ids)
    free = _free({call_id for call_id in ids if _PLAIN.fullmatch(call_id)}, typed)
    return {call_id: call_id if _PLAIN.fullmatch(call_id) else next(free) for call_id in ids}


def _free(taken: set[str], typed: TypedPseudonyms) -> Iterator[str]:
    for number in count(1):
        if f"call_{number}" not in taken and not typed.has("CALL", number):
            yield f"call_{number}"
