"""A policy's file as it is written: its fields, their defaults and their meaning. policy.schema.json is
made of it.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    field_validator,
    model_validator,
)

from gateway.policy.field_types import (
    Condition,
    Duration,
    EntityType,
    Id,
    Line,
    OptionalType,
    Residency,
    Text,
    ToolsField,
    Wanted,
)
from gateway.policy.limits import Limits
from gateway.policy.stages import Pilot, Scale, Scan


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Refusal(_Part):
    """A request that this policy does not serve."""

    id: Id
    like: tuple[Line, ...] = Field(
        default=(),
        description="Examples of what is refused: a sentence of the last user messages that is like them. A dozen or"
        " more, in many words, make a good rule; `countersign policy test` shows what it catches",
    )
    unlike: tuple[Line, ...] = Field(
        default=(), description="Examples that sound alike and pass, such as questions of what is on record"
    )
    when: Condition | None = Field(
        default=None,
        description="CEL over `request`: text, asked, entities, application, messages_count; with `like`, either"
        " refuses",
    )
    say: Text = Field(description="What the caller is told; names what to do instead")

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if self.when is None and not self.like:
            raise ValueError("needs `like`, examples of what it refuses, or `when`, a condition")
        if self.unlike and not self.like:
            raise ValueError("has `unlike` without `like`; add examples of what it refuses")
        return self


class Caveat(_Part):
    """A sentence that stands with the advice."""

    id: Id
    say: Text
    when: Condition | None = Field(
        default=None,
        description="CEL over `request` and `answer`; always, if neither this nor `when_like` is there",
    )
    when_like: tuple[Line, ...] = Field(
        default=(),
        description="Examples of sentences of an answer that it goes with; with `when`, either does",
    )
    when_unlike: tuple[Line, ...] = Field(
        default=(), description="Examples that sound alike and that it does not go with"
    )
    confirm: StrictBool = Field(default=False, description="The person confirms it with the decision")

    @model_validator(mode="after")
    def _has_likes(self) -> Self:
        if self.when_unlike and not self.when_like:
            raise ValueError("has `when_unlike` without `when_like`; add examples that it goes with")
        return self

    @property
    def always(self) -> bool:
        """Whether it goes with every answer."""
        return self.when is None and not self.when_like


class Redaction(_Part):
    """What the redaction takes beside the usual, what it leaves, and what becomes of what the model adds."""

    redact: tuple[OptionalType, ...] = Field(
        default=(),
        description="Types that are redacted beside the usual ones: LOCATION (towns and countries), NRP"
        " (nationalities, religions and other groups), DATE_TIME. Alone they identify nobody, so they are off",
    )
    keep: tuple[Line, ...] = Field(
        default=(), description="Words that look personal but are not: names of Acts"
    )
    scripts: tuple[Line, ...] = Field(
        default=(), description="Scripts beside Latin that pass unread, by Unicode's names: Greek, Arabic"
    )
    added: Literal["mark", "mask", "refuse"] = Field(
        default="mark",
        description="Personal data in the answer that was not in the request. mark: it is counted, and shown to the"
        " person who decides; mask: [PERSON] or the like stands for it before anybody sees the answer, and streams"
        " arrive sentence by sentence; refuse: the answer is never shown, and the caller gets a 502,"
        " added_personal_data. Streams of such a policy arrive whole, since an answer is known to add nothing only at"
        " its end",
    )
    refuse_added: tuple[EntityType, ...] = Field(
        default=(), description="With `added: refuse`, the types that are refused: PERSON; all, if empty"
    )


class Reasons(_Part):
    """Whether a decision needs a reason."""

    accept: Wanted = "optional"
    reject: Wanted = "required"


class Review(_Part):
    """Who decides on the advice, when and how."""

    gate: Literal["release", "use"] = Field(
        default="release",
        description="release: the advice is held until it is accepted; use: it is shown at once, and decided on",
    )
    deciders: Literal[1, 2] = Field(default=1, description="2: two different people")
    not_the_requester: StrictBool = Field(default=True, description="Whoever asked can't decide")
    view_first: StrictBool = Field(default=False, description="Own view before the advice is shown")
    shown_first: StrictBool = Field(
        default=False, description="Who accepts must have been shown the advice, by its page or by the API"
    )
    reason: Reasons = Reasons()
    signature: Literal["none", "passkey"] = Field(
        default="none",
        description="passkey: each decider signs with a passkey of their own, in a browser; the API refuses a decision",
    )
    confirm_facts: StrictBool = Field(
        default=False,
        description="Each fact of the answer that is not in what was sent, or stands with something else there, is"
        " confirmed one by one before the answer is accepted as it is",
    )
    tools: tuple[Line, ...] = Field(
        default=(),
        description="Tools whose calls a person decides on before the application gets them: send_letter. Calls of"
        " other tools are recorded and passed on; the answer without tool calls is what is decided on",
    )
    decide_within: Duration = Field(default=timedelta(days=5), description="After that the advice is overdue")
    check_one_in: Annotated[StrictInt, Field(ge=2, le=100_000)] | None = Field(
        default=None,
        description="Mixes in one seeded check, advice that is known to be wrong, for about so many pieces of advice",
    )
    max_overdue: Annotated[StrictInt, Field(ge=0, le=1000)] = Field(
        default=0, description="More overdue advice than this blocks new requests"
    )


class Alert(_Part):
    """A pattern in the newest decisions that oversight is told of; it blocks nothing and names nobody."""

    id: Id
    over: Annotated[StrictInt, Field(ge=10, le=1000)] = Field(
        default=50,
        description="How many of the policy's newest decisions are looked at; not before there are so many",
    )
    when: Condition = Field(
        description="CEL over `decisions`: count, and as shares accepted, rejected, changed, hasty (in less than half"
        " the reading time), late, unsupported_accepted, own_view_differs, agreement, switch; and caught, of the newest"
        " seeded checks"
    )
    say: Text = Field(description="What oversight reads")


class Retention(_Part):
    """How long sealed content is kept."""

    content: Duration = Field(default=timedelta(days=90), description="Prompts, answers, reasons")
    pseudonyms: Duration = Field(default=timedelta(days=30), description="What stands behind a pseudonym")

    @property
    def seconds(self) -> dict[str, int]:
        """As events carry it."""
        return {
            "content": int(self.content.total_seconds()),
            "pseudonyms": int(self.pseudonyms.total_seconds()),
        }


class Embeddings(_Part):
    """That texts may be made into vectors under this policy, at /v1/embeddings. Nothing is decided on."""

    models: tuple[Line, ...] = Field(
        min_length=1,
        description="Names in countersign.yaml, of `models` or `embedding_models`, tried in order; vectors of two"
        " models can't be compared, so more than one only where they are the same model",
    )
    leaves: StrictBool = Field(
        default=True,
        description="false: nothing is redacted, because nothing leaves; with `embedding_models`, and models that have"
        " `leaves: false` themselves, only",
    )


class Transcriptions(_Part):
    """That recorded speech may be made into text under this policy, at /v1/audio/transcriptions."""

    models: tuple[Line, ...] = Field(
        min_length=1,
        description="Names of `models` in countersign.yaml whose servers are your own (`leaves: false` there), tried in"
        " order",
    )
    leaves: Literal[False] = Field(
        description="false: nothing can be redacted from sound, so it must not leave; there is no other value"
    )

    @field_validator("leaves", mode="before")
    @classmethod
    def _never_leaves(cls, leaves: object) -> object:
        if leaves is not False:
            raise ValueError(
                "must be false: nothing can be redacted from sound, so it goes to a server of your own only"
            )
        return leaves


class Expected(_Part):
    """What must come of an example. What is not named is not checked."""

    outcome: Literal["admitted", "refused"] = "admitted"
    refused_by: Id | None = Field(default=None, description="Id of the refusal that must fire")
    redacted: tuple[Line, ...] = Field(default=(), description="Types that must be among those redacted")
    not_redacted: tuple[Line, ...] = Field(default=(), description="Types that must not be")
    leaves: tuple[Line, ...] = Field(default=(), description="Text that must still stand in what is sent")
    never_leaves: tuple[Line, ...] = Field(default=(), description="Text that must not")
    caveats: tuple[Id, ...] | None = Field(
        default=None, description="Exactly these caveats, in the file's order"
    )


class Example(_Part):
    """A request and what must come of it; run by `countersign policy test` and before a change is put
    in force.
    """

    name: Line
    request: dict[StrictStr, Any] = Field(description="As for /v1/chat/completions, without `model`")
    answer: StrictStr | None = Field(default=None, description="A model's answer, to try conditions on")
    expect: Expected


class PolicyFile(_Part):
    """One use of AI. Callers name it as `model`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="A Countersign policy")

    id: Id = Field(description="The file's name without .yaml")
    title: Line
    purpose: Text = Field(description="What it is for, and what it is not for")
    owner: Line = Field(description="The team that answers for it")
    contact: Line | None = Field(
        default=None,
        description="How a person whose case it is reaches that team: an address, an email, a number",
    )
    stage: Literal["scan", "pilot", "scale"] = Field(
        description="scan: rehearsal, and a model for the people that `scan` names; pilot: who and until when says"
        " `pilot`; scale: everybody, once the record shows what `scale` asks for"
    )
    scan: Scan = Scan()
    pilot: Pilot | None = None
    scale: Scale | None = None
    applications: tuple[Line, ...] = Field(
        min_length=1, description='Who may use it; ["*"] is every application'
    )
    models: tuple[Line, ...] = Field(min_length=1, description="Names in countersign.yaml, tried in order")
    residency: Residency | None = Field(
        default=None,
        description="Where what is sent has to stay: UK. Only models that declare the same are sent anything",
    )
    prompt: Id | None = Field(
        default=None,
        description="prompts/<prompt>.md; without one the application's own system messages are all that there are",
    )
    prompt_place: Literal["before", "after"] = Field(
        default="before",
        description="Where the prompt stands: before the application's own system messages, or after them, with the"
        " last word",
    )
    refuse: tuple[Refusal, ...] = ()
    redaction: Redaction = Redaction()
    tools: ToolsField = Field(
        default=(),
        description="Tools that pass unread, but for values that are known in the case and subjects: names, each of"
        " which accepts anything that an application sends as the tool of that name; or the path, from this file, of a"
        " JSON file with the tools, whose texts pass as they stand there",
    )
    embeddings: Embeddings | None = Field(
        default=None, description="Without it the policy takes no requests for embeddings"
    )
    transcriptions: Transcriptions | None = Field(
        default=None, description="Without it the policy takes no recorded speech"
    )
    caveats: tuple[Caveat, ...] = ()
    caveats_inline: StrictBool = Field(default=False, description="Caveats also stand in the answer's text")
    review: Review = Review()
    alerts: tuple[Alert, ...] = ()
    retention: Retention = Retention()
    limits: Limits = Limits()
    examples: tuple[Example, ...] = ()


class PromptFile(_Part):
    """The front matter of a prompt."""

    id: Id = Field(description="The file's name without .md")
    title: Line
    note: Text | None = Field(default=None, description="For those who edit it; never sent")
