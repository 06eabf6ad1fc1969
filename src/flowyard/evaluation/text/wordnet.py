"""Synonyms from WordNet's database files (the format of wndb(5WN)), with the base forms that NLTK's ``morphy`` finds."""

from dataclasses import dataclass, field
from functools import cache

from flowyard.evaluation.text.nltk_data import Folder

_KINDS = ("noun", "verb", "adj", "adv")
# Endings and what they become (morphy(7WN)), by part of speech.
_ENDINGS = {
    "noun": (
        ("s", ""),
        ("ses", "s"),
        ("ves", "f"),
        ("xes", "x"),
        ("zes", "z"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("men", "man"),
        ("ies", "y"),
    ),
    "verb": (("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
    "adv": (),
}


@dataclass(slots=True)
class WordNet:
    """WordNet's database. Its files are read when the first word is looked up, and kept."""

    folder: Folder
    _found: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def synonyms(self, word: str) -> frozenset[str]:
        """Return the single words that share a meaning with `word` or one of its base forms, in the case that WordNet has."""
        known = self._found.get(word)
        if known is None:
            known = self._found[word] = frozenset(self._look_up(word.lower()))
        return known

    def _look_up(self, word: str) -> set[str]:
        found: set[str] = set()
        for kind in _KINDS:
            index, exceptions, data = _index(self.folder, kind), _exceptions(self.folder, kind), _data(self.folder, kind)
            forms = exceptions.get(word) or [word[: -len(old)] + new for old, new in _ENDINGS[kind] if word.endswith(old)]
            for form in {word, *forms}:
                for offset in index.get(form, ()):
                    found.update(_members(data, offset))
        return found


def _members(data: bytes, offset: int) -> list[str]:
    """Return the single words of the synset whose line starts at `offset`."""
    parts = data[offset : data.index(b"\n", offset)].split(b" ")
    count = int(parts[3], 16)
    # An adjective may carry the place where it stands: galore(ip).
    names = (part.partition(b"(")[0].decode("utf-8") for part in parts[4 : 4 + 2 * count : 2])
    return [name for name in names if "_" not in name]


@cache
def _index(folder: Folder, kind: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for line in (folder / f"index.{kind}").read_text(encoding="utf-8").split("\n"):
        if not line or line.startswith(" "):
            continue
        lemma, _, rest = line.partition(" ")
        parts = rest.split()
        found[lemma] = tuple(int(offset) for offset in parts[-int(parts[1]) :])
    return found


@cache
def _exceptions(folder: Folder, kind: str) -> dict[str, list[str]]:
    lines = (line.split() for line in (folder / f"{kind}.exc").read_text(encoding="utf-8").split("\n") if line)
    return {form: bases for form, *bases in lines}


@cache
def _data(folder: Folder, kind: str) -> bytes:
    return (folder / f"data.{kind}").read_bytes()
