"""`POST /v1/audio/transcriptions`, as OpenAI's, and the transcripts on record."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from gateway.advice import find_transcription, open_transcript
from gateway.api.call_headers import context_headers
from gateway.api.callers import caller_of
from gateway.api.disconnection import while_connected
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.errors import GatewayError
from gateway.http import Part, parse_form, read_body, services_of
from gateway.providers import Recording
from gateway.steps import CONTEXT_FIELDS, TranscriptionCall, require_application

router = APIRouter()

_FILE: Final = {"type": "string", "format": "binary", "description": "The recording"}
_PASSED_ON: Final = ("language", "prompt", "temperature", "timestamp_granularities")


class TranscriptionRequest(BaseModel):
    """The fields of the form. Lists may be sent with `[]` after the name, members as `metadata[case]`."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(description="A policy that has `transcriptions`")
    file: Annotated[Any, WithJsonSchema(_FILE)]
    language: str | None = Field(None, max_length=20)
    prompt: str | None = Field(None, max_length=10_000)
    response_format: Literal["json", "text", "srt", "verbose_json", "vtt"] = "json"
    temperature: float | None = Field(None, ge=0, le=1)
    timestamp_granularities: list[Literal["word", "segment"]] | None = None
    metadata: dict[str, Any] | None = None
    stream: Literal[False] | None = Field(None, description="Transcripts are given whole")


@router.post("/v1/audio/transcriptions")
@takes(TranscriptionRequest, "multipart/form-data")
async def transcribe(request: Request) -> Response:
    """Make recorded speech into text, at a server within the organisation. `model` names a policy that has
    `transcriptions`. `X-Transcription-Id` says under which id the transcript is on record.
    """
    services = services_of(request)
    application = require_application(await caller_of(request))  # before the body is read
    limits = services.settings.limits
    body = await read_body(request, limits, limits.audio_bytes)
    parts = parse_form(body, request.headers.get("content-type", ""))
    form = _form(parts)
    call = TranscriptionCall(
        application=application,
        body={"model": form.model, "metadata": form.metadata},
        headers=context_headers(request),
        recording=_recording(form, parts),
    )
    name, transcribed = await while_connected(request, services.pipeline.transcribe(call))
    headers = {"X-Transcription-Id": name}
    if isinstance(transcribed.content, str):
        return PlainTextResponse(transcribed.content, headers=headers)
    return JSONAnswer(transcribed.content, headers=headers)


@router.get("/v1/audio/transcriptions/{transcription}")
async def read_transcript(request: Request, transcription: str) -> Response:
    """A transcript on record, for the application that asked for it."""
    application = require_application(await caller_of(request))
    services = services_of(request)
    row = await services.database.fetch(lambda connection: find_transcription(connection, transcription))
    sealed = None
    if row is not None and row["application"] == application.id:
        sealed = await services.database.fetch(
            lambda connection: open_transcript(connection, services.vault, transcription)
        )
    if row is None or sealed is None:
        raise GatewayError(
            "unknown_transcription",
            "There is no transcript with this id for you, or it was erased; check the id and the key.",
        )
    about = {"id": row["id"], "object": "transcription", "policy": row["policy"]}
    return JSONAnswer({**about, "requested_at": row["requested_at"], "case": None, **sealed})


def _form(parts: Sequence[Part]) -> TranscriptionRequest:
    """The form's fields; a `GatewayError` that names the first that is wrong."""
    fields: dict[str, Any] = {}
    for part in parts:
        if part.name == "file" and part.file_name is not None:
            if "file" in fields:
                raise GatewayError(
                    "invalid_request", "`file` is there twice; send one recording.", param="file"
                )
            fields["file"] = part.name
        else:
            _take(fields, part.name, _text(part))
    try:
        return TranscriptionRequest.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        raise GatewayError(
            "invalid_request",
            "The form has a field that can't be passed on; leave it out, or have the operator put it into `params` of"
            " the model's route.",
            param=name if name.isidentifier() and len(name) <= 40 else None,
        )
    raise GatewayError("invalid_request", f"`{name}`: {problem['msg']}.", param=name)


def _take(fields: dict[str, Any], name: str, value: str) -> None:
    """Lists and members as OpenAI's clients write them in forms."""
    if name.startswith("metadata[") and name.endswith("]"):
        member, listed, rest = name[len("metadata[") : -1].partition("][")
        if member not in CONTEXT_FIELDS or rest:
            raise GatewayError(
                "invalid_request",
                "`metadata` may hold `case`, `subjects` and `on_behalf_of`.",
                param="metadata",
            )
        about = fields.setdefault("metadata", {})
        about[member] = [*about.get(member, ()), value] if listed else value
    elif name.removesuffix("[]") == "timestamp_granularities":
        fields.setdefault("timestamp_granularities", []).append(value)
    else:
        fields[name] = value


def _text(part: Part) -> str:
    try:
        return part.data.decode()
    except UnicodeDecodeError:
        pass
    raise GatewayError("invalid_request", "A field of the form is not in UTF-8.")


def _recording(form: TranscriptionRequest, parts: Sequence[Part]) -> Recording:
    file = next(part for part in parts if part.name == "file" and part.file_name is not None)
    if not file.data:
        raise GatewayError("unreadable_content", "The recording is empty; send one with sound.", param="file")
    fields: dict[str, tuple[str, ...]] = {}
    for name in _PASSED_ON:
        value = getattr(form, name)
        if isinstance(value, list):
            fields[f"{name}[]"] = tuple(value)
        elif value is not None:
            fields[name] = (str(value),)
    return Recording(file.data, file.file_name or "", file.media_type, form.response_format, fields)
