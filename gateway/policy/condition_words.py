"""What is wrong with a CEL expression, in words for its author, with a mark under the place."""

import re
from collections.abc import Sequence
from typing import Final

from gateway.policy.problem_words import meant

MAX_LOOPS: Final = 2
"""Loops within each other: each goes over everything that the one around it does."""

_LOOP: Final = re.compile(r"\.(?:all|exists|exists_one|filter|map)\s*\(")
_PLACE: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_TEXT: Final = re.compile(r"""(?:[rR]?\"(?:[^"\\]|\\.)*\"|[rR]?'(?:[^'\\]|\\.)*')""")
_MATCHES: Final = re.compile(rf"\bmatches\(\s*({_TEXT.pattern})\s*\)")
_UNDECLARED: Final = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD: Final = re.compile(r"found no matching overload for '([^']*)' applied to '\(?(.*?)\)?'")
_OPERATORS: Final = {
    "_==_": "==",
    "_!=_": "!=",
    "_<_": "<",
    "_>_": ">",
    "_<=_": "<=",
    "_>=_": ">=",
    "_&&_": "&&",
    "_||_": "||",
    "!_": "!",
    "_+_": "+",
    "_-_": "-",
    "_*_": "*",
    "_/_": "/",
    "_[_]": "[ ]",
    "@in": "in",
    "_?_:_": "? :",
}
_KINDS: Final = {
    "string": "text",
    "int": "a whole number",
    "double": "a number with a point",
    "bool": "true or false",
    "list(string)": "a list of texts",
}
_FUNCTIONS: Final = (
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "size",
    "all",
    "exists",
    "exists_one",
    "filter",
    "map",
)


def explain(expression: str, said: str, known: Sequence[str]) -> str:
    """The library's message in other words, the line of the expression, and a mark under the place."""
    match = _PLACE.search(said)
    if match is None:
        return "it is not a CEL expression"
    line, column, problem = int(match[1]), int(match[2]), match[3]
    lines = expression.splitlines() or [""]
    text = lines[min(line, len(lines)) - 1]
    start = max(0, column - _BEFORE)
    shown = text[start : start + _WIDTH]
    words = _words(problem, known)
    if text[column - 1 : column] in _CURLY:
        words = "write straight quotation marks (\" or ') in place of curly ones"
    if match := _UNDECLARED.search(problem):  # the library points at the end of what it does not know
        last = match[1].rpartition(".")[2]
        near = text.rfind(last, 0, column + len(last))
        column = near + 1 if near >= 0 else column
    where = f"line {line}, character {column}" if len(lines) > 1 else f"character {column}"
    mark = " " * max(0, column - 1 - start) + "^"
    return f"{words} ({where})\n    {shown}\n    {mark}"


_CURLY: Final = frozenset("“”„‘’‚")
_BEFORE: Final = 60
_WIDTH: Final = 100


def reason_of_failure(said: str) -> str:
    """Why an expression can't be worked out where there is nothing."""
    if "index" in said.lower() or "bound" in said.lower():
        return (
            "it takes an entry of a list that may be empty; ask `size(...) > 0 && ...` first, or use exists"
        )
    if "divi" in said.lower() or "modul" in said.lower():
        return "it divides by something that may be 0"
    if "regular expression" in said:
        return "the pattern of `matches` can't be read; look at its brackets"
    if "Key not found" in said:
        return "it takes a name that is not in the map"
    if "conver" in said:
        return "it turns a text into something that it is not"
    return "it takes something that need not be there"


def patterns_in(expression: str) -> list[str]:
    """The patterns of `matches` that are written out, as CEL writes texts."""
    return [match[1] for match in _MATCHES.finditer(expression)]


def depth_of_loops(expression: str) -> int:
    """How many loops stand within each other, at most."""
    plain = _TEXT.sub(lambda text: " " * len(text[0]), expression)
    loops = {match.end() - 1 for match in _LOOP.finditer(plain)}
    deepest, opened = 0, []
    for place, sign in enumerate(plain):
        if sign in "([{":
            opened.append(place in loops)
            deepest = max(deepest, sum(opened))
        elif sign in ")]}" and opened:
            opened.pop()
    return deepest


def _words(problem: str, known: Sequence[str]) -> str:
    if match := _UNDECLARED.search(problem):
        name = match[1]
        if name.partition(".")[0] == "answer" and all(one.startswith("request.") for one in known):
            return "a refusal comes before the answer, so a condition of `refuse` knows `request` only"
        if name in _FUNCTIONS or ("." not in name and name not in {one.partition(".")[0] for one in known}):
            return f"there is no `{name}` here{meant(name, [*known, *_FUNCTIONS])}"
        return f"there is no `{name}`{meant(name, known)}"
    if match := _OVERLOAD.search(problem):
        sign = _OPERATORS.get(match[1], match[1])
        kinds = [_KINDS.get(kind.strip(), kind.strip()) for kind in re.split(r",\s*(?![^(]*\))", match[2])]
        return f"`{sign}` does not go with {' and '.join(kinds)}"
    if "undefined field" in problem:
        return "there is no such field"
    if "Syntax error" in problem or "mismatched" in problem or "extraneous" in problem:
        return "this is no expression: look for a missing quote, bracket, && or || here"
    return "this can't be used here"
