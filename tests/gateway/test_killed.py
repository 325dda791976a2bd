"""SIGKILL at moments by chance under load: no answer is lost, nothing is released that was not accepted, and what was
erased is gone, while content keys are moved from one wrapping key to the next.
"""

from pathlib import Path

import pytest

from tests.bench.service import kills


@pytest.mark.xdist_group("killed")
@pytest.mark.parametrize("kept_in", ["sqlite", "postgresql"])
def test_what_was_answered_survives_sigkill_and_nothing_unaccepted_is_released(
    tmp_path: Path, kept_in: str
) -> None:
    found = kills.run(tmp_path, kept_in=kept_in, kills=2, most_seconds=120, least=10)
    assert found["required_events"] > 0
