"""What the `redaction:` section of countersign.yaml holds."""

from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from gateway.redaction.recognisers.identifier import declared

DEFAULT_ENTITIES: Final = frozenset(
    ["PERSON", *(identifier.type for identifier in declared() if identifier.on)]
)
"""What is redacted unless the settings say otherwise.

Towns, countries and nationalities identify nobody alone, and a case can't be understood without them: `LOCATION` and
`NRP` are off. So are `DATE_TIME` and `ORGANIZATION`.
"""
OPTIONAL_ENTITIES: Final = frozenset(["LOCATION", "NRP", "DATE_TIME"])
"""What a policy may switch on beside them: `redaction.redact`."""
READ_BY_MODELS: Final = frozenset(["PERSON", "LOCATION", "NRP", "ORGANIZATION"])
"""What no rule finds."""
SHIPPED: Final = "shipped"
"""The name model that is part of the gateway."""


class AnalyzerServerSettings(BaseModel):
    """A Presidio analyzer server that reads beside what is built in: `url` without `/analyze`.

    `entities` are the types that it is asked for, `seconds` the longest wait for one text.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: HttpUrl
    entities: frozenset[str] = Field(default=frozenset(["PERSON", "LOCATION", "NRP"]), min_length=1)
    language: str = "en"
    seconds: float = Field(default=10.0, gt=0.0)


class ClassifierSettings(BaseModel):
    """A token classifier in ONNX: `folder` has model.onnx, tokenizer.json and config.json.

    `labels` maps the model's labels, without `B-` and `I-`, to types; by default those that are usual for names and
    places. `least` is how sure it must be, 0 to 1.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path
    labels: dict[str, str] | None = None
    least: float = Field(default=0.4, gt=0.0, le=1.0)


class RecogniserSettings(BaseModel):
    """A Presidio recogniser that is installed: the dotted path of its class, and what it is made with."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: str = Field(alias="class", pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$")
    arguments: dict[str, Any] = Field(default_factory=dict)


class RedactionSettings(BaseModel):
    """How personal data is found.

    `name_model` is `shipped`, the folder of one that `make name-model` made, or None for none, so that patterns only
    are looked for. `spacy_model` (an installed package), `classifiers`, `analyzer_server` and `recognisers` are an
    operator's own, beside it or, with `name_model` None, instead of it. `entities` are the types that are redacted.
    `score_threshold` is the least score of a finding, from 0 to 1. `processes` is the number of processes that read
    texts beside the gateway's own, each on a processor of its own; with 0 the gateway reads them itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    name_model: str | None = SHIPPED
    spacy_model: str | None = None
    classifiers: tuple[ClassifierSettings, ...] = ()
    analyzer_server: AnalyzerServerSettings | None = None
    recognisers: tuple[RecogniserSettings, ...] = ()
    entities: frozenset[str] = DEFAULT_ENTITIES
    score_threshold: float = Field(default=0.4, ge=0.0, le=1.0)
    pattern_seconds: float = Field(default=5.0, gt=0.0)
    processes: int = Field(default=0, ge=0, le=64)
