"""What a guess at a stolen password hash costs in service."""

import re
import subprocess
import sys

PROGRAM = "from gateway.identity import hash_password; print(hash_password('three random words'))"


def test_a_hash_costs_at_least_what_rfc_9106_recommends_where_memory_is_short() -> None:
    """In a process of its own: the tests' own hashes are cheap."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", done.stdout)
    assert found is not None
    memory, passes, lanes = map(int, found.groups())
    assert memory >= 64 * 1024
    assert (passes, lanes) >= (3, 4)
