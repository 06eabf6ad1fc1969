"""Words, sentences, stems and synonyms, held to NLTK's own."""

import zipfile
from pathlib import Path

import pytest
from nltk.stem.porter import PorterStemmer
from nltk.tokenize.destructive import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from flowyard.evaluation.errors import EvaluatorSettingError
from flowyard.evaluation.text import nist, nltk_data, punkt, treebank
from flowyard.evaluation.text.english import ENGLISH
from flowyard.evaluation.text.porter import stem
from flowyard.evaluation.text.wordnet import WordNet
from flowyard.evaluation.text.words import language
from support.sentence_pairs import texts

CONTEXTS = {"he": 36, "it": 50, "smith": 4, "jan": 6, "the": 46, "cat": 32, "however": 2, "running": 8, "jones": 12, "hi": 64, "mat": 48}
MODEL = punkt.Model(
    abbreviations=frozenset({"dr", "mr", "u.s", "e.g", "etc", "jan", "inc", "a.m", "vs", "j", "no"}),
    collocations=frozenset({("k", "jones"), ("##number##", "he"), ("inc", "it")}),
    starters=frozenset({"he", "however", "it"}),
    contexts=CONTEXTS,
)


@pytest.fixture
def nltk_sentences() -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    parameters.abbrev_types = set(MODEL.abbreviations)
    parameters.collocations = set(MODEL.collocations)
    parameters.sent_starters = set(MODEL.starters)
    parameters.ortho_context.update(MODEL.contexts)
    return PunktSentenceTokenizer(parameters)


@pytest.mark.parametrize("foreign", [False, True])
def test_sentences_are_those_of_nltk_with_the_same_model(nltk_sentences: PunktSentenceTokenizer, foreign: bool) -> None:
    given = texts(800, 1, foreign=foreign)
    assert [punkt.sentences(text, MODEL) for text in given] == [nltk_sentences.tokenize(text) for text in given]


def test_words_of_a_sentence_are_those_of_nltk() -> None:
    reference = NLTKWordTokenizer()
    given = texts(800, 2)
    assert [treebank.words(text) for text in given] == [reference.tokenize(text) for text in given]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # From NLTK 3.10 with its table of characters.
        ("Amazon.com, Inc. (/\u02c8æməzɒn/) is é 3.5, wow.", "Amazon . com , Inc . ( / \u02c8æ m ə z ɒ n / ) is é 3.5, wow ."),
        ("€5 “hi” — ok…", "€ 5 “ hi ” — ok …"),
        ("你好\uff0c世界。Hello!", "你好\uff0c世界。 Hello !"),
        ("naïve 1,000 & 50% x=y", "na ï ve 1,000 & 50% x = y"),
        ("a&amp;b café&#124;c 10-20 3-é", "a & b caf é | c 10-20 3- é"),
        ("", ""),
    ],
)
def test_words_beyond_ascii(text: str, words: str) -> None:
    assert nist.words(text) == words.split()


def test_stems_are_those_of_nltk() -> None:
    reference = PorterStemmer()
    words = {word.strip(".,;:!?()\"'") for text in texts(300, 3, foreign=True) for word in text.split()}
    words |= {
        "skies",
        "dying",
        "news",
        "tied",
        "died",
        "agreed",
        "feed",
        "hopping",
        "falling",
        "hissing",
        "conflated",
        "sized",
        "sky",
        "enjoy",
    }
    words |= {
        "radically",
        "formalli",
        "archaeology",
        "geology",
        "hopefully",
        "relational",
        "rational",
        "digitizer",
        "adoption",
        "ion",
        "roll",
    }
    words |= {"controlling", "rate", "cease", "probate", "yyyy", "syzygy", "as", "ed", "ing", "proceed", "cannings", "", "generalizations"}
    assert {word: stem(word) for word in words} == {word: reference.stem(word) for word in words}


def test_the_shipped_model_keeps_abbreviations_within_their_sentence() -> None:
    text = "Dr. Smith met Mr. J. K. Jones in the U.S. at 10 a.m. on Jan. 5. However, he left. See e.g. Fig. 3 for more."
    assert punkt.sentences(text, ENGLISH) == [
        "Dr. Smith met Mr. J. K. Jones in the U.S. at 10 a.m. on Jan. 5.",
        "However, he left.",
        "See e.g. Fig. 3 for more.",
    ]


@pytest.fixture
def wordnet(tmp_path: Path) -> Path:
    """A WordNet of four words in the format of wndb(5WN)."""
    folder = tmp_path / "corpora" / "wordnet"
    folder.mkdir(parents=True)
    lines = {
        "noun": ["{} 06 n 03 car 0 auto 0 motor_car 0 000 | a vehicle\n", "{} 06 n 02 child 0 kid 0 000 | young\n"],
        "verb": ["{} 30 v 02 run 0 go 0 000 | move\n"],
        "adj": ["{} 00 s 02 fast 0 galore(ip) 0 000 | quick\n"],
        "adv": [],
    }
    index = {
        "noun": {"car": 0, "auto": 0, "motor_car": 0, "child": 1, "kid": 1},
        "verb": {"run": 0, "go": 0},
        "adj": {"fast": 0, "galore": 0},
    }
    for kind, synsets in lines.items():
        data, offsets = "  1 a licence\n", list[int]()
        for line in synsets:
            offsets.append(len(data))
            data += line.format(f"{len(data):08d}")
        (folder / f"data.{kind}").write_text(data)
        words = index.get(kind, {})
        rows = [f"{word} {kind[0]} 1 0 1 0 {offsets[place]:08d}  \n" for word, place in words.items()]
        (folder / f"index.{kind}").write_text("  1 a licence\n" + "".join(rows))
        (folder / f"{kind}.exc").write_text("children child\n" if kind == "noun" else "")
    return folder


@pytest.mark.parametrize(
    ("word", "synonyms"),
    [
        ("car", {"car", "auto"}),
        ("cars", {"car", "auto"}),
        ("Cars", {"car", "auto"}),
        ("children", {"child", "kid"}),
        ("goes", {"run", "go"}),
        ("running", set()),
        ("faster", {"fast", "galore"}),
        ("nothing", set()),
    ],
)
def test_synonyms(wordnet: Path, word: str, synonyms: set[str]) -> None:
    assert WordNet(wordnet).synonyms(word) == synonyms


def test_language_data_is_found_where_nltk_looks(tmp_path: Path, wordnet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "inside" / "punkt_tab" / "english"
    model.mkdir(parents=True)
    (model / "abbrev_types.txt").write_text("zzz\nqq")
    (model / "collocations.tab").write_text("##number##\tone\n")
    (model / "sent_starters.txt").write_text("he\n")
    (model / "ortho_context.tab").write_text("he\t36\n")
    (tmp_path / "tokenizers").mkdir()
    with zipfile.ZipFile(tmp_path / "tokenizers" / "punkt_tab.zip", "w") as archive:
        archive.write(model.parent, "punkt_tab/")
        archive.write(model, "punkt_tab/english/")
        for file in model.iterdir():
            archive.write(file, f"punkt_tab/english/{file.name}")
    monkeypatch.setenv("NLTK_DATA", str(tmp_path))
    found = nltk_data.sentence_model()
    assert found is not None
    assert found.abbreviations == {"zzz", "qq"}
    assert (found.collocations, found.contexts) == ({("##number##", "one")}, {"he": 36})
    assert nltk_data.wordnet_folder() == wordnet
    language.cache_clear()
    try:
        assert language("auto").sources == {"sentence_model": "punkt_tab", "synonyms": "wordnet"}
        assert language("builtin").sources == {"sentence_model": "builtin", "synonyms": "none"}
        # "zzz." is an abbreviation here, so the sentence goes on.
        assert language("auto").words("It was zzz. and so on.")[2] == "zzz."
        assert language("builtin").words("It was zzz. and so on.")[2:4] == ["zzz", "."]
    finally:
        language.cache_clear()


def test_unknown_language_data_is_refused() -> None:
    with pytest.raises(EvaluatorSettingError, match="no language data 'klingon'"):
        language("klingon")  # pyright: ignore[reportArgumentType]
