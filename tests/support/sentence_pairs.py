"""Makes texts and pairs of texts for metrics to compare: real sentences, and heaps of what tokenizers stumble over."""

import random

SENTENCES = (
    "The cat sat on the mat.",
    'Dr. Smith went to Washington, D.C. on Jan. 5. He met Mr. J. K. Jones, who said: "It\'s fine."',
    "We can't say; they're gonna see it, won't they?",
    "Prices rose by 3.5% (about $1,000) in 2024... and then?",
    "It was 10:30 a.m. when the U.S. delegation arrived. However, nobody was there.",
    "'Tis the season -- or so they say -- for rock'n'roll, etc.",
    "Running dogs jumped happily over fences; the generalizations of geology were rational.",
    "He asked (quietly): \"Where's the dogs' food?\" [No answer.]",
    "See section 4.2., e.g. the table; cf. also a@b.c & #tag.",
    "A sentence without an end",
)
PIECES = (
    "the", "The", "a", "cat", "sat", "on", "mat", ".", ",", "!", "?", "...", "..", "--", "-", "'", '"', "''", "``", "`", "(", ")", "[", "]",
    "<", ">", "can't", "won't", "I'm", "he's", "cannot", "gonna", "wanna", "gimme", "'tis", "d'ye", "more'n", "Dr.", "U.S.", "e.g.", "etc.",
    "J.", "K.", "3.14", "1,000", "5.", "No.", "$3.50", "50%", "a@b.c", "&", "*", "**", ";", ":", "10:30", "x:y", "'cause", "don't.",
    "end.'",    '"Hi."', "yes.)", "\n", "\n\n", "\t", "  ", "running", "flies", "happily", "children", "A.B.", "Jan.",
    "Inc.", "He", "It", "However",
    "a.m.", "O.K.", "Ph.D.", "vs.", "word.Word", "s'", "'S", "N'T", "n't", "dogs'",
)  # fmt: skip
FOREIGN = ("café", "日本語", "中文。", "你好\uff0c世界", "€5", "“quoted”", "—", "…", "😀", "Привет", "مرحبا", "²", "naïve", "ﬁ", "İstanbul")


def texts(count: int, seed: int, *, foreign: bool = False) -> list[str]:
    """Return sentences, and `count` heaps of pieces; `foreign`: some of them beyond ASCII."""
    chance = random.Random(seed)
    pieces = (*PIECES, *FOREIGN) if foreign else PIECES
    heaps = [
        chance.choice([" ", " ", ""]).join(chance.choice(pieces) for _ in range(chance.choice([0, 1, 2, 3, 5, 8, 15, 40])))
        for _ in range(count)
    ]
    joined = [" ".join(chance.sample(SENTENCES, 3)) for _ in range(count // 10)]
    return [*SENTENCES, *joined, *heaps]


def pairs(count: int, seed: int, *, foreign: bool = False) -> list[tuple[str, str]]:
    """Return texts, each with a changed copy of itself, and some with another."""
    chance = random.Random(seed + 1)
    given = texts(count, seed, foreign=foreign)
    return [(_changed(text, chance) if chance.random() < 0.8 else chance.choice(given), text) for text in given]


def _changed(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    for _ in range(chance.randint(0, max(1, len(words) // 3))):
        place = chance.randrange(len(words))
        kind = chance.random()
        if kind < 0.3 and len(words) > 1:
            words.pop(place)
        elif kind < 0.5:
            words.insert(place, chance.choice(PIECES))
        elif kind < 0.7:
            words[place] = words[place].upper() if chance.random() < 0.5 else words[place] + "s"
        else:
            other = chance.randrange(len(words))
            words[place], words[other] = words[other], words[place]
    return " ".join(words)
