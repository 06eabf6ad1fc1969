"""The words of a text as the n-gram metrics count them, and the language data that this takes."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from flowyard.evaluation.errors import EvaluatorSettingError
from flowyard.evaluation.text import nist, nltk_data, treebank
from flowyard.evaluation.text.english import ENGLISH
from flowyard.evaluation.text.punkt import Model, sentences
from flowyard.evaluation.text.wordnet import WordNet
from flowyard.foundation.errors import Location

#: Where models come from: NLTK's data where it is installed (`auto`), or what is shipped with Flowyard (`builtin`).
LanguageData = Literal["auto", "builtin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What a metric knows of English: a model of its sentences and, where WordNet is installed, synonyms."""

    model: Model
    wordnet: WordNet | None

    @property
    def sources(self) -> dict[str, str]:
        """Where the data is from, for the record of a score."""
        return {
            "sentence_model": "builtin" if self.model is ENGLISH else "punkt_tab",
            "synonyms": "wordnet" if self.wordnet else "none",
        }

    def words(self, text: str) -> list[str]:
        """Return the words and marks of `text`: ASCII by sentences as in the Penn Treebank, anything else by NIST's tokenizer."""
        if not text.isascii():
            return nist.words(text)
        return [word for sentence in sentences(text, self.model) for word in treebank.words(sentence)]


@cache
def language(data: LanguageData) -> Language:
    """Return the language data, read once a process.

    Raises:
        EvaluatorSettingError: `data` is neither ``auto`` nor ``builtin``.
    """
    if data not in get_args(LanguageData):
        raise EvaluatorSettingError(
            f"There is no language data {data!r}.",
            remedy="It is 'auto' (NLTK's where it is installed) or 'builtin'.",
            location=Location(pointer="/language_data"),
        )
    if data == "builtin":
        return Language(model=ENGLISH, wordnet=None)
    folder = nltk_data.wordnet_folder()
    return Language(model=nltk_data.sentence_model() or ENGLISH, wordnet=None if folder is None else WordNet(folder))
