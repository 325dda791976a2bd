"""Numbers and values as people write and say them, by the labels beside them or without any."""

from typing import Final

from gateway.redaction.recognisers.numbers.labelled import labelled_numbers
from gateway.redaction.recognisers.numbers.spoken import spoken_numbers
from gateway.redaction.recognisers.numbers.unlabelled import unlabelled_numbers

NUMBERS: Final = (labelled_numbers, spoken_numbers, unlabelled_numbers)
"""Each reads a text, and yields what it finds, which may overlap."""
