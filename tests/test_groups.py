"""Tests of a group run in one worker, which shares what they need."""

import os

import pytest


@pytest.mark.xdist_group("groups")
@pytest.mark.parametrize("which", ["one", "[other]"])
def test_a_worker_knows_the_group_of_a_test(request: pytest.FixtureRequest, which: str) -> None:
    if os.environ.get("PYTEST_XDIST_WORKER") is None:
        pytest.skip("there are no workers")
    assert request.node.nodeid.endswith("@groups") == request.config.option.loadgroup
