"""IP_ADDRESS: RFC 791 and RFC 4291 addresses, also defanged ("192.0.2[.]44") and with a port left outside."""

import ipaddress
import re
from typing import Final

from gateway.redaction.recognisers.identifier import Identifier

_SCORES: Final = len("2.2.1.1")
"""As long as a paragraph or a score, which has single digits."""
_DOT: Final = re.compile(r" ?(?:\[\.\]|\(\.\)|\.|\[dot\]|\(dot\)|dot) ?", re.IGNORECASE)


def check(value: str) -> bool | None:
    """None for an address, False for what only looks like one (a version, a time, `::`)."""
    text = _DOT.sub(".", value)
    if len(text) == _SCORES:
        return False
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return False if address.is_loopback or (address.is_unspecified and ":" in text) else None


IP_ADDRESS = Identifier(
    type="IP_ADDRESS",
    forms={
        r"(?<![\d.])(?:\d{1,3} ?(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\)|(?<= )dot) ?){3}\d{1,3}(?!\d|\.\d)": 0.6,
        r"(?<!\d:)(?<!::)(?<!\w)(?=[0-9A-F:]{0,39}:)(?:[0-9A-F]{0,4}:){2,7}(?:[0-9A-F]{1,4}|(?<=::))(?![\w:])": 0.6,
    },
    check=check,
    labels="IP{n:9}, ip address, logged in from",
    digits=(6, 12),
    least=2,
    examples=("192.0.2.44",),
)
