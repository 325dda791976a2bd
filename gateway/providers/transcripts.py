"""Recorded speech and transcripts in OpenAI's shape: the form that asks for one, and what makes an answer whole."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.providers.chunks import parse
from gateway.providers.foreign_errors import nonsense
from gateway.providers.stream import Attempt

IN_JSON: Final = ("json", "verbose_json")
IN_TEXT: Final = ("text", "srt", "vtt")

_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_ENDING: Final = re.compile(r"\.[a-z0-9]{1,8}$")
_UNSAFE: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True)
class Recording:
    """One file of recorded speech; `fields` are the form's others, by name."""

    data: bytes = field(repr=False)
    name: str = field(default="", repr=False)
    media_type: str = ""
    response_format: str = "json"
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def form(self, more: Mapping[str, Any]) -> tuple[str, bytes]:
        """The media type and the body of a request (RFC 7578) with the fields `more`, which win.

        Only the extension of the file's name is sent, from which servers know the format. The name itself may
        identify the speaker.
        """
        boundary = f"countersign-{secrets.token_hex(16)}"
        fields = {**self.fields, "response_format": (self.response_format,)}
        fields |= {name: _texts(value) for name, value in more.items()}
        parts = [
            _part(boundary, f'name="{name.translate(_UNSAFE)}"', "", value.encode())
            for name, values in fields.items()
            for value in values
        ]
        ending = _ENDING.search(self.name.lower())
        kind = self.media_type.lower()
        kind = kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream"
        disposition = f'name="file"; filename="audio{ending[0] if ending else ""}"'
        parts.append(_part(boundary, disposition, f"Content-Type: {kind}\r\n", self.data))
        return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


@dataclass(frozen=True)
class TranscriptionResult:
    """A transcript, as JSON or as text, and which model made it."""

    content: dict[str, Any] | str = field(repr=False)
    model: str
    attempts: tuple[Attempt, ...]

    @property
    def text(self) -> str:
        """What was said, with times where the form has them."""
        return self.content if isinstance(self.content, str) else str(self.content["text"])

    @property
    def usage(self) -> Mapping[str, Any]:
        """Tokens, as the model counted; empty where it counts seconds, or nothing."""
        usage = self.content.get("usage") if isinstance(self.content, dict) else None
        members = usage if isinstance(usage, Mapping) else {}
        return {
            "prompt_tokens": members.get("input_tokens"),
            "completion_tokens": members.get("output_tokens"),
        }


def parse_transcript(body: bytes, response_format: str) -> dict[str, Any] | str:
    """A server's answer in the form that was asked for; raises ProviderFailed."""
    if response_format in IN_JSON:
        document = parse(body)
        if not isinstance(document.get("text"), str):
            raise nonsense()
        return document
    try:
        return body.decode()
    except UnicodeDecodeError:
        failure = nonsense()
    raise failure


def _part(boundary: str, disposition: str, headers: str, data: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{headers}\r\n"
    return head.encode() + data + b"\r\n"


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
