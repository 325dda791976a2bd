"""Where each part of a chat completion request came from in the request of the Messages API."""

from collections.abc import Mapping
from typing import Final

from gateway.errors import GatewayError

_FIELDS: Final[Mapping[str, str]] = {
    "stop": "stop_sequences",
    "user": "metadata.user_id",
    "parallel_tool_calls": "tool_choice.disable_parallel_tool_use",
    "max_completion_tokens": "max_tokens",
    "response_format": "output_config.format",
    "response_format.json_schema": "output_config.format",
    "tool_choice.function": "tool_choice",
    "metadata.case": "X-Countersign-Case",
    "metadata.subjects": "X-Countersign-Subjects",
    "metadata.on_behalf_of": "X-Countersign-On-Behalf-Of",
}


class Places:
    """Names of fields, by what they are called in the chat completion request."""

    def __init__(self) -> None:
        self._names = dict(_FIELDS)

    def note(self, translated: str, original: str) -> None:
        """Remember that the field `translated`, with all in it, was `original`."""
        self._names[translated] = original

    def original(self, translated: str) -> str:
        """What the caller called the field."""
        known = [name for name in self._names if _holds(name, translated)]
        longest = max(known, key=len, default="")
        return self._names[longest] + translated[len(longest) :] if longest else translated

    def named(self, refusal: GatewayError) -> GatewayError:
        """The refusal with the caller's own name for the field at fault."""
        if refusal.param is not None:
            original = self.original(refusal.param)
            refusal.message = refusal.message.replace(f"`{refusal.param}`", f"`{original}`")
            refusal.param = original
        return refusal


def _holds(name: str, field: str) -> bool:
    return field.startswith(name) and field[len(name) : len(name) + 1] in ("", ".", "[")
