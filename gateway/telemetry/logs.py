"""Logs: JSON lines of our own making, one a request.

Libraries log texts, addresses and exceptions that may hold personal data, at levels that nobody foresees. So of a
library's record only its logger, level and place are written, never its message.
"""

import json
import logging
import sys
from typing import TextIO

import structlog

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class _PlaceOnly(logging.Handler):
    """Writes where a library logged something, and withholds what."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        line = {
            "event": "library message withheld",
            "level": record.levelname.lower(),
            "logger": record.name,
            "where": f"{record.module}:{record.lineno}",
        }
        self._stream.write(json.dumps(line) + "\n")


def configure_logs(level: str, stream: TextIO = sys.stderr) -> None:
    """Set up structlog and the standard library's logging for the whole process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(_PlaceOnly(stream))
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
