"""Secrets: by the forms that those who give them out have published, and by what stands before them."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator

from flowyard.tracing.redaction.model import HINT_SPACE, Place, Rule

# Prefix and form of what is given out by the services that applications of language models call and run on, and by Flowyard itself.
_FORMS = re.compile(
    r"(?a)(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))(?:"
    r"sk-(?=[A-Za-z0-9_-]{0,200}?\d)[A-Za-z0-9_-]{20,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])"
    r"|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}|glpat-[\w-]{20,}"
    r"|xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}"
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}"
    r"|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{20,}"
    r"|hf_[A-Za-z0-9]{30,}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{50,}|gsk_[A-Za-z0-9]{30,}|r8_[A-Za-z0-9]{30,}|pplx-[A-Za-z0-9]{30,}"
    r"|SG\.[\w-]{16,32}\.[\w-]{32,64}|dop_v1_[a-f0-9]{64}|lsv2_[a-z]{2}_[a-f0-9]{32}_[a-f0-9]{10}|fy_[\w-]{43}"
    r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"
    r")"
)
_PREFIXES = (
    "sk-", "akia", "asia", "gh", "glpat-", "xox", "xapp-", "aiza", "ya29.", "gocspx-", "k_live_", "k_test_", "whsec_", "hf_", "npm_",
    "pypi-", "gsk_", "r8_", "pplx-", "sg.", "dop_v1_", "lsv2_", "fy_", "eyj",
)  # fmt: skip
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,]*(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?"
)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@\"'\\]{0,100}:([^\s/@\"'\\]{1,200})@")
_SIGNATURE = re.compile(r"[?&]sig=([A-Za-z0-9%/+=_-]{20,})")
_SCHEME = re.compile(r"(?i)\b(?:bearer|basic)[ +]\s{0,3}([A-Za-z0-9._~+/=-]{8,})")
_QUOTE = r"\\*[\"']?"
_VALUE = r"[^\s\"'\\,;<>{}()\[\]&]"
_AUTHORIZATION = re.compile(
    rf"(?i)\bauthorization{_QUOTE}\s{{0,4}}[:=]\s{{0,4}}{_QUOTE}(?:(?:bearer|basic|token|apikey)\s{{1,4}})?({_VALUE}{{8,}})"
)
_PASSWORD = re.compile(
    rf"(?i)(?:passwor[dt]|passwd|passphrase|passcode|pwd|secret)(?:[_-]?value)?{_QUOTE}\s{{0,4}}(?::=|[:=]|\bis\b)\s{{0,4}}{_QUOTE}({_VALUE}{{6,}})"
)
_TOKEN = re.compile(
    rf"(?i)(?:token|(?:api|access|account|private|auth|secret|signing|encryption|license)[_ -]?key|credentials?)(?:[_-]?value)?"
    rf"{_QUOTE}\s{{0,4}}(?::=|[:=]|\bis\b)\s{{0,4}}{_QUOTE}({_VALUE}{{12,}})"
)
# What is a secret whatever it looks like, by the name that it stands under.
_SECRET_KEY = re.compile(
    r"(?i)(?:password|passwd|passphrase|pwd|secret|(?:api|access|account|private|secret|signing|encryption)[_-]?key|authorization|cookie"
    r"|(?:access|refresh|auth|bearer|session|id|csrf)[_-]?token|credentials?)$"
)
_TOKEN_KEY = re.compile(r"(?i)token$")
_PLACEHOLDER = re.compile(r"[\[<{$%*].*|x+|(?i:none|null|true|false|redacted|required|hidden|masked|string|your[_-].*)")
_PLAIN = re.compile(r"[A-Za-z]?[a-z]*[.:!?]?|[A-Z_]+|[a-z_]+(?:\.[a-z_]+)*|\d{1,5}|(?:https?|file|ftp)://.*|/.*")
_LIKELY = re.compile(r"(?=.*[A-Za-z])(?=.*\d).*|(?=.*[a-z])(?=.*[A-Z]).{20,}", re.DOTALL)
_RANDOM_BITS, _SHORTEST, _LONGEST = 3.0, 12, 512


def _secrets(text: str) -> Iterator[Place]:
    small = text.lower()
    for words, pattern, fits in _PATTERNS:
        if any(word in small for word in words):
            for found in pattern.finditer(text):
                if fits(found[found.re.groups]):
                    yield found.span(found.re.groups)


def _always(value: str) -> bool:
    del value
    return True


def _is_no_word(value: str) -> bool:
    return not (_PLACEHOLDER.fullmatch(value[:_LONGEST]) or _PLAIN.fullmatch(value[:_LONGEST]))


def _is_random(value: str) -> bool:
    """Return whether a text has at least 3 bits of entropy a character (Shannon), letters and digits or both cases, and is no path."""
    part = value[:_LONGEST]
    if len(part) < _SHORTEST or _PLACEHOLDER.fullmatch(part) or _PLAIN.fullmatch(part) or not _LIKELY.fullmatch(part):
        return False
    bits = -sum(count / len(part) * math.log2(count / len(part)) for count in Counter(part).values())
    return bits >= _RANDOM_BITS


#: Patterns, each with words of which one is in all that it matches, and what its last group (or all of it, without groups) has to be.
_PATTERNS: tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[str], bool]], ...] = (
    (_PREFIXES, _FORMS, _always),
    (("private key",), _PRIVATE_KEY, _always),
    (("://",), _URL, _always),
    (("sig=",), _SIGNATURE, _is_no_word),
    (("authorization",), _AUTHORIZATION, _is_no_word),
    (("passw", "passphrase", "passcode", "pwd", "secret"), _PASSWORD, _is_no_word),
    (("bearer", "basic"), _SCHEME, _is_random),
    (("token", "key", "credential"), _TOKEN, _is_random),
)


def _is_secret(key: str, value: str) -> bool:
    if not value or _PLACEHOLDER.fullmatch(value):
        return False
    return _SECRET_KEY.search(key) is not None or (_TOKEN_KEY.search(key) is not None and _is_random(value))


_HINT_IS = rf"(?:[_-]?value)?{_QUOTE}{HINT_SPACE}{{0,4}}(?::=|[:=]|is){HINT_SPACE}{{0,4}}{_QUOTE}"
_HINT_VALUE = rf"(?:{_VALUE}|\\+u[0-9A-Fa-f]{{4}})"

SECRETS = Rule(
    name="secrets",
    title="Keys and tokens of known forms, private keys, passwords in URLs, and what stands after password, token, API key and the like",
    find=_secrets,
    hint=(
        r"sk-[\w-]{16}|(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{16}|github_pat_[\w]{16}|(?:glpat|pypi|pplx|GOCSPX)-[\w-]{16}"
        r"|xox[abeprs]-[A-Za-z0-9-]{10}|xapp-\d-|AIza[\w-]{16}|ya29\.[\w-]{16}|[sr]k_(?:live|test)_[A-Za-z0-9]{16}|whsec_[A-Za-z0-9+/=]{16}"
        r"|(?:hf|npm|gsk|r8|fy)_[\w-]{16}|SG\.[\w-]{16,32}\.[\w-]{16}|dop_v1_[a-f0-9]{16}|lsv2_[a-z]{2}_[a-f0-9]{16}|eyJ[\w-]{8,}\.eyJ"
        r"|-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY|://[^\s/:@\"'\\]*:[^\s/@\"'\\]+@|[?&]sig=[\w%/+=-]{16}"
        rf"|(?i)(?:bearer|basic)[ +]{HINT_SPACE}{{0,3}}[a-z0-9._~+/=-]{{12}}|authorization{_QUOTE}{HINT_SPACE}{{0,4}}[:=]"
        rf"|(?:passwor[dt]|passwd|passphrase|passcode|pwd|secret){_HINT_IS}{_HINT_VALUE}{{6}}"
        r"|(?:token|(?:api|access|account|private|auth|secret|signing|encryption|license)[_ -]?key|credentials?)"
        rf"{_HINT_IS}{_HINT_VALUE}{{12}}"
        r"|(?:password|passwd|passphrase|pwd|secret|(?:api|access|account|private|secret|signing|encryption)[_-]?key|authorization|cookie"
        r"|(?:access|refresh|auth|bearer|session|id|csrf)[_-]?token|credentials?)\"\s*:|token\"\s*:\s*(?:\[|\"[^\"]{12})"
    ),
    named=_is_secret,
)
