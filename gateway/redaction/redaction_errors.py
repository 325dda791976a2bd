"""What redaction raises, each with a remedy and none with the data.

    RedactionError
    ├── InvalidRequest      a field has the wrong type (HTTP 400)
    ├── Unreadable          a field can't be read or kept safe (HTTP 422)
    ├── RedactionFailed     an analyser failed; nothing may be sent (HTTP 500)
    │   └── AnalyzerAway    the operator's analyzer server does not answer (HTTP 503)
    └── ModelMissing        a model or recogniser of the settings can't be loaded (at start)

None carries the exception that led to it: an analyser's own error may quote the text.
"""

from typing import Self

from gateway.errors import ExplainedError


class RedactionError(Exception):
    """The base of what this part raises."""


class _FieldError(RedactionError):
    def __init__(self, param: str, message: str) -> None:
        super().__init__(f"{param}: {message}" if param else message)
        self.param = param
        self.message = message

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        """As it goes from one process to another."""
        return type(self), (self.param, self.message)


class InvalidRequest(_FieldError):
    """A field has the wrong type. `param` names it (`messages[0].content`), `message` says what it should be."""


class Unreadable(_FieldError):
    """A field can't be read, or can't be kept safe. `param` names it, `message` tells the remedy."""


class RedactionFailed(RedactionError):
    """An analyser raised or ran out of time. The text has not been read, so it must not be sent."""


class AnalyzerAway(RedactionFailed):
    """The analyzer server of the settings can't be reached, is too slow, or answers nonsense."""


class ModelMissing(RedactionError, ExplainedError):
    """A model or recogniser that the settings name can't be loaded; says which field, and why."""
