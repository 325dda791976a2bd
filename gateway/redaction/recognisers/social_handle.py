"""SOCIAL_HANDLE: what somebody is called on a platform: "@mzLena.x", "snapchat sk8r_jules"."""

from typing import Final

from gateway.redaction.lexicon import is_common
from gateway.redaction.recognisers.identifier import Identifier

_PLATFORM: Final = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|sc|tik ?tok|twitter|telegram|facebook|fb|discord|xbox|psn|playstation|steam|"
    r"whatsapp|kik|signal|reddit|twitch|youtube|gamer ?tag|username|user ?name|user|handle|login|profile|account)"
)
_SAID: Final = r"(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|\d{1,4})"
_LINK: Final = r"(?:[ :=-]{1,3}(?:name|user|username|account|handle|tag|id|is|as|called|under|by))?"


def check(value: str) -> bool | None:
    """False for a plain word behind the sign, which is a place or a decorator."""
    if not value.startswith("@"):
        return None
    word = value[1:].lower()
    return False if word.isalpha() and is_common(word) else None


SOCIAL_HANDLE = Identifier(
    type="SOCIAL_HANDLE",
    forms={
        rf"(?<!\w)(?:\w{{2,20}} ){{0,2}}\w{{1,20}} underscore \w{{1,20}}(?: {_SAID}){{0,8}}(?!\w)": 0.6,
        r"(?<![\w@./+-])@[\p{L}_][\w.]{2,29}(?<=\w)(?![\w@]|\.\w|\()": 0.6,
        rf"(?<!\w){_PLATFORM}{_LINK}(?:[ :=-]{{1,3}}|: ?)\K(?=[\w.]*(?:\d|_|\p{{L}}\.\p{{L}}))(?=[\w.]*\p{{L}})"
        r"[\p{L}\d_][\w.]{2,29}(?<=\w)(?![\w@])": 0.6,
    },
    check=check,
    look=r"@|insta|snap|tik ?tok|twitter|telegram|facebook|discord|xbox|psn|playstation|steam|whatsapp|kik|signal|"
    r"reddit|twitch|youtube|gamer|user|handle|login|profile|account|\b(?:ig|fb|sc)\b",
    examples=("@mzLena.x",),
)
