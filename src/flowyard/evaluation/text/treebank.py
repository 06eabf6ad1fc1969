"""The word tokenizer of the Penn Treebank as NLTK's ``word_tokenize`` has it: one sentence of ASCII text to words."""

import re

# Robert MacIntyre's sed script of 1995 (Penn Treebank), with NLTK's additions for quotes, dots and contractions. The order of the steps
# is part of the format. Texts beyond ASCII go to `flowyard.evaluation.text.nist`, so typographic quotes need no rules here.
_BACKTICKS = re.compile(r"`+")
_OPENING_QUOTE = re.compile(r"([ (\[{<])(\"|'')")
_OPENING_APOSTROPHE = re.compile(r"(?<!\w)'(?!(?:re|ve|ll|m|t|s|d|n)\b)(?=\w)", re.IGNORECASE)
_LAST_DOT = re.compile(r"([^.])(\.)([\])}>\"' ]*+)\s*$")
_LAST_DOT_AGAIN = re.compile(r"([^.])(\.)([\])}>\"']*)\s*$")
_COMMA = re.compile(r"([:,])([^\d])")
_LAST_COMMA = re.compile(r"([:,])$")
_DOTS = re.compile(r"\.{2,}")
_CLOSING_APOSTROPHE = re.compile(r"([^'])' ")
_SPACE = re.compile(r"\s+")
_CLITIC = re.compile(r"([^' ])('[sS]|'[mM]|'[dD]|') ")
_LONG_CLITIC = re.compile(r"([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ")
_CONTRACTIONS = (
    re.compile(r"\b(can)(not)\b", re.IGNORECASE),
    re.compile(r"\b(d)('ye)\b", re.IGNORECASE),
    re.compile(r"\b(gim)(me)\b", re.IGNORECASE),
    re.compile(r"\b(gon)(na)\b", re.IGNORECASE),
    re.compile(r"\b(got)(ta)\b", re.IGNORECASE),
    re.compile(r"\b(lem)(me)\b", re.IGNORECASE),
    re.compile(r"\b(more)('n)\b", re.IGNORECASE),
    re.compile(r"\b(wan)(na)(?=\s)", re.IGNORECASE),
    re.compile(r" ('t)(is)\b", re.IGNORECASE),
    re.compile(r" ('t)(was)\b", re.IGNORECASE),
)
_CONTRACTED = ("cannot", "'ye", "gimme", "gonna", "gotta", "lemme", "more'n", "wanna", "'tis", "'twas")
_CLOSERS = "])}>\"' \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
_PLAIN = re.compile(r"[\w ]*", re.ASCII)


def words(sentence: str) -> list[str]:
    """Return the words and marks of one sentence of ASCII text; double quotes become `` and '' as in the treebank."""
    text = f" {sentence} " if _PLAIN.fullmatch(sentence) else _quoted(f" {_parted(_opened(sentence))} ")
    lower = text.lower()
    if any(word in lower for word in _CONTRACTED):
        for pattern in _CONTRACTIONS:
            text = pattern.sub(r" \1 \2 ", text)
    return text.split()


def _opened(text: str) -> str:
    if "`" in text:
        text = _BACKTICKS.sub(r" \g<0> ", text)
    if text.startswith('"'):
        text = "``" + text[1:]
    if "`" in text:
        text = text.replace("``", " `` ")
    if '"' in text or "''" in text:
        text = _OPENING_QUOTE.sub(r"\1 `` ", text)
    return _OPENING_APOSTROPHE.sub("' ", text) if "'" in text else text


def _parted(text: str) -> str:
    last = text.rstrip(_CLOSERS).endswith(".")
    if last:
        text = _LAST_DOT.sub(_dot_apart, text)
    if "," in text or ":" in text:
        text = _LAST_COMMA.sub(r" \1 ", _COMMA.sub(_before_and_after, text))
    if ".." in text:
        text = _DOTS.sub(r" \g<0> ", text)
    text = _padded(text, ";@#$%&")
    if last:
        text = _LAST_DOT_AGAIN.sub(_dot_before, text)
    text = _padded(text, "?!")
    if "'" in text:
        text = _CLOSING_APOSTROPHE.sub(r"\1 ' ", text)
    return _padded(text, "*][(){}<>").replace("--", " -- ")


def _padded(text: str, characters: str) -> str:
    for character in characters:
        if character in text:
            text = text.replace(character, f" {character} ")
    return text


def _dot_apart(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2]} {match[3]} "


def _dot_before(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2]}{match[3]} "


def _before_and_after(match: re.Match[str]) -> str:
    return f" {match[1]} {match[2]}"


def _between(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2]} "


def _quoted(text: str) -> str:
    text = _SPACE.sub(" ", text.replace("''", " '' ").replace('"', " '' "))
    return _LONG_CLITIC.sub(_between, _CLITIC.sub(_between, text)) if "'" in text else text
