"""Each identifier is declared in one file, and every list of them is found from the files."""

import re
import subprocess
import sys

import pytest

from gateway.redaction import RedactionSettings, Redactor
from gateway.redaction.recognisers.identifier import Identifier, declared
from gateway.redaction.recognisers.numbers.labels import expression, heads
from gateway.redaction.redaction_settings import DEFAULT_ENTITIES
from tools.docs import identifiers

_EXAMPLES = [(one, example) for one in declared() for example in one.examples]
_LABELS = [(one, label) for one in declared() for label in one.labels.split(", ") if label]


@pytest.fixture(scope="module")
def every_type() -> Redactor:
    """Looks for what is off by default too."""
    types = frozenset(one.type for one in declared())
    return Redactor.load(RedactionSettings(name_model=None, entities=types))


@pytest.mark.parametrize(("one", "example"), _EXAMPLES, ids=lambda value: getattr(value, "type", value))
def test_its_example_is_found(one: Identifier, example: str, every_type: Redactor) -> None:
    assert one.type in {entity for _, _, entity in every_type.places(example)}


def test_every_type_has_an_example() -> None:
    assert {one.type for one, _ in _EXAMPLES} == {one.type for one in declared()}


def test_what_is_on_is_redacted_by_default() -> None:
    on, off = ({one.type for one in declared() if one.on is wanted} for wanted in (True, False))
    assert on | {"PERSON"} == DEFAULT_ENTITIES
    assert off == {"DATE_TIME"}


@pytest.mark.parametrize(("one", "label"), _LABELS, ids=lambda value: getattr(value, "type", value))
def test_a_label_begins_with_a_word_by_which_it_is_found(one: Identifier, label: str) -> None:
    assert list(heads(label))
    assert re.compile(expression(label)).match("") is None


@pytest.mark.parametrize("label", ["Lantern number", "lantern No", "lantern id, Lantern"])
def test_a_label_with_a_capital_that_would_never_be_found_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        Identifier(labels=label)


def test_the_table_in_the_docs_is_that_of_the_files() -> None:
    assert identifiers.page() == identifiers.PAGE.read_text("utf-8")


def test_presidio_is_not_imported_until_somebody_names_one_of_its_recognisers() -> None:
    asked = (
        "import sys, gateway.redaction as one; one.Redactor.load(one.RedactionSettings(name_model=None)); "
    )
    names = "[name for name in ('presidio_analyzer', 'spacy') if name in sys.modules]"
    done = subprocess.run([sys.executable, "-c", f"{asked}print({names})"], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_presidios_own_recognisers_are_run_beside_ours() -> None:
    from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

    class Even(PatternRecognizer):
        """A number of a gang, if it is even."""

        def validate_result(self, pattern_text: str) -> bool:
            return int(pattern_text) % 2 == 0

    class Word(EntityRecognizer):
        """The word itself."""

        def load(self) -> None:
            """Nothing to load."""

        def analyze(
            self, text: str, entities: list[str], nlp_artifacts: object = None
        ) -> list[RecognizerResult]:
            at = text.find("Quilps")
            return [RecognizerResult("GANG", at, at + 6, 0.9)] if at >= 0 else []

    own = [
        Even(supported_entity="GANG", patterns=[Pattern("two digits", r"\b\d\d\b", 0.3)]),
        PatternRecognizer(
            supported_entity="GANG", patterns=[Pattern("capitals", r"\bZ[A-Z]\b", 0.1)], context=["crew"]
        ),
        Word(["GANG"]),
    ]
    settings = RedactionSettings(name_model=None, entities=frozenset(["GANG"]))
    places = Redactor.load(settings, recognisers=own).places("Of 12 and 13 in the crew ZA, not the Quilps.")
    assert [(start, end) for start, end, _ in places] == [(3, 5), (25, 27), (37, 43)]
