"""E-mail addresses, telephone numbers and IP addresses."""

import ipaddress
import re
from collections.abc import Iterator

from flowyard.tracing.redaction.model import END, HINT_SPACE, HINT_START, STARTED, Place, Rule

_EMAIL = re.compile(
    r"(?:(?<![\w.+%-])|(?<=\\[nrt]))[\w.+%-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?!\w)"
)
# Password and host of an address (the secrets' rule has the password), pictures of several densities, and git's way to name a repository.
_USERINFO = re.compile(r"://[^\s/@]{0,100}:$")
_PICTURE = re.compile(r"@[1-4]x\.(?:png|jpe?g|webp|gif|svg)$")
_LOOK_BACK = 128

# Country calling codes of two and three digits (ITU-T E.164).
_COUNTRY = re.compile(
    r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|2[1-9]\d|3[578]\d|42[013]|50\d|59\d|67\d|68\d|69[0-2]|80[08]|85[0235-9]|87[08]|88[0368]|96\d|97\d|99[2-68]"
)
_GAP = "[ \u00a0.\\-/()]"
_HINT_GAP = rf"(?:{_GAP}|\\+u00a0)"
_INTERNATIONAL = re.compile(rf"[+0](?:(?<![\w+.,].)|(?<=\\[nrt].))(?:(?<=\+)|(?<=0)0)(?=[1-9(])(?:{_GAP}{{0,3}}\d){{8,15}}(?!\d)")
_AMERICAN = re.compile(
    rf"[1-9(]{STARTED}(?:(?<=1)[ .-](?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])|(?<=\()[2-9]\d\d\) ?|(?<=[2-9])\d\d[ .-])[2-9]\d\d[ .-]\d{{4}}{END}"
)
_TRUNK = re.compile(
    rf"[(0](?<![:/].){STARTED}(?:(?<=\()0|(?<=0))[1-9]\d{{0,4}}\)?(?:[ \u00a0/.-]{{1,3}}\d{{2,8}}){{1,5}}(?:-\d{{1,4}})?(?!:){END}"
)
_DATE = re.compile(r"\d\d([./ -])\d\d\1(?:19|20)\d\d")
_CALLED = re.compile(
    r"(?i)(?<![a-z])(?:tele?fon[eo]?|téléphone|tel|phone|mobile|mobil|cell|handy|fax|whatsapp|sms)(?: ?(?:number|no|nr|num)\b)?"
    r"[\s.:=#\"'\\]{1,6}(?:is |ist |es )?(\d{7,15})(?!\w)"
)
_PHONE_KEY = re.compile(r"(?i)(?:phone|mobile|telefon|fax|whatsapp|msisdn|(?:^|[._-])tel)(?:[_-]?(?:number|no|nr))?$")
_PHONE_VALUE = re.compile(rf"\+?(?:{_GAP}{{0,3}}\d){{7,15}}")
_FEWEST, _MOST = 9, 12

_IP4 = re.compile(r"\d(?:(?<![\w.-].)|(?<=\\[nrt].))\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w-]|\.\d)")
_IP6 = re.compile(r"(?:(?<![\w:.])|(?<=\\[nrt]))[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![\w:]|\.\d)")
# Names in C++ have the form of short addresses: a::b2.
_LONG_GROUP = re.compile(r"[0-9A-Fa-f]{3}")
# Versions have the form of addresses: Chrome/120.0.0.0, version 1.2.3.4, pkg==1.2.3.4.
_VERSION = re.compile(r"(?i)(?:\bversions?[ :=v]{0,3}|\bv|\brelease |\bbuild |[=~<>]= ?|[a-z]/|@)$")


def _emails(text: str) -> Iterator[Place]:
    for found in _EMAIL.finditer(text):
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        is_git = found[0].startswith("git@") and text[found.end() : found.end() + 1] == ":"
        if not (is_git or _USERINFO.search(before) or _PICTURE.search(found[0])):
            yield found.span()


def _phones(text: str) -> Iterator[Place]:
    for found in _INTERNATIONAL.finditer(text):
        if _is_international("".join(filter(str.isdigit, found[0].removeprefix("00")))):
            yield found.span()
    for found in _AMERICAN.finditer(text):
        yield found.span()
    for found in _TRUNK.finditer(text):
        if _FEWEST <= sum(map(str.isdigit, found[0])) <= _MOST and not _DATE.match(found[0]):
            yield found.span()
    for found in _CALLED.finditer(text):
        yield found.span(1)


def _is_international(digits: str) -> bool:
    if digits[0] == "1":
        return len(digits) == len("12125550123") and digits[1] not in "01"
    if digits[0] == "7":
        return len(digits) == len("74951234567")
    return _COUNTRY.match(digits) is not None and len(digits) >= _FEWEST - 1


def _is_phone(key: str, value: str) -> bool:
    return _PHONE_KEY.search(key) is not None and _PHONE_VALUE.fullmatch(value) is not None


def _addresses(text: str) -> Iterator[Place]:
    for found in _IP4.finditer(text):
        if _is_somebodys(found[0]) and not _VERSION.search(text[max(0, found.start() - 16) : found.start()]):
            yield found.span()
    if text.count(":") > 1:
        for found in _IP6.finditer(text):
            if any(map(str.isdigit, found[0])) and _LONG_GROUP.search(found[0]) and _is_somebodys(found[0]):
                yield found.span()


def _is_somebodys(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


EMAIL = Rule(name="email", title="E-mail addresses", find=_emails, hint=r"[^\s\"'<>()@]@[^\s\"'<>()@]+\.[^\s\"'<>()@.\d_]{2}")
PHONE = Rule(
    name="phone",
    title="Telephone numbers: international, or in national forms with separators; bare digits only after a word or name that says so",
    find=_phones,
    hint=(
        rf"(?:\+|{HINT_START}00)(?:{_HINT_GAP}{{0,3}}\d){{8}}"
        rf"|{HINT_START}(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{{4}}"
        rf"|{HINT_START}\(?0[1-9](?:{_HINT_GAP}{{0,4}}\d){{7}}"
        r"|(?i)(?:tel|fon[eo]?|phone|mobile?|cell|handy|fax|whatsapp|sms)(?: ?(?:number|num|no|nr))?"
        rf"(?:[.:=#\"'\\]|{HINT_SPACE}){{1,24}}(?:is |ist |es )?\d{{7}}"
        r"|(?:phone|mobile|telefon|fax|whatsapp|msisdn|tel)(?:[_-]?(?:number|no|nr))?\"\s*:"
    ),
    named=_is_phone,
)
IP_ADDRESS = Rule(
    name="ip_address",
    title="IPv4 and IPv6 addresses, but for loopback and unspecified ones",
    find=_addresses,
    hint=(
        rf"{HINT_START}(?:\d{{1,3}}\.){{3}}\d"
        r"|[0-9A-Fa-f]{3}:[0-9A-Fa-f]{0,4}:|:(?:[0-9A-Fa-f]{0,4}:){1,7}[0-9A-Fa-f]{3}"
    ),
)
