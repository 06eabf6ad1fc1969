"""``promptflow.contracts.multimedia``."""

import base64
import hashlib

__all__ = ["Image"]


class Image(bytes):
    """The bytes of an image, with its media type."""

    def __new__(cls, value: bytes, mime_type: str = "image/*", source_url: str | None = None) -> "Image":
        """Make it from bytes."""
        made = super().__new__(cls, value)
        made._mime_type = mime_type
        made.source_url = source_url
        return made

    _mime_type: str
    source_url: str | None

    @property
    def mime_type(self) -> str:
        """The media type, ``image/png`` for instance."""
        return self._mime_type

    def to_base64(self) -> str:
        """Return the bytes as base64 text."""
        return base64.b64encode(self).decode()

    @property
    def hash(self) -> str:
        """The first characters of the SHA-1 of the bytes, as prompt flow names images."""
        return hashlib.sha1(self, usedforsecurity=False).hexdigest()[:8]

    def __flowyard_json__(self) -> dict[str, str]:
        """Return prompt flow's form of an image."""
        return {f"data:{self._mime_type};base64": self.to_base64()}
