"""Numbers, amounts and dates in a text, so that two writings of one are the same: 1,000 and 1000, seven and 7, 28 % and 0.28.

Made for English, with a closed list of units: of another word behind a number it is not checked that it is the same.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from math import prod
from typing import NamedTuple

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLED_AS = {word: value for value, word in enumerate(_SMALL.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
#: Each line is a unit, written in several ways; those of a paragraph measure the same. Decimal and binary multiples of bytes are taken
#: for the same, as texts do.
_UNITS_TEXT = """
euro euros eur
dollar dollars usd
pound pounds gbp

percent

millisecond milliseconds ms
second seconds sec secs s
minute minutes min mins
hour hours hr hrs h
day days
week weeks
month months
year years

byte bytes
kilobyte kilobytes kb kib
megabyte megabytes mb mib
gigabyte gigabytes gb gib
terabyte terabytes tb tib

gram grams g
kilogram kilograms kg

millimetre millimetres millimeter millimeters mm
centimetre centimetres centimeter centimeters cm
metre metres meter meters
kilometre kilometres kilometer kilometers km
"""
_MEASURES = {line.split()[0]: number for number, part in enumerate(_UNITS_TEXT.split("\n\n")) for line in part.strip().splitlines()}
_UNITS = {word: line.split()[0] for line in _UNITS_TEXT.strip().splitlines() for word in line.split()}
_SIGNS = {"\u20ac": "euros", "$": "dollars", "\u00a3": "pounds"}

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_ONES = "|".join(_SMALL.split()[1:10])
_WRITTEN = re.compile(
    rf"\b(?P<first>{'|'.join(_TENS.split())})(?:[-\s](?P<then>{_ONES}))?\b|\b(?P<small>(?!one\b)(?:{_SMALL.replace(' ', '|')}))\b",
    re.IGNORECASE,
)
_SCALED = re.compile(rf"(?<![\w.,])(?P<number>{_DIGITS}|an?|one)(?P<scales>(?:[-\s](?:{'|'.join(_SCALES)}))+)\b", re.IGNORECASE)
_MONTH_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS)
_ISO_DATE = re.compile(r"(?<![\w-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w-])")
_DAY_BEHIND = re.compile(rf"\b(?P<month>{_MONTH_NAMES})\.?\s(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})\b")
_MONEY = re.compile(rf"(?P<sign>[\u20ac$\u00a3])\s?(?P<number>{_DIGITS})")
_MONEY_BEHIND = re.compile(r"(?<=\d)\s?([\u20ac\u00a3])")
_PERCENT = re.compile(r"(?<=\d)\s?(?:%|per\scent\b)", re.IGNORECASE)
_SPACE_WITHIN = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\w])")

#: Not within a name, version, address or time.
_NUMBER = re.compile(
    rf"(?<![\w.,])(?<![^\W\d][-:/@])(?<!\d:)(?P<value>{_DIGITS}(?::\d\d)?)(?:(?P<order>st|nd|rd|th)|(?P<close>[a-z]+))?"
    r"(?![\w@]|[.,:]\d)(?:[-\s]*(?P<apart>[a-z]+))?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
_ONE = re.compile(rf"\b(?:an?|one)\s(?P<unit>{'|'.join(_UNITS)})\b", re.IGNORECASE)
_MONTH = re.compile(rf"(?<=\d\s)(?:{_MONTH_NAMES})\b|\b(?:{_MONTH_NAMES})(?=\.?\s\d)")
_DAY = re.compile(rf"\b({'|'.join(_DAYS)})s?\b")


class Fact(NamedTuple):
    """A number or a name of a date, as it is compared.

    Attributes:
        value: digits without marks of thousands (``1000``, ``7:30``), or the name of a day or month in small letters.
        unit: ``euro``, ``day``, …; ``weekday`` and ``month name`` of names; None: none that is known.
        of: the word behind it, where that is no known unit.
        text: the number as it is written, with its unit; empty of names, and of the 1 in "an hour".
    """

    value: str
    unit: str | None
    of: str | None
    text: str

    def is_said_by(self, other: "Fact") -> bool:
        """Tell whether another text says this: the same value, and no other unit."""
        if self.unit is not None and other.unit is not None and self.unit != other.unit:
            return False
        if "percent" in {self.unit, other.unit} and (self.of or other.of):
            return False
        return self.value == other.value or _equal(self, other)

    @property
    def by_the_way(self) -> bool:
        """Whether it is the 1 of "an hour", which supports "1 hour" and need not be supported itself ("three times an hour")."""
        return self.value == "1" and not self.text

    def is_alike(self, other: "Fact") -> bool:
        """Tell whether both could stand in each other's place: their units measure the same, or the same word is behind them."""
        if self.unit in _MEASURES and other.unit in _MEASURES:
            return _MEASURES[self.unit] == _MEASURES[other.unit]
        return self.unit == other.unit and self.of == other.of


def in_digits(text: str) -> str:
    """Return a text with numbers in one writing: digits (but "one", which is more often none), names of units, and dates with months."""
    text = _ISO_DATE.sub(lambda date: f"{int(date[3])} {_MONTHS[int(date[2]) - 1]} {date[1]}", text)
    text = _DAY_BEHIND.sub(r"\g<day> \g<month> \g<year>", _SPACE_WITHIN.sub(lambda number: "".join(number[0].split()), text))
    text = _MONEY_BEHIND.sub(
        lambda sign: f" {_SIGNS[sign[1]]}", _MONEY.sub(lambda money: f"{money['number']} {_SIGNS[money['sign']]}", text)
    )
    return _SCALED.sub(_scaled, _WRITTEN.sub(_written, _PERCENT.sub(" percent", text)))


def facts_of(text: str) -> Iterator[Fact]:
    """Yield the numbers and dates of a text that `in_digits` gave. Versions, names and addresses that have digits in them are none."""
    for found in _NUMBER.finditer(text):
        close, apart = (found["close"] or "").lower(), (found["apart"] or "").lower()
        if not close or close in _UNITS:
            value, unit = found["value"].replace(",", ""), _UNITS.get(close or apart)
            written = f"{value}{found['order'] or close}" if close or unit is None else f"{value} {apart}"
            yield Fact(value.removesuffix(":00"), unit, None if unit or close else apart or None, written)
    for found in _ONE.finditer(text):
        yield Fact("1", _UNITS[found["unit"].lower()], None, "")
    for found in _MONTH.finditer(text):
        yield Fact(found[0][:3].lower(), "month name", None, "")
    for found in _DAY.finditer(text):
        yield Fact(found[1].lower(), "weekday", None, "")


def _equal(one: Fact, other: Fact) -> bool:
    """Tell whether amounts are equal as numbers: zeros behind the point mean nothing, and a share may be told in percent."""
    if (one.unit or other.unit) is None or not all(_AMOUNT.fullmatch(each.value) for each in (one, other)):
        return False
    left, right = (Decimal(each.value) for each in (one, other))
    return left == right or _share(one, left) == _share(other, right)


def _share(fact: Fact, value: Decimal) -> Decimal:
    return value / 100 if fact.unit == "percent" else value


def _written(found: re.Match[str]) -> str:
    if found["small"]:
        return str(_SPELLED_AS[found["small"].lower()])
    return str(_SPELLED_AS[found["first"].lower()] + (_SPELLED_AS[found["then"].lower()] if found["then"] else 0))


def _scaled(found: re.Match[str]) -> str:
    number = found["number"].replace(",", "")
    scales = prod(_SCALES[word] for word in re.split(r"[-\s]", found["scales"].lower().strip("- ")) if word)
    return f"{((Decimal(number) if number[0].isdigit() else Decimal(1)) * scales).normalize():f}"
