"""URL: addresses of the web; a path, a query or a profile's name can name a person."""

from presidio_analyzer.predefined_recognizers import UrlRecognizer

from gateway.redaction.recognisers.identifier import patterns

_LABEL = r"[a-z0-9][a-z0-9-]{0,62}"
_REST = r"[^\s<>\"'\])}]"


class Url(UrlRecognizer):
    """Presidio's recogniser without its list of suffixes: with a scheme, with www, or a domain with a path."""

    LOOK = r"://|www|\.[a-z]{2,24}/"

    def __init__(self) -> None:
        super().__init__(
            patterns=patterns(
                {
                    rf"(?<!\w)(?:https?|ftp)://{_REST}{{1,2000}}(?<![.,;:!?])": 0.6,
                    rf"(?<![\w@.-])www\d?\.{_REST}{{3,2000}}(?<![.,;:!?])": 0.6,
                    rf"(?<![\w@./-])(?:{_LABEL}\.){{1,4}}[a-z]{{2,24}}/{_REST}{{1,2000}}(?<![.,;:!?])": 0.5,
                }
            ),
        )
