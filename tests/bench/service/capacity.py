"""How many gateways and which PostgreSQL a department needs, reckoned from what was measured of one request."""

import math
from dataclasses import dataclass
from typing import Any, Final

from tests.bench.service.department import PER_PERSON, peak_rate

BUSY: Final = 0.5
"""The share of its processors that a gateway may use in the busiest hour: what is left takes what comes by chance."""
PROCESSORS: Final = 2
"""Of one gateway."""
WORKING_DAYS: Final = 250


@dataclass(frozen=True)
class Need:
    """What so many people need."""

    people: int
    rate: float
    """Requests a second in the busiest hour."""
    processors: float
    """That gateways use then."""
    gateways: int
    """With one more than is needed, so that one may be replaced."""
    memory_gigabytes: float
    database_processors: float
    events: float
    """A second."""
    gigabytes_a_year: float


def reckon(people: int, measured: dict[str, Any]) -> Need:
    """`measured`: what `department.run` found."""
    rate = peak_rate(people)
    processors = rate * measured["gateway_cpu_ms"] / 1000
    gateways = math.ceil(processors / (PROCESSORS * BUSY)) + 1
    each = max(measured["megabytes"]) / measured["gateways"]
    return Need(
        people=people,
        rate=rate,
        processors=processors,
        gateways=gateways,
        memory_gigabytes=gateways * each / 1024,
        database_processors=rate * measured["database_cpu_ms"] / 1000,
        events=rate * measured["events"] / measured["asked"],
        gigabytes_a_year=people * PER_PERSON * WORKING_DAYS * measured["database_bytes"] / 2**30,
    )
