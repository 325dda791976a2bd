"""URL: addresses of the web; a path, a query or a profile's name can name a person."""

from gateway.redaction.recognisers.identifier import Identifier

_LABEL = r"[a-z0-9][a-z0-9-]{0,62}"
_REST = r"[^\s<>\"'\])}]"

URL = Identifier(
    type="URL",
    forms={
        rf"(?<!\w)(?:https?|ftp)://{_REST}{{1,2000}}(?<![.,;:!?])": 0.6,
        rf"(?<![\w@.-])www\d?\.{_REST}{{3,2000}}(?<![.,;:!?])": 0.6,
        rf"(?<![\w@./-])(?:{_LABEL}\.){{1,4}}[a-z]{{2,24}}/{_REST}{{1,2000}}(?<![.,;:!?])": 0.5,
    },
    look=r"://|www|\.[a-z]{2,24}/",
    examples=("https://people.example.org/quilp",),
)
