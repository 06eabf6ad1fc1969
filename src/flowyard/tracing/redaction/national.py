"""National ids: the United States' SSN, and those of Spain, France, Brazil and Italy by their check digits."""

import re
from collections.abc import Callable, Iterator

from flowyard.tracing.redaction import checksums
from flowyard.tracing.redaction.model import END, HINT_END, HINT_SPACE, HINT_START, START, STARTED, Find, Place, Rule

# Areas 000, 666 and 9xx, group 00 and serial 0000 were never given out (Social Security Administration).
_AREA, _SERIAL = r"(?!000|666)[0-8]\d\d", r"(?!0000)\d{4}"
_SSN = re.compile(rf"[0-8]{STARTED}\d\d(?<!000|666)([ -])(?!00)\d\d\1{_SERIAL}(?!\1\d){END}")
_SSN_CALLED = re.compile(
    rf"(?i)(?<![a-z])(?:ssn|social security(?: (?:number|no\.?|#))?)[\s:=#\"'\\]{{1,6}}(?:is )?({_AREA}(?!00)\d\d{_SERIAL})(?!\w)"
)
_SSN_KEY = re.compile(r"(?i)(?:ssn|social[_-]?security(?:[_-]?(?:number|no))?)$")
_SSN_VALUE = re.compile(rf"{_AREA}[ -]?(?!00)\d\d[ -]?{_SERIAL}")
_NIF = re.compile(rf"(?i){START}(?:[XYZ]-?\d{{7}}|\d{{8}})-?[A-Z]{END}")
_NIR = re.compile(
    rf"(?i)[12]{STARTED}[ .]?\d\d[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d\d|2[AB])(?:[ .]?\d{{3}}){{2}}[ .]?(?:0[1-9]|[1-8]\d|9[0-7]){END}"
)
_CPF = re.compile(rf"\d{STARTED}(?:\d\d\.\d{{3}}\.\d{{3}}-|\d{{8}}-?)\d\d{END}")
# Digits become letters where two people would have the same (omocodia).
_DIGIT = "[0-9LMNPQRSTUV]"
_CODICE_FISCALE = re.compile(rf"(?i){START}[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-Z]{_DIGIT}{{3}}[A-Z]{END}")
_SEPARATORS = str.maketrans("", "", " .-")


def _ssns(text: str) -> Iterator[Place]:
    for found in _SSN.finditer(text):
        yield found.span()
    for found in _SSN_CALLED.finditer(text):
        yield found.span(1)


def _is_ssn(key: str, value: str) -> bool:
    return _SSN_KEY.search(key) is not None and _SSN_VALUE.fullmatch(value) is not None


def _checked(pattern: re.Pattern[str], fits: Callable[[str], bool]) -> Find:
    def find(text: str) -> Iterator[Place]:
        for found in pattern.finditer(text):
            if found[0].isascii() and fits(found[0].translate(_SEPARATORS).upper()):
                yield found.span()

    return find


US_SSN = Rule(
    name="us_ssn",
    title="US social security numbers; without separators only after a word or name that says so",
    find=_ssns,
    hint=(
        rf"{HINT_START}[0-8]\d\d(?:-\d\d-| \d\d )\d{{4}}{HINT_END}"
        rf"|(?i)(?:ssn|security(?: (?:number|no\.?|#))?)(?:[:=#\"'\\]|{HINT_SPACE}){{1,24}}(?:is )?\d{{9}}"
        r"|(?:ssn|social[_-]?security(?:[_-]?(?:number|no))?)\"\s*:"
    ),
    named=_is_ssn,
)
ES_NIF = Rule(
    name="es_nif",
    title="Spanish DNI and NIE (mod 23)",
    find=_checked(_NIF, checksums.es_nif),
    hint=rf"{HINT_START}[XYZxyz\d]-?\d{{7}}-?[A-Za-z]{HINT_END}",
)
FR_NIR = Rule(
    name="fr_nir",
    title="French social security numbers (mod 97)",
    find=_checked(_NIR, checksums.fr_nir),
    hint=rf"{HINT_START}[12](?:[ .]?\d\d){{2}}[ .]?[\dABab]{{2}}(?:[ .]?\d{{3}}){{2}}[ .]?\d\d{HINT_END}",
    numbers=True,
)
BR_CPF = Rule(
    name="br_cpf",
    title="Brazilian CPF (two check digits)",
    find=_checked(_CPF, checksums.br_cpf),
    hint=rf"{HINT_START}(?:\d{{3}}\.\d{{3}}\.\d{{3}}-|\d{{9}}-?)\d\d{HINT_END}",
)
IT_CODICE_FISCALE = Rule(
    name="it_codice_fiscale",
    title="Italian codice fiscale (check letter)",
    find=_checked(_CODICE_FISCALE, checksums.it_codice_fiscale),
    hint=rf"(?i){HINT_START}[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-Z]{_DIGIT}{{3}}[A-Z]{HINT_END}",
)
