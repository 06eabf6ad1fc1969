"""Payment cards and bank accounts."""

import re
from collections.abc import Iterator

from flowyard.tracing.redaction.checksums import iban, luhn
from flowyard.tracing.redaction.model import END, HINT_START, START, STARTED, Place, Rule

# One block, or the groups that are printed on cards: 4-4-4-4 and more, 4-6-5 (American Express), 4-6-4 (Diners Club).
_CARDS = (
    re.compile(rf"\d{STARTED}(?:\d{{13,18}}|\d{{3}}([ -])\d{{4}}\1\d{{4}}\1\d{{4}}|\d{{3}}([ -])\d{{6}}\2\d{{4,5}}){END}"),
    re.compile(rf"\d{STARTED}\d{{3}}([ -])\d{{4}}\1\d{{4}}\1\d{{4}}\1\d{{1,3}}{END}"),
)
# Issuers' numbers (ISO/IEC 7812) of Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay, Maestro, with their lengths.
_ISSUERS = re.compile(
    r"4(?:\d{15}|\d{18})"
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}"
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}(?:\d{3})?"
    r"|35(?:2[89]|[3-8]\d)\d{12}(?:\d{3})?"
    r"|62\d{14,17}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}"
)
_IBAN = re.compile(rf"(?i){START}[A-Z]{{2}}\d{{2}}(?:[ -]?[A-Z0-9]){{11,30}}")
# Length by country (IBAN registry, SWIFT).
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22,
    "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22,
    "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30,
    "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27,
    "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31,
    "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip


def _cards(text: str) -> Iterator[Place]:
    for pattern in _CARDS:
        for found in pattern.finditer(text):
            digits = found[0].replace(" ", "").replace("-", "")
            if digits.isascii() and _ISSUERS.fullmatch(digits) and luhn(digits):
                yield found.span()


def _ibans(text: str) -> Iterator[Place]:
    at = 0
    while found := _IBAN.search(text, at):
        length = _LENGTHS.get(found[0][:2].upper())
        end = _end(found[0], length) if length else None
        if end is None:
            at = found.start() + 1
            continue
        yield found.start(), found.start() + end
        at = found.start() + end


def _end(text: str, length: int) -> int | None:
    """Return where an IBAN of `length` characters at the start of `text` ends; None when there is none."""
    places = [place for place, character in enumerate(text) if character not in " -"]
    if len(places) < length or not text.isascii():
        return None
    end = places[length - 1] + 1
    goes_on = end < len(text) and text[end] not in " -"
    return end if not goes_on and iban(text[:end].replace(" ", "").replace("-", "")) else None


CARD = Rule(
    name="card",
    title="Payment card numbers of the large issuers (Luhn)",
    find=_cards,
    hint=rf"{HINT_START}[2-6]\d{{3}}(?:\d{{10}}|[ -]\d{{4}}[ -]\d{{4}}[ -]\d{{4}}|[ -]\d{{6}}[ -]\d{{4}})",
    numbers=True,
)
IBAN = Rule(
    name="iban", title="International bank account numbers (length by country, mod 97)", find=_ibans,
    hint=rf"(?i){HINT_START}[A-Z]{{2}}\d{{2}}(?:[ -]?[A-Z0-9]){{11}}",
)  # fmt: skip
