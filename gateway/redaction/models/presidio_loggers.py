"""Presidio's loggers, silenced for good: they write texts and values, some of them at ERROR."""

import logging
from typing import Final

LOGGERS: Final = ("presidio-analyzer", "decision_process")
"""The loggers of presidio-analyzer 2.2, by the names in their sources."""


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def silence_presidio() -> None:
    """Make Presidio's loggers drop every record, whatever level or handler is set on the root later on."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        # The filter outlives a later dictConfig, which resets `disabled` and levels.
        logger.filters[:] = [_nothing]
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
