"""Images in values: prompt flow's two ways to write one, and the parts of a message that they become.

``basic``: ``{"data:image/png;path|base64|url": ...}``; ``openai-vision``: ``{"type": "image_url" | "image_file", ...}``.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from flowyard.flows.nodes.errors import ImageError
from flowyard.flows.promptflow.contracts.multimedia import Image, PFBytes, Text

Form = Literal["basic", "openai-vision"]
_LABELLED = re.compile(r"(data:image/[^;:]*;(?:path|base64|url)):\s*(.*)", re.DOTALL)
_KEY = re.compile(r"data:image/(.*);(path|base64|url)")
_DATA_URL = re.compile(r"data:image/(.*);base64")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/]=))?")


def _fetched(url: str) -> bytes:
    from flowyard.flows.nodes.fetch import fetch

    return fetch(url)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReader:
    """Makes images of what a flow's data says.

    Attributes:
        form: the flow's ``message_format``.
        folder: what relative paths start from.
        confined: a path may not leave `folder`: for values that come from callers.
        fetch: returns the bytes behind a URL.
    """

    form: Form
    folder: Path
    confined: bool = False
    fetch: Callable[[str], bytes] = _fetched

    def image(self, value: Any) -> Image:
        """Return the image that a value of type ``image`` means: an image, one of the mappings, or a text: base64, URL or path.

        Raises:
            ImageError: it means none, or cannot be had.
        """
        found = self._image(value)
        found.form = self.form
        return found

    def _image(self, value: Any) -> Image:
        if isinstance(value, Image):
            return value
        if isinstance(value, str) and value:
            return self._of_text(value)
        if isinstance(value, dict) and self._is_image(cast("dict[str, Any]", value)):
            return self._of_mapping(cast("dict[str, Any]", value))
        example = '{"data:image/png;path": "a.png"}' if self.form == "basic" else '{"type": "image_file", "image_file": {"path": "a.png"}}'
        raise ImageError(f"{value!r:.200} is no image.", remedy=f"Write it as {example}.")

    def labelled(self, text: str) -> Image | str:
        """Return the image that a text of the form ``data:image/png;path: a.png`` means, as prompties take it; any other text itself.

        Raises:
            ImageError: it cannot be had.
        """
        found = _LABELLED.fullmatch(text)
        return text if found is None else replace(self, form="basic").image({found[1]: found[2]})

    def inside(self, value: Any) -> Any:
        """Return `value` with every mapping in it that means an image replaced by the image.

        Raises:
            ImageError: one cannot be had.
        """
        if isinstance(value, list):
            return [self.inside(item) for item in cast("list[Any]", value)]
        if not isinstance(value, dict):
            return value
        fields = cast("dict[str, Any]", value)
        if self._is_image(fields):
            return self.image(fields)
        if self.form == "openai-vision" and _is_text(fields):
            return Text.deserialize(fields)
        return {key: self.inside(item) for key, item in fields.items()}

    def absolute(self, value: Any) -> Any:
        """Return `value` with the relative paths of images in it made absolute, from `folder`: a row of a data file in that folder."""
        if isinstance(value, list):
            return [self.absolute(item) for item in cast("list[Any]", value)]
        if not isinstance(value, dict):
            return value
        fields = cast("dict[str, Any]", value)
        if not self._is_image(fields):
            return {key: self.absolute(item) for key, item in fields.items()}
        if fields.get("type") == "image_file":
            return {"type": "image_file", "image_file": {**fields["image_file"], "path": str(self.folder / fields["image_file"]["path"])}}
        return {key: str(self.folder / item) if key.endswith(";path") else item for key, item in fields.items()}

    def _is_image(self, value: dict[str, Any]) -> bool:
        if self.form == "basic":
            return len(value) == 1 and _KEY.fullmatch(str(next(iter(value)))) is not None
        kind = value.get("type")
        place = {"image_url": "url", "image_file": "path"}.get(str(kind))
        return len(value) == 2 and place is not None and isinstance(value.get(str(kind)), dict) and place in value[str(kind)]

    def _of_mapping(self, value: dict[str, Any]) -> Image:
        if self.form == "openai-vision":
            return (
                self._of_url(str(value["image_url"]["url"])) if value["type"] == "image_url" else self._of_path(value["image_file"]["path"])
            )
        ((key, given),) = value.items()
        kind, source = cast("re.Match[str]", _KEY.fullmatch(key)).groups()
        if not isinstance(given, str):
            raise ImageError(f"{key!r} is {given!r:.100}, expected a text.", remedy="Write the path, the base64 or the URL.")
        if source == "path":
            return self._of_path(given, f"image/{kind}")
        if source == "url":
            return Image(self.fetch(given), f"image/{kind}", given)
        found = _of_base64(given, f"image/{kind}")
        if found is None:
            raise ImageError(f"{key!r} holds no base64: {given[:40]!r}.", remedy="Encode the image's bytes as base64.")
        return found

    def _of_text(self, text: str) -> Image:
        found = _of_base64(text)
        if found is not None:
            return found
        return Image(self.fetch(text), None, text) if _is_url(text) else self._of_path(text)

    def _of_url(self, text: str) -> Image:
        found = _of_base64(text)
        if found is not None:
            return found
        if not _is_url(text):
            raise ImageError(f"{text[:100]!r} is no URL and no base64.", remedy="Write https://… or data:image/png;base64,….")
        return Image(self.fetch(text), None, text)

    def _of_path(self, text: str, kind: str | None = None) -> Image:
        try:
            path = (self.folder / text).resolve()
            if not self.confined or path.is_relative_to(self.folder.resolve()):
                return Image(path.read_bytes(), kind)
        except (OSError, ValueError) as error:
            raise ImageError(
                f"The image {text[:200]!r} cannot be read: {error}.", remedy=f"Relative paths start from {self.folder}."
            ) from error
        raise ImageError(f"The image {text!r} is outside the flow's folder.", remedy="Send it as base64.")


def _is_text(value: dict[str, Any]) -> bool:
    text = value.get("text")
    whole = isinstance(text, str) or (isinstance(text, dict) and isinstance(cast("dict[str, Any]", text).get("value"), str))
    return len(value) == 2 and value.get("type") == "text" and whole


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and parts.netloc)


def _of_base64(text: str, kind: str | None = None) -> Image | None:
    head, comma, rest = text.partition(",")
    plain = rest if comma and _DATA_URL.fullmatch(head) else text
    if (comma and plain is text) or not _BASE64.fullmatch(plain):
        return None
    try:
        return Image(base64.b64decode(plain), kind)
    except binascii.Error:
        return None


def images_in(value: Any) -> Iterator[PFBytes]:
    """Yield the images in a value, in lists and mappings too."""
    if isinstance(value, PFBytes):
        yield value
    elif isinstance(value, dict | list):
        items = cast("Mapping[Any, Any]", value).values() if isinstance(value, dict) else cast("list[Any]", value)
        for item in items:
            yield from images_in(item)


def content_of(text: str, images: Mapping[str, PFBytes], detail: str = "auto") -> str | list[dict[str, Any]]:
    """Return a message's content: its text, or, when one of its lines is the name of an image, a list of parts, one a line."""
    whole = text.strip()
    if not images:
        return whole
    parts: list[dict[str, Any]] = []
    for line in whole.split("\n"):
        image = images.get(line.strip())
        if image is not None:
            parts.append({"type": "image_url", "image_url": {"url": image.source_url or image.to_base64(with_type=True), "detail": detail}})
        elif line.strip():
            parts.append({"type": "text", "text": line})
    return parts if any(part["type"] == "image_url" for part in parts) else whole
