"""How a command ends; the same for all of them."""

from typing import Final

OK: Final = 0
WRONG: Final = 1
"""Something is not as it was signed, or not as the rules say: it is named on standard output."""
UNUSABLE: Final = 2
"""Nothing was done: bad arguments, or nothing that could be read; standard error says what to do."""
CONTRADICTED: Final = 3
"""The log was forked or rolled back; both signed notes were written as evidence."""

TABLE: Final = (
    "exit codes: 0 all is well; 1 something is wrong with the log, and standard output names it; 2 nothing was"
    " done, and standard error says why; 3 the log was forked or rolled back, and both signed notes were kept"
)
