"""Text in pictures and scans, by RapidOCR (Apache-2.0, with PaddleOCR's models in the package), as a backend of xberg."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_NAME = "rapidocr"
#: What is missing, in the words of whoever lists the files.
INSTALL = "pip install 'flowyard[ocr]'"


def has_ocr() -> bool:
    """Whether the extra ``ocr`` is installed. Nothing is imported for that."""
    return find_spec(_NAME) is not None


@lru_cache(maxsize=1)
def ocr_config(tools: Any) -> Any:
    """Return xberg's configuration of our backend, which is made known to it once."""
    tools.register_ocr_backend(_Backend(tools))
    return tools.OcrConfig(backend=_NAME, language=["en"])


class _Backend:
    """Implements `xberg.OcrBackend`."""

    def __init__(self, tools: Any) -> None:
        # Results are made of the compiled module's own classes; xberg takes no others.
        self._made: Any = import_module("xberg._xberg")
        self._custom = tools.OcrBackendType.CUSTOM
        # Its models read Latin letters and Chinese.
        self._engine: Any = import_module(_NAME).RapidOCR(params={"Global.log_level": "critical"})

    def name(self) -> str:
        return _NAME

    def version(self) -> str:
        return "1"

    def initialize(self) -> None:
        return

    def shutdown(self) -> None:
        return

    def backend_type(self) -> Any:
        return self._custom

    def supports_language(self, lang: str) -> bool:
        del lang
        return True

    def process_image(self, image_bytes: bytes, config: Any) -> Any:
        del config
        lines = self._engine(image_bytes).txts or ()
        return self._made.ExtractedDocument(content="\n".join(lines), mime_type="text/plain", metadata=self._made.Metadata())
