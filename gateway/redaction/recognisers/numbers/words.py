"""Numbers and months in words, as parts of regular expressions for small letters."""

from typing import Final

ONES: Final = "one|two|three|four|five|six|seven|eight|nine"
TEENS: Final = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS: Final = "twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety"
MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
