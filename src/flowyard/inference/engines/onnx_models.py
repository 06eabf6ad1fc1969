"""Encoders in ONNX form: text to vectors (bi-encoder), pairs to scores (cross-encoder).

Heavy packages are imported by `load`, so that importing this module costs nothing.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import msgspec

from flowyard.foundation.errors import InvalidInputError, MissingExtraError
from flowyard.inference.errors import EngineFailedError

# Texts of like length are computed together up to so many tokens, and a longer text alone: sixteen of 200 tokens at once took half as long
# again as one by one, because what lies between two layers no longer fits into a core's cache; of 10 tokens eight are twice as quick.
_TOKENS = 100
#: So many batches of a request are computed side by side, each on a core of its own.
AT_ONCE = min(8, os.cpu_count() or 1)


class OnnxMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The start message of the ONNX child."""

    model_path: str
    tokenizer_path: str
    alias: str
    api_key: str
    context: int = 512
    task: Literal["embedding", "rerank"] = "embedding"
    pooling: Literal["cls", "mean"] = "cls"


class Encoder:
    """A loaded model with its tokenizer. The batches of a call are computed side by side; calls must not overlap."""

    def __init__(self, session: Any, tokenizer: Any, message: OnnxMessage) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._pooling = message.pooling
        self._context = message.context
        self._inputs = {given.name for given in session.get_inputs()}
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="batch")

    def embed(self, texts: Sequence[str]) -> tuple[list[list[float]], int]:
        """Return a vector of length 1 for each text, and the number of tokens.

        Raises:
            InvalidInputError: a text has more tokens than the model takes.
        """
        encoded = [self._tokenizer.encode(text) for text in texts]
        for index, encoding in enumerate(encoded):
            if len(encoding.ids) > self._context:
                raise InvalidInputError(
                    f"Text {index} has {len(encoding.ids)} tokens; the model takes {self._context}.", remedy="Split it into shorter texts."
                )
        return self._in_batches(encoded, self._pooled), sum(len(encoding.ids) for encoding in encoded)

    def rerank(self, query: str, documents: Sequence[str]) -> tuple[list[float], int]:
        """Return how relevant each document is to `query`, 0 to 1, and the number of tokens. What is too long is cut at its end."""
        self._tokenizer.enable_truncation(self._context, strategy="longest_first")
        encoded = [self._tokenizer.encode(query, document) for document in documents]
        return self._in_batches(encoded, self._scored), sum(len(encoding.ids) for encoding in encoded)

    def _in_batches(self, encoded: list[Any], compute: Any) -> list[Any]:
        order = sorted(range(len(encoded)), key=lambda index: len(encoded[index].ids))
        found: dict[int, Any] = {}
        batches = _batches(order, [len(each.ids) for each in encoded])
        given = [[encoded[index] for index in batch] for batch in batches]
        for batch, made in zip(batches, self._threads.map(compute, given), strict=True):
            found.update(zip(batch, made, strict=True))
        return [found[index] for index in range(len(encoded))]

    def _run(self, batch: list[Any]) -> tuple[Any, Any]:
        import numpy as np  # server extra

        longest = max(len(encoding.ids) for encoding in batch)

        def padded(rows: list[list[int]]) -> Any:
            return np.array([row + [0] * (longest - len(row)) for row in rows], dtype=np.int64)

        mask = padded([encoding.attention_mask for encoding in batch])
        given = {
            "input_ids": padded([encoding.ids for encoding in batch]),
            "attention_mask": mask,
            "token_type_ids": padded([encoding.type_ids for encoding in batch]),
        }
        return self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0], mask

    def _pooled(self, batch: list[Any]) -> list[list[float]]:
        import numpy as np  # server extra

        hidden, mask = self._run(batch)
        if self._pooling == "cls":
            vectors = hidden[:, 0]
        else:
            weights = mask[:, :, None].astype(hidden.dtype)
            vectors = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32).tolist()

    def _scored(self, batch: list[Any]) -> list[float]:
        import numpy as np  # server extra

        logits, _ = self._run(batch)
        return (1.0 / (1.0 + np.exp(-logits.reshape(len(batch), -1)[:, 0].astype(np.float64)))).tolist()


def _batches(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Divide what is ordered by length, so that each batch, padded to its longest, has up to `_TOKENS`, or one member."""
    batches = list[list[int]]()
    for index in order:
        if not batches or (len(batches[-1]) + 1) * lengths[index] > _TOKENS:
            batches.append([])
        batches[-1].append(index)
    return batches


def load(message: OnnxMessage) -> Encoder:
    """Load a model and its tokenizer.

    Raises:
        EngineFailedError: a file is missing, or is not what it should be.
        MissingExtraError: onnxruntime, tokenizers or numpy is not installed.
    """
    for path in (message.model_path, message.tokenizer_path):
        if not Path(path).is_file():
            raise EngineFailedError(f"There is no {path!r}.", remedy=f"Run: flowyard model pull {message.alias}")
    try:
        import onnxruntime as ort  # server extra
        from tokenizers import Tokenizer  # server extra
    except ImportError as error:
        raise MissingExtraError("The local embedding engine", "server") from error
    onnxruntime: Any = ort
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session: Any = onnxruntime.InferenceSession(message.model_path, options, providers=["CPUExecutionProvider"])
        tokenizer: Any = Tokenizer.from_file(message.tokenizer_path)
    except Exception as error:
        raise EngineFailedError(
            f"ONNX Runtime cannot load {message.alias!r}: {error}.",
            remedy=f"Check the files: flowyard model verify --files {message.alias}",
        ) from error
    # The files may ask for padding and truncation; both are done here, where too long a text can be told.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Encoder(session, tokenizer, message)
