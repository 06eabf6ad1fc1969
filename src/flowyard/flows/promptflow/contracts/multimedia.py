"""``promptflow.contracts.multimedia``."""

import base64
from collections.abc import Callable
from typing import Any, Self

__all__ = ["Image", "PFBytes", "Text"]

#: How the formats that the web shows begin.
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x00\x00\x01\x00", "x-icon"),
)


def media_type(data: bytes) -> str:
    """Return the media type of an image by its first bytes, ``image/*`` for an unknown one."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((f"image/{kind}" for beginning, kind in _BEGINNINGS if data.startswith(beginning)), "image/*")


class PFBytes(bytes):
    """Bytes with a media type, and the URL that they came from. `form` is the ``message_format`` in which records show them."""

    form: str = "basic"

    def __new__(cls, value: bytes, *_: Any, **__: Any) -> Self:
        """Make it from bytes."""
        return super().__new__(cls, value)

    def __init__(self, value: bytes, mime_type: str, source_url: str | None = None) -> None:
        del value
        self._mime_type = mime_type.lower()
        self._source_url = source_url

    @property
    def mime_type(self) -> str:
        """The media type, ``image/png`` for instance."""
        return self._mime_type

    @property
    def source_url(self) -> str | None:
        """The URL that it was fetched from, or None."""
        return self._source_url

    @property
    def hash(self) -> str:
        """The first 8 characters of the SHA-1 of the bytes: how prompt flow names them."""
        from hashlib import sha1

        return sha1(self, usedforsecurity=False).hexdigest()[:8]

    def to_base64(self, with_type: bool = False) -> str:
        """Return the bytes as base64 text; `with_type`: as a data URL."""
        text = base64.b64encode(self).decode()
        return f"data:{self._mime_type};base64,{text}" if with_type else text


class Image(PFBytes):
    """The bytes of an image, with its media type."""

    def __init__(self, value: bytes, mime_type: str | None = None, source_url: str | None = None) -> None:
        super().__init__(value, mime_type or media_type(value), source_url)

    def __str__(self) -> str:
        return f"Image({self.hash})"

    __repr__ = __str__

    def serialize(self, encoder: Callable[["Image"], Any] | None = None) -> Any:
        """Return what `encoder` makes of it, else its name."""
        return encoder(self) if encoder else str(self)

    def __flowyard_json__(self) -> dict[str, Any]:
        """Return prompt flow's form of an image."""
        if self.form == "openai-vision":
            return {"type": "image_url", "image_url": {"url": self._source_url or self.to_base64(with_type=True)}}
        if self._source_url:
            return {f"data:{self._mime_type};url": self._source_url}
        return {f"data:{self._mime_type};base64": self.to_base64()}


class Text(str):
    """A text part of a message, with the annotations that an assistant may have given it."""

    annotations: list[Any] | None

    def __new__(cls, value: str, annotations: list[Any] | None = None) -> Self:
        """Make it from its text."""
        made = super().__new__(cls, value)
        made.annotations = annotations
        return made

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "Text":
        """Make it from ``{"type": "text", "text": ...}``."""
        text = data.get("text", "")
        return cls(text.get("value", ""), text.get("annotations", [])) if isinstance(text, dict) else cls(text)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]

    def serialize(self) -> dict[str, Any]:
        """Return it as a part of a message."""
        whole: Any = str(self) if self.annotations is None else {"value": str(self), "annotations": self.annotations}
        return {"type": "text", "text": whole}

    def __flowyard_json__(self) -> dict[str, Any]:
        """Return the part of a message."""
        return self.serialize()
