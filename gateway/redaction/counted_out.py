"""Digits that are counted out otherwise than in English words: other languages, ordinals, Roman, bits, dice, sums.

A run of such words, with a letter or a digit among them, is read as the number; what that is its recogniser says.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

Replaced = tuple[int, int, str]

_LANGUAGES: Final = (
    "zero one two three four five six seven eight nine",
    "oh one two three four five six seven eight niner",
    "zéro un deux trois quatre cinq six sept huit neuf",
    "null eins zwei drei vier fünf sechs sieben acht neun",
    "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "zero uno due tre quattro cinque sei sette otto nove",
    "zero um dois três quatro cinco seis sete oito nove",
    "nul een twee drie vier vijf zes zeven acht negen",
    "nul en to tre fire fem seks syv otte ni",
    "noll ett två tre fyra fem sex sju åtta nio",
    "nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän",
    "sero un dau tri pedwar pump chwech saith wyth naw",
    "dim un dwy tair pedair pum chwe saith wyth naw",
    "náid aon dó trí ceathair cúig sé seacht ocht naoi",
    "neoni aon dhà trì ceithir còig sia seachd ochd naoi",
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "nula jedna dva tri četiri pet šest sedam osam devet",
    "nula jeden dva tři čtyři pět šest sedm osm devět",
    "nulis vienas du trys keturi penki šeši septyni aštuoni devyni",
    "nulle viens divi trīs četri pieci seši septiņi astoņi deviņi",
    "nulla egy kettő három négy öt hat hét nyolc kilenc",
    "sıfır bir iki üç dört beş altı yedi sekiz dokuz",
    "zero unu doi trei patru cinci șase șapte opt nouă",
    "zero një dy tre katër pesë gjashtë shtatë tetë nëntë",
    "nol odin dva tri chetyre pyat shest sem vosem devyat",
    "miden ena dio tria tessera pente exi efta okto ennea",
    "shunya ek do teen char paanch chhe saat aath nau",
    "sifar ek do tin char panj chhe sat ath nau",
    "shunno ek dui tin char pach chhoy shat aat noy",
    "eber kow laba saddex afar shan lix toddoba siddeed sagaal",
    "sifr wahid ithnan thalatha arbaa khamsa sitta sabaa thamania tisaa",
    "sefr yek do se chahar panj shesh haft hasht noh",
    "sifuri moja mbili tatu nne tano sita saba nane tisa",
    "odo okan eji eta erin arun efa eje ejo esan",
    "efu otu abuo ato ano ise isii asaa asato itoolu",
    "khong mot hai ba bon nam sau bay tam chin",
    "ling yi er san si wu liu qi ba jiu",
    "rei ichi ni san yon go roku nana hachi kyu",
    "yeong il i sam sa o yuk chil pal gu",
    "nihil unus duo tres quattuor quinque sex septem octo novem",
    "nulo unu du tri kvar kvin ses sep ok naŭ",
    "zeroth first second third fourth fifth sixth seventh eighth ninth",
    "oh won too free for fife sicks sevn ate nein",
    "hero bun shoe tree door hive sticks heaven gate wine",
    "0000 0001 0010 0011 0100 0101 0110 0111 1000 1001",
    "n i ii iii iv v vi vii viii ix",
    "o i ii iii iiii iiiii iiiiii iiiiiii iiiiiiii iiiiiiiii",
)
"""Nought to nine; words of English that rhyme with them or sound like them are no different."""
_ENGLISH_TABLES: Final = 2
_SINGLE: Final = (
    dict(zip("⚀⚁⚂⚃⚄⚅", "123456", strict=True))
    | dict(zip("〇一二三四五六七八九", "0123456789", strict=True))
    | dict(zip("🄀①②③④⑤⑥⑦⑧⑨", "0123456789", strict=True))
)
_FOLD: Final = str.maketrans("éèêüöäåãçęćśčšřťīņışçășțëŭáíóúàìòù", "eeeuoaaacecscsrtinissastteuaiouaiou"[:34])


def _folded(word: str) -> str:
    return word.translate(_FOLD)


def _numbers() -> list[Mapping[str, str]]:
    tables: list[Mapping[str, str]] = []
    for line in _LANGUAGES:
        words = line.split()
        table = {word: str(digit) for digit, word in enumerate(words)}
        tables.append({_folded(word): digit for word, digit in table.items()} | table)
    return tables


_TABLES: Final = _numbers()
_BY_WORD: Final[dict[str, list[int]]] = {}
for _number, _table in enumerate(_TABLES):
    for _word in _table:
        _BY_WORD.setdefault(_word, []).append(_number)
_TOKEN: Final = re.compile(r"(?<!['’])(?<![^\W_])[^\W_]+")
_GAP: Final = re.compile(r"[ \t,.;/|–-]{1,3}|\r?\n")
_FEWEST: Final = 6
"""Digits in a row that nobody writes in words for another reason."""
_DIFFERENT: Final = 3
_MIXED: Final = 9
"""Words and digits in turn."""
_SUM: Final = re.compile(r"\((\d{1,2})([+-])(\d{1,2})\)")
_SUMS: Final = re.compile(
    r"(?:\(\d{1,2}[+-]\d{1,2}\)|(?<![^\W_])[A-Za-z](?![^\W_]))(?: ?(?:\(\d{1,2}[+-]\d{1,2}\)|[A-Za-z](?![^\W_]))){4,40}"
)
_SIGNS: Final = re.compile(
    rf"(?:[{''.join(_SINGLE)}]|\d)(?: ?(?:[{''.join(_SINGLE)}]|[A-Za-z\d](?![a-z]))){{3,40}}"
)
_THEN: Final = re.compile(
    r"(?<![^\W_])[^\W_](?: ([a-z]{2,7}) [^\W_](?![^\W_]))(?: \1 [^\W_](?![^\W_])){4,40}", re.IGNORECASE
)
_SAID: Final = re.compile(
    r"(?<=[\dA-Za-z)])\((zero|one|two|three|four|five|six|seven|eight|nine)\)", re.IGNORECASE
)
_IN_BRACKETS: Final = re.compile(
    r"(?<![^\W_])[A-Za-z\d]{1,12}(?:\((?:zero|one|two|three|four|five|six|seven|eight|nine)\)[A-Za-z\d]{0,12}){1,12}",
    re.IGNORECASE,
)
_ENGLISH: Final = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_JOINED: Final = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(_ENGLISH)}|oh){{4,30}}(?![^\W\d_])", re.IGNORECASE)
_LONG: Final = re.compile(r"[^\W\d_]{12}")
_ONE: Final = re.compile("|".join([*_ENGLISH, "oh"]), re.IGNORECASE)


def counted_out(text: str) -> Iterator[Replaced]:
    """Every run of digits that is counted out so."""
    yield from _in_words(text)
    if not text.isascii():
        for match in _SIGNS.finditer(text):
            yield match.start(), match.end(), "".join(_SINGLE.get(char, char) for char in match[0])
    if "(" in text:
        for match in _SUMS.finditer(text):
            yield match.start(), match.end(), _SUM.sub(_summed, match[0]).replace(" ", "")
        for match in _IN_BRACKETS.finditer(text):
            yield match.start(), match.end(), _SAID.sub(lambda said: str(_digit(said[1])), match[0])
    for match in _THEN.finditer(text):
        yield match.start(), match.end(), "".join(match[0].split()[::2])
    for match in _JOINED.finditer(text) if _LONG.search(text) else ():
        yield match.start(), match.end(), "".join(str(_digit(one[0])) for one in _ONE.finditer(match[0]))


def _digit(word: str) -> int:
    lower = word.lower()
    return _ENGLISH.index(lower) if lower in _ENGLISH else 0


def _summed(match: re.Match[str]) -> str:
    first, second = int(match[1]), int(match[3])
    return str(first + second if match[2] == "+" else first - second)


def _in_words(text: str) -> Iterator[Replaced]:
    lower = text.lower()
    words = _TOKEN.findall(lower)
    if len(_BY_WORD.keys() & set(words)) < _DIFFERENT or sum(word in _BY_WORD for word in words) < _DIFFERENT:
        return
    tokens = [(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(lower)]
    if len(lower) != len(text):
        return
    at = 0
    while at < len(tokens):
        end, table = _run(lower, tokens, at)
        if table is None:
            at += 1
            continue
        start = tokens[at][0]
        digits = "".join(table.get(word, word.upper()) for _, _, word in tokens[at:end])
        yield start, tokens[end - 1][1], digits
        at = end


def _run(lower: str, tokens: list[tuple[int, int, str]], at: int) -> tuple[int, Mapping[str, str] | None]:
    """Where the longest run of one language's digits that begins here ends, and its words."""
    heads = {number for _, _, word in tokens[at : at + 3] for number in _BY_WORD.get(word, ())}
    best: tuple[int, Mapping[str, str] | None] = (at, None)
    for number in heads:
        table = _TABLES[number]
        end, said, different = at, 0, set()
        while end < len(tokens):
            first, _, word = tokens[end]
            if end > at and not _GAP.fullmatch(lower, tokens[end - 1][1], first):
                break
            if word in table:
                said += 1
                different.add(word)
            elif len(word) > 1 or (end == at and not word.isdigit() and not word.isalpha()):
                break
            end += 1
        while (
            end > at
            and tokens[end - 1][2] not in table
            and not (tokens[end - 1][2].isalpha() and said >= _FEWEST)
        ):
            end -= 1
        # What English says is read where it stands, unless letters are among it.
        plain = number < _ENGLISH_TABLES and all(word in table for _, _, word in tokens[at:end])
        enough = said >= _FEWEST or (said >= _DIFFERENT and end - at >= _MIXED)
        if enough and len(different) >= _DIFFERENT and end > best[0] and not plain:
            best = (end, table)
    return best
