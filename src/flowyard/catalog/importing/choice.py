"""Which files of a repository or folder are taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flowyard.catalog.errors import ModelFileInvalidError, UnsafeModelFileError
from flowyard.foundation.errors import nearest

#: Of several GGUF files the first that there is, by what it is called: small with little loss first.
PREFERRED = ("q4_k_m", "q4_0", "q4_1", "q5_k_m", "q4_k_s", "iq4_xs", "q5_0", "q6_k", "q8_0", "q3_k_m", "mxfp4", "f16", "bf16", "f32")
_SHARD = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<total>\d{5})\.(?P<kind>gguf|safetensors)", re.IGNORECASE)
#: What a folder of safetensors needs besides the weights.
_BESIDE = frozenset(
    {
        "added_tokens.json", "chat_template.jinja", "chat_template.json", "config.json", "generation_config.json", "merges.txt",
        "model.safetensors.index.json", "preprocessor_config.json", "special_tokens_map.json", "spiece.model", "tekken.json",
        "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json", "vocab.txt",
    }
)  # fmt: skip
_PICKLED = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".h5", ".keras", ".msgpack", ".nemo")

WeightFormat = Literal["gguf", "safetensors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The files to take. `main` is what the engine loads; `left_out` are weights that can run code."""

    format: WeightFormat
    main: str
    files: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def choose(place: str, names: Sequence[str], wanted: Sequence[str] = ()) -> Choice:
    """Return which files to take.

    Args:
        place: what they are of, for messages.
        names: all there are, as paths.
        wanted: those that somebody asked for: one GGUF file, or a shard of it.

    Raises:
        ModelFileInvalidError: there is nothing that an engine here runs, or no such file.
        UnsafeModelFileError: the only weights there are can run code.
    """
    flat = [name for name in names if "/" not in name]
    left_out = tuple(name for name in names if name.lower().endswith(_PICKLED))
    if wanted:
        return _asked(place, names, wanted, left_out)
    gguf = [name for name in flat if name.lower().endswith(".gguf") and not name.lower().startswith("mmproj")]
    if gguf:
        main = min(gguf, key=_rank)
        return Choice(format="gguf", main=main, files=_shards(main, flat), left_out=left_out)
    weights = [name for name in flat if name.lower().endswith(".safetensors")]
    if weights:
        beside = tuple(name for name in flat if name in _BESIDE)
        main = min(weights)
        if "config.json" not in beside:
            raise ModelFileInvalidError(f"{place} has safetensors and no config.json.", remedy="Take the whole folder of the model.")
        return Choice(format="safetensors", main=main, files=(*sorted(weights), *beside), left_out=left_out)
    if left_out:
        raise UnsafeModelFileError(
            f"{place} has its weights only in {left_out[0]!r}: files of this kind are pickles or the like, which can run code when loaded.",
            remedy="Take the model as safetensors or GGUF; its publisher, or a conversion that you trust, may have it.",
        )
    raise ModelFileInvalidError(
        f"{place} has no .gguf and no .safetensors file.", remedy="Engines here run GGUF (llama.cpp) and safetensors (vLLM)."
    )


def _asked(place: str, names: Sequence[str], wanted: Sequence[str], left_out: tuple[str, ...]) -> Choice:
    for name in wanted:
        if name not in names:
            near = nearest(name, set(names))
            remedy = f"Did you mean {near!r}?" if near else f"It has: {', '.join(sorted(names)[:12])}."
            raise ModelFileInvalidError(f"{place} has no file {name!r}.", remedy=remedy)
        if name.lower().endswith(_PICKLED):
            raise UnsafeModelFileError(
                f"{name} is refused: files of this kind are pickles or the like, which can run code when they are loaded.",
                remedy="Ask for a .gguf or .safetensors file.",
            )
        if "/" in name:
            raise ModelFileInvalidError(f"{name!r} lies in a folder.", remedy="Give a file of the top folder.")
    main = wanted[0]
    if not main.lower().endswith(".gguf"):
        raise ModelFileInvalidError(f"{main!r} is no .gguf file.", remedy="Leave --file out: a safetensors model is taken as a whole.")
    return Choice(format="gguf", main=main, files=tuple(dict.fromkeys((*_shards(main, names), *wanted))), left_out=left_out)


def _rank(name: str) -> tuple[int, str]:
    low = name.lower().replace("-", "_")
    return next((place for place, word in enumerate(PREFERRED) if word in low), len(PREFERRED)), name


def _shards(main: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return all parts of a file that is in parts, in order; the first is what is loaded.

    Raises:
        ModelFileInvalidError: parts are missing.
    """
    found = _SHARD.fullmatch(main)
    if found is None:
        return (main,)
    total = int(found["total"])
    parts = tuple(f"{found['stem']}-{number:05d}-of-{found['total']}.{found['kind']}" for number in range(1, total + 1))
    missing = [part for part in parts if part not in names]
    if missing:
        raise ModelFileInvalidError(f"Of {main} the part {missing[0]} is missing.", remedy="Give all parts.")
    return parts
