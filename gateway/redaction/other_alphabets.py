"""Words in which every letter stands for another or for a number: ROT47, squares, keypads, places, bits.

A reading is taken for a word only if it is pronounceable, so that a list of numbers stays one.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final

from gateway.redaction.lexicon import lexicon

Replaced = tuple[int, int, str]

_FEWEST: Final = 4
_VOWELS: Final = frozenset("aeiouy")
_LEAST, _MOST = 0.3, 0.7
_PAIRS: Final = 240
"""Of 676; nine of ten names have seven of ten of their pairs among them, one in twenty random words has."""
_USUAL: Final = 0.7
_CLUSTER: Final = re.compile(r"[^aeiouy\W]{5}|[aeiou]{4}|(.)\1\1")
_ROT47: Final = re.compile(r"(?<!\S)[!-~]{4,40}(?!\S)")
_SIGN_WITHIN: Final = re.compile(r"[;<=>?@][!-~]")
_LIKELY_ROT47: Final = re.compile(r"(?=\S+[;<=>?@]\S)[!-~]?[2-9:;<=>?@A-K]{3,}[^\w\s]?\Z")
"""What letters become: digits, capitals up to K, and the signs between these within the word."""
_IN_A_ROW: Final = re.compile(r"\d[ ,.-]{1,2}\d{1,5}[ ,.-]{1,2}\d{1,5}[ ,.-]{1,2}\d")
_SQUARE: Final = "abcdefghiklmnopqrstuvwxyz"
_SQUARED: Final = re.compile(r"(?<![\d.,:/-])[1-5]{2}(?:[ ,]{1,2}[1-5]{2}){5,40}(?![\d.,:/-])")
_JOINED_SQUARES: Final = re.compile(r"(?<![\w.,])(?:[1-5]{2}){5,30}(?![\w.,]\w|\w)")
_COINS: Final = "₳€¥£$¢₦฿Đ₱₮₩"
_AS_LETTERS: Final = str.maketrans(_COINS, "AEYLSCNBDPTW")
_CURRENCY: Final = re.compile(rf"(?<![^\W\d_])(?:[A-Za-z{_COINS}]){{4,40}}(?![^\W_])")
_PLACES: Final = re.compile(
    r"(?<![\d.,:/-])(?:[1-9]|1\d|2[0-6])(?:,? (?:[1-9]|1\d|2[0-6])){6,40}(?![\d.:/-])"
)
_PLACED: Final = re.compile(
    r"(?<![\d.,:/-])(?:[1-9]|1\d|2[0-6])(?:[.-](?:[1-9]|1\d|2[0-6])){2,30}"
    r"(?:[ /](?:[1-9]|1\d|2[0-6])(?:[.-](?:[1-9]|1\d|2[0-6])){2,30}){0,4}(?![\d:/-])"
)
_TAPPED: Final = re.compile(
    r"(?<!\d)(?:2{1,3}|3{1,3}|4{1,3}|5{1,3}|6{1,3}|7{1,4}|8{1,3}|9{1,4})"
    r"(?:[ -](?:0 )?(?:2{1,3}|3{1,3}|4{1,3}|5{1,3}|6{1,3}|7{1,4}|8{1,3}|9{1,4})){5,60}(?!\d)"
)
_KEYS: Final = {
    "2": "abc",
    "3": "def",
    "4": "ghi",
    "5": "jkl",
    "6": "mno",
    "7": "pqrs",
    "8": "tuv",
    "9": "wxyz",
}
_CODES: Final = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
    " ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
_MORSE: Final = dict(zip(_CODES.split(), "abcdefghijklmnopqrstuvwxyz0123456789", strict=True))
_BITS: Final = re.compile(r"(?<![\d.,])[01]{1,5}(?: [01]{1,5}){5,60}(?![\d.,])")
_DITS: Final = re.compile(
    r"(?<![^\W_])(?:di[dt]?|dah?)(?:[ -](?:di[dt]?|dah?)(?![^\W_]))*"
    r"(?:[,/] ?(?:di[dt]?|dah?)(?:[ -](?:di[dt]?|dah?)(?![^\W_]))*){3,40}",
    re.IGNORECASE,
)
_SHAPES: Final = (
    ("|\\/|", "m"),
    ("/\\/\\", "m"),
    ("|\\|", "n"),
    ("\\/\\/", "w"),
    ("|_|", "u"),
    ("\\/", "v"),
    ("|<", "k"),
    ("|)", "d"),
    ("|-|", "h"),
)
_SHAPED: Final = re.compile(
    r"(?<!\S)(?=\S{0,40}(?:\|\\|\\/|\|_\||\|<|\|\)|\|-\|))[\w|\\/<)(@$!#-]{4,60}(?!\S)"
)
_SIGNS: Final = str.maketrans("0134578@$!#€6", "oieastbasiheg")
_TWICE: Final = re.compile(r"(?<!\d)(?:(\d)\1){3,}(?: {1,2}(?:(\d)\2){2,}){0,3}(?!\d)")


@cache
def _usual_pairs() -> frozenset[str]:
    """The pairs of letters that stand most often in names."""
    pairs = Counter(one + two for name in lexicon().names() for one, two in pairwise(name))
    return frozenset(pair for pair, _ in pairs.most_common(_PAIRS))


def is_pronounceable(word: str) -> bool:
    """Whether vowels, consonants and pairs of letters are about those of names."""
    letters = word.lower().replace(" ", "")
    if len(letters) < _FEWEST or _CLUSTER.search(letters):
        return False
    vowels = sum(char in _VOWELS for char in letters)
    usual = sum(one + two in _usual_pairs() for one, two in pairwise(letters))
    return _LEAST <= vowels / len(letters) <= _MOST and usual >= _USUAL * (len(letters) - 1)


def other_alphabets(text: str) -> Iterator[Replaced]:
    """Every such word with what it says."""
    yield from _rot47(text)
    for match in _JOINED_SQUARES.finditer(text):
        yield from _squared(match)
    if _IN_A_ROW.search(text):
        yield from _in_numbers(text)
    yield from _in_signs(text)


def _in_signs(text: str) -> Iterator[Replaced]:
    """What is said of Morse, letters drawn with strokes or written as currencies, and every digit twice."""
    if not text.isascii():
        for match in _CURRENCY.finditer(text):
            if sum(char in _COINS for char in match[0]) > 1:
                yield match.start(), match.end(), match[0].translate(_AS_LETTERS)
    for match in _DITS.finditer(text):
        codes = re.split(r"[,/] ?", match[0].lower())
        signs = [
            "".join("." if one.startswith("di") else "-" for one in re.split(r"[ -]", code)) for code in codes
        ]
        if all(sign in _MORSE for sign in signs):
            yield match.start(), match.end(), "".join(_MORSE[sign] for sign in signs).capitalize()
    yield from _drawn(text)


def _drawn(text: str) -> Iterator[Replaced]:
    for match in _SHAPED.finditer(text) if "|" in text or "\\" in text else ():
        new = match[0].lower()
        for shape, letter in _SHAPES:
            new = new.replace(shape, letter)
        new = new.translate(_SIGNS)
        if new.isalpha() and is_pronounceable(new):
            yield match.start(), match.end(), new
    for match in _TWICE.finditer(text):
        if len(set(match[0])) > _FEWEST - 1:
            yield match.start(), match.end(), re.sub(r"(\d)\1", r"\1", match[0]).replace("  ", " ")


def _in_numbers(text: str) -> Iterator[Replaced]:
    yield from _in_squares(text)
    yield from _in_bits(text)
    for match in _PLACES.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", match[0])]
        if numbers != sorted(numbers):
            yield from _placed(match)
    for match in _PLACED.finditer(text):
        if match[0].count("-") + match[0].count(".") >= _FEWEST:
            yield from _placed(match)


def _rot47(text: str) -> Iterator[Replaced]:
    for match in _ROT47.finditer(text) if _SIGN_WITHIN.search(text) else ():
        if not _LIKELY_ROT47.match(match[0]):
            continue
        new = "".join(chr(33 + (ord(char) - 33 + 47) % 94) for char in match[0])
        letters = re.sub(r"[^A-Za-z]", "", new)
        plain = sum(map(str.isalnum, new)) >= len(new) - _FEWEST + 1
        if plain and (sum(map(str.isdigit, new)) > _FEWEST // 2 or is_pronounceable(letters)):
            yield match.start(), match.end(), new


def _in_squares(text: str) -> Iterator[Replaced]:
    """Letters by row and column of a square of five, or by the keys of a telephone."""
    for match in _SQUARED.finditer(text):
        yield from _squared(match)
    for match in _TAPPED.finditer(text):
        keys = [key for key in re.split(r"[ -]", match[0]) if key != "0"]
        new = "".join(_KEYS[key[0]][(len(key) - 1) % len(_KEYS[key[0]])] for key in keys)
        if any(len(key) > 1 for key in keys) and is_pronounceable(new):
            yield match.start(), match.end(), new.capitalize()


def _squared(match: re.Match[str]) -> Iterator[Replaced]:
    pairs = re.findall(r"\d\d", match[0])
    new = "".join(_SQUARE[(int(pair[0]) - 1) * 5 + int(pair[1]) - 1] for pair in pairs)
    if is_pronounceable(new):
        yield match.start(), match.end(), new.capitalize()


def _in_bits(text: str) -> Iterator[Replaced]:
    """Morse in bits."""
    for match in _BITS.finditer(text):
        for dot, dash in (("0", "1"), ("1", "0")):
            signs = match[0].replace(dot, ".").replace(dash, "-").split()
            new = "".join(_MORSE.get(sign, "?") for sign in signs)
            if "?" not in new and is_pronounceable(new):
                yield match.start(), match.end(), new.capitalize()
                break


def _placed(match: re.Match[str]) -> Iterator[Replaced]:
    words = re.split(r"(?<=\d)[ /](?=\d)", match[0]) if "-" in match[0] or "." in match[0] else [match[0]]
    new = [
        "".join(chr(96 + int(number)) for number in re.findall(r"\d+", word)).capitalize() for word in words
    ]
    if is_pronounceable("".join(new)):
        yield match.start(), match.end(), " ".join(new)
