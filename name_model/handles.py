"""What somebody is called on a platform, and e-mail addresses, as they are written or said, by chance."""

import random
from functools import cache
from typing import Final

from name_model.spoken import below_hundred
from name_model.terms import terms

_KINDS: Final = ("pet", "word", "dish", "plant", "sport", "music", "car")
_SIGNS: Final = {"_": "underscore", ".": "dot", "-": "dash", "": ""}
_ENDINGS: Final = ("x", "xx", "uk", "official", "boy", "gal", "vibes", "mcr", "ldn", "real", "tv", "z", "yt")
_HOSTS: Final = (
    "gmail.com, hotmail.com, hotmail.co.uk, outlook.com, yahoo.co.uk, icloud.com, live.co.uk, aol.com, btinternet.com, "
    "sky.com, proton.me, gmx.de, mail.ru, wp.pl, talktalk.net, mail.example"
).split(", ")


@cache
def _words() -> tuple[str, ...]:
    found = {word.lower() for kind in _KINDS for term in terms()[kind] for word in term.split()}
    return tuple(sorted(word for word in found if word.isalpha() and word.isascii() and len(word) > 2))


class Handles:
    """Makes them. The same chance makes the same."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def written(self) -> str:
        """As it is typed, with a sign or a digit in it: `lil.basil__7`."""
        chance = self._chance
        parts = self._parts()
        sign = chance.choice(("_", "_", "_", ".", ".", "__", ""))
        made = sign.join(parts) + (chance.choice(("_", "", "")) if sign else "") + self._digits()
        if not any(char in "_." or char.isdigit() for char in made):
            made += str(chance.randint(1, 999))
        return chance.choice(("@", "", "", "")) + (made.title() if chance.random() < 0.1 else made)

    def said(self) -> str:
        """As it is said: "at lil dot basil underscore seven"."""
        chance = self._chance
        sign = chance.choice(("_", "_", "_", ".", "-", ""))
        made = f" {_SIGNS[sign]} ".join(self._parts())
        digits = self._digits()
        if digits:
            made += chance.choice((" ", " ", f" {_SIGNS[sign]} ")) + self._said_digits(digits)
        return " ".join((chance.choice(("at ", "", "", "")) + made).split())

    def said_email(self) -> str:
        """An e-mail address as it is said: "basil dot spin at gmail dot com"."""
        host = self._chance.choice(_HOSTS)
        said = self.said().removeprefix("at ") + self._chance.choice(
            ("", "", "", " all one word", " all lower case")
        )
        return f"{said} at {' dot '.join('u k' if part == 'uk' else part for part in host.split('.'))}"

    def _parts(self) -> list[str]:
        chance = self._chance
        parts = [chance.choice(_words()) for _ in range(chance.choice((1, 2, 2, 2, 3)))]
        if len(parts) == 1 or chance.random() < 0.2:
            parts.append(chance.choice(_ENDINGS))
        if chance.random() < 0.1:
            parts.insert(0, chance.choice(("lil", "big", "the", "its", "mr", "real", "x")))
        return parts

    def _digits(self) -> str:
        chance = self._chance
        return str(
            chance.choice((chance.randint(1, 9), chance.randint(10, 99), chance.randint(1980, 2014), ""))
        )

    def _said_digits(self, digits: str) -> str:
        if len(digits) == 2 and self._chance.random() < 0.6:
            return below_hundred(int(digits))
        return " ".join(
            self._chance.choice(("oh", "zero")) if d == "0" else below_hundred(int(d)) for d in digits
        )
