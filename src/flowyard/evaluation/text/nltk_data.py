"""Finds the data that NLTK installs, without NLTK: models of sentences (``punkt_tab``) and WordNet."""

import os
import sys
import zipfile
from functools import cache
from pathlib import Path

from flowyard.evaluation.text.punkt import Model

#: A folder, on disk or inside a zip file.
Folder = Path | zipfile.Path

_DEBIAN_WORDNET = Path("/usr/share/wordnet")


def places() -> tuple[Path, ...]:
    """Return the folders where NLTK looks for its data: ``NLTK_DATA``, the home folder, the environment, the system."""
    named = [Path(part) for part in os.environ.get("NLTK_DATA", "").split(os.pathsep) if part]
    prefix = Path(sys.prefix)
    return (
        *named,
        Path.home() / "nltk_data",
        *(prefix / part / "nltk_data" for part in ("", "share", "lib")),
        *(Path(part) / "nltk_data" for part in ("/usr/share", "/usr/local/share", "/usr/lib", "/usr/local/lib")),
    )


def sentence_model(language: str = "english") -> Model | None:
    """Return NLTK's model of a language's sentences, or None where it is not installed."""
    folder = _find(f"tokenizers/punkt_tab/{language}", "abbrev_types.txt")
    return None if folder is None else _read_model(folder)


def wordnet_folder() -> Folder | None:
    """Return the folder of WordNet's database: NLTK's, else Debian's (package ``wordnet-base``); None where neither is installed."""
    found = _find("corpora/wordnet", "index.noun")
    if found is None and (_DEBIAN_WORDNET / "index.noun").is_file():
        return _DEBIAN_WORDNET
    return found


def _find(name: str, needed: str) -> Folder | None:
    """Look for a folder of NLTK's data, unpacked or in the zip file that its downloader leaves."""
    kind, package, *rest = name.split("/")
    for place in places():
        folder = place / name
        if (folder / needed).is_file():
            return folder
        archive = place / kind / f"{package}.zip"
        if archive.is_file() and zipfile.is_zipfile(archive):
            inside = zipfile.Path(archive, "/".join([package, *rest]) + "/")
            if (inside / needed).is_file():
                return inside
    return None


@cache
def _read_model(folder: Folder) -> Model:
    pairs = (line.split("\t") for line in _lines(folder / "collocations.tab"))
    contexts = (line.split("\t") for line in _lines(folder / "ortho_context.tab"))
    return Model(
        abbreviations=frozenset(_lines(folder / "abbrev_types.txt")),
        collocations=frozenset((first, second) for first, second in pairs),
        starters=frozenset(_lines(folder / "sent_starters.txt")),
        contexts={word: int(flags) for word, flags in contexts},
    )


def _lines(file: Folder) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").split("\n") if line]
