"""A policy's file of tools: JSON, a list of them as `tools` has them in a request."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.policy.yaml_files import MAX_FILE_BYTES


class ToolsInvalid(ValueError):
    """The file can't be used; says why, and what to do."""


@dataclass(frozen=True)
class ToolsOfFile:
    """The tools of a file, and the file as it is written."""

    tools: list[dict[str, Any]]
    source: bytes


def read_tools(path: Path) -> ToolsOfFile:
    """The tools of the file; raises ToolsInvalid."""
    problem = ""
    try:
        if path.exists() and not path.is_file():
            raise ToolsInvalid("is no file; name a file that ends in .json")
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
        if len(raw) <= MAX_FILE_BYTES:
            return ToolsOfFile(_checked(json.loads(raw)), raw)
        problem = f"has more than {MAX_FILE_BYTES} bytes; make it smaller"
    except OSError:
        problem = "is not there, or can't be read; its path goes from the policy's folder"
    except json.JSONDecodeError as error:
        problem = f"is not JSON: look at its line {error.lineno}, character {error.colno}"
    except (UnicodeDecodeError, RecursionError):
        problem = "is not JSON; save it as UTF-8"
    raise ToolsInvalid(problem)


def _checked(tools: Any) -> list[dict[str, Any]]:
    if not isinstance(tools, list):
        raise ToolsInvalid("must be a list of tools, as `tools` has them in a request")
    for index, tool in enumerate(tools):
        if not isinstance(tool, dict) or not _has_name(tool):
            raise ToolsInvalid(
                f"has no name in its tool {index + 1}; write it as `tools` has it in a request"
            )
    return tools


def _has_name(tool: dict[str, Any]) -> bool:
    inner = next((tool[kind] for kind in ("function", "custom") if isinstance(tool.get(kind), dict)), tool)
    return isinstance(inner.get("name"), str)
