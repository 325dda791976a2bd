"""A port for a process that is started with its number."""

import random
import socket
from pathlib import Path

_OWN = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A free port of this machine, and none that the system may give to somebody else before it is used."""
    first = int(_OWN.read_text().split()[0]) if _OWN.exists() else 32768
    while True:
        port = random.SystemRandom().randrange(10_000, max(first, 20_000))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
