"""What of a text stands for a person: numbers of persons and of mobile telephones, in every spelling.

The patterns are read by Python and by SQL alike, over words that ``bare`` has made even.
"""

from __future__ import annotations

import re
import unicodedata

_PLACE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
# Old numbers have a year of two digits and no check digit; alone, for longer ones hold many such.
SHORT_NUMBER = f"(?:^|[^0-9])({_PLACE}[0-9]{{2}}{_DAY}[0-9]{{3}})(?:$|[^0-9])"
MOBILE_NUMBER = "(?:^|[^0-9])(?:86)?1[3-9][0-9]{9}(?:$|[^0-9])"
HIDDEN = "※"
_LONG_DIGITS = re.compile(r"\d{8,}")


def person_number(years: str, last: str = "[0-9X]") -> str:
    """The pattern of a number of eighteen characters, of the years of birth that a pattern says."""
    return f"{_PLACE}{years}{_DAY}[0-9]{{3}}{last}"


_ANY = re.compile("|".join((person_number("(?:19|20)[0-9]{2}"), SHORT_NUMBER, MOBILE_NUMBER)))


def bare(words: str) -> str:
    """Letters and digits alone, of one width and case: what two spellings of a number or name have in common.

    >>> bare("６５２８０１-1950 0101-800x")
    '65280119500101800X'
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", words).upper() if sign.isalnum())


def holds_number(words: str) -> bool:
    """Whether a text holds a number of a person or a mobile telephone.

    >>> holds_number("另见 652801 19500101 800x"), holds_number("2021年12月支付 29390000 元")
    (True, False)
    """
    return bool(_ANY.search(bare(words)) or _ANY.search(unicodedata.normalize("NFKC", words).upper()))


def shown_name(file_name: str) -> str:
    """A file's name as it is kept: long numbers in it could be a person's.

    >>> shown_name("张三_652822198503072227.csv"), shown_name("支付2021-12.csv")
    ('张三_※.csv', '支付2021-12.csv')
    """
    hidden = _LONG_DIGITS.sub(HIDDEN, file_name)
    return re.sub(r"\d+", HIDDEN, hidden) if holds_number(hidden) else hidden
