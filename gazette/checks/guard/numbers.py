"""Check digits and the forms of the numbers that carry them."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from functools import lru_cache
from math import prod


def _spread(ranges: str) -> frozenset[str]:
    """``13 01-03`` → ``1301 1302 1303``."""
    codes: set[str] = set()
    for line in ranges.strip().splitlines():
        province, *parts = line.split()
        for part in parts:
            first, _, last = part.partition("-")
            codes.update(f"{province}{number:02}" for number in range(int(first), int(last or first) + 1))
    return frozenset(codes)


# Not the six-digit codes: counties are founded and renumbered every year, and an identity number keeps the code
# of its day. The prefectures have hardly changed since 1980.
_PREFECTURES = _spread("""
    11 01-02
    12 01-02
    13 01-11 21-30 90
    14 01-11 21-27 90
    15 01-09 21-29
    21 01-14 21-22 90
    22 01-08 21-26 90
    23 01-12 21-27 90
    31 01-02
    32 01-13 21-27 90
    33 01-11 21-28 90
    34 01-18 21-29 90
    35 01-09 21-27 90
    36 01-11 21-26 90
    37 01-17 21-29 90
    41 01-17 21-30 90
    42 01-13 21-29 90
    43 01-13 21-31 90
    44 01-29 51-53 90
    45 01-14 21-28
    46 00-04 90
    50 01-03
    51 01-39 70 90
    52 01-06 21-27
    53 01-09 21-35
    54 01-07 21-27
    61 01-10 21-27 90
    62 01-12 21-30
    63 01-03 21-28
    64 01-05 21-22
    65 01-05 21-32 40-43 90
    71 00
    81 00
    82 00
    83 00
""")
"""First four digits of every division code (GB/T 2260) in the releases of the Ministry of Civil Affairs from
December 1980 to April 2019, facts as collected by the GB2260 project, and of the residence permits for people of
Taiwan, Hong Kong and Macao (71, 81–83)."""

_PROVINCES = frozenset(code[:2] for code in _PREFECTURES)

# No clock is read here. Nobody born before 1900 is alive, and a later year than 2049 is no birth.
_YEARS = " ".join(map(str, range(1900, 2050)))
_DAYS = " ".join(f"{month:02}{day:02}" for month in range(1, 13) for day in range(1, monthrange(2000, month)[1] + 1))
_MONTH_DAYS = frozenset(_DAYS.split())

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_VALUES = {character: value for value, character in enumerate(_CODE_ALPHABET)}
_CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

# Issuers of cards used in China, ISO/IEC 7812-1: UnionPay, the older debit cards of the four large banks and of
# China Merchants Bank, Visa, Mastercard, JCB.
_CARD = re.compile(
    r"62\d{14,17}|9558\d{12,15}|9559\d{12,15}|601382\d{10,13}|690755\d{10,13}|4\d{15}|5[1-5]\d{14}|35[2-8]\d{13}"
)


def is_identity_number(number: str) -> bool:
    """Whether 18 characters are a citizen's or a resident's identity number: place, date and check character.

    GB 11643-1999, 4; the check is ISO/IEC 7064 MOD 11-2. Since the 2023 edition of the permanent residence card
    a foreigner's number begins with 9, the code of the province and the code of the country.
    """
    return (
        _is_place(number)
        and is_date(number[6:14])
        and _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False)) % 11]
        == number[17]
    )


def is_old_identity_number(number: str) -> bool:
    """Whether 15 digits can be an identity number of before 1999, which has no century and no check digit."""
    return _is_place(number) and is_date(f"19{number[6:12]}")


def is_date(digits: str) -> bool:
    """Whether eight digits are a day between 1900 and 2049."""
    if digits[4:] not in _MONTH_DAYS or not "1900" <= digits[:4] <= "2049":
        return False
    return digits[4:] != "0229" or isleap(int(digits[:4]))


def is_unified_code(code: str) -> bool:
    """Whether 18 characters are a unified social credit code: GB 32100-2015, 5, check MOD 31."""
    values = [_CODE_VALUES.get(character) for character in code]
    if None in values:
        return False
    total = sum(value * weight for value, weight in zip(values, _CODE_WEIGHTS, strict=False) if value is not None)
    return (31 - total % 31) % 31 == values[17]


def has_card_issuer(number: str) -> bool:
    """Whether the digits begin and are as many as a bank card's; the check digit is another question."""
    return _CARD.fullmatch(number) is not None


def passes_luhn(number: str) -> bool:
    """The check of ISO/IEC 7812-1, annex B."""
    digits = list(map(int, reversed(number)))
    return (sum(digits[::2]) + sum(_DOUBLED[digit] for digit in digits[1::2])) % 10 == 0


def is_hong_kong_identity(letters: str, digits: str, check: str) -> bool:
    """Whether a Hong Kong identity card number passes its check, MOD 11 with blank = 36 and A = 10."""
    values = [int(character, 36) for character in letters] + list(map(int, digits))
    total = sum(value * weight for value, weight in zip(reversed(values), range(2, 10), strict=False))
    total += 36 * 9 if len(letters) == 1 else 0
    return (total + int(check, 16)) % 11 == 0


@lru_cache(maxsize=4096)
def possible_identity_numbers(mask: str) -> int:
    """How many identity numbers fit 18 characters of which the hidden ones are ``*``."""
    free = [
        _fits(mask[:4], " ".join(_PREFECTURES)),
        10 ** mask[4:6].count("*"),
        _fits(mask[6:10], _YEARS),
        _fits(mask[10:14], _DAYS),
        10 ** mask[14:17].count("*"),
    ]
    # The check character follows from the rest; where it is shown it leaves one of eleven.
    return -(-prod(free) // 11) if mask[17] != "*" and "*" in mask else prod(free)


def _fits(mask: str, words: str) -> int:
    return len(re.findall(rf"\b{mask.replace('*', '.')}\b", words)) if "*" in mask else int(mask in words.split())


def _is_place(number: str) -> bool:
    return number[:4] in _PREFECTURES or (number[0] == "9" and number[1:3] in _PROVINCES)
