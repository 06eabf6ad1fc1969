"""The images among a flow's inputs: values of type ``image``, and mappings that mean one inside lists and objects."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from flowyard.flows.model import FlowSpec
from flowyard.flows.nodes.errors import ImageError, InputImageError
from flowyard.flows.nodes.images import ImageReader


class InputImages:
    """Makes images of what a line is given.

    Args:
        flow: the flow; its declared types say where images may be.
        reader: makes them.
    """

    def __init__(self, flow: FlowSpec, reader: ImageReader) -> None:
        # A flex flow's code gets what is given, as in prompt flow.
        kinds = {"image", "list", "object"} if flow.kind != "flex" else set[str]()
        self._names = tuple(name for name, spec in flow.inputs.items() if spec.type in kinds)
        self._whole = frozenset(name for name, spec in flow.inputs.items() if spec.type == "image")
        self._reader = reader
        self._labelled = tuple(name for name, spec in flow.inputs.items() if spec.type == "string") if flow.kind == "prompty" else ()

    def confine(self) -> None:
        """From now on a path may not leave the flow's folder: inputs come from callers who may not read this machine's files."""
        self._reader = replace(self._reader, confined=True)

    def read(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Return a line's bound inputs with images as images.

        Raises:
            InputImageError: one is none, or cannot be had.
        """
        for name in self._names:
            value = inputs.get(name)
            if name in self._whole or _is_nested(value):
                inputs[name] = self._read(name, value)
        for name in self._labelled:
            value = inputs.get(name)
            if isinstance(value, str):
                inputs[name] = self._read(name, value)
        return inputs

    async def fetched(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a line's inputs with images that are behind URLs fetched, on a thread: no other line of this loop waits for them.

        Raises:
            InputImageError: one cannot be had.
        """
        names = [name for name in self._names if name in inputs and _may_fetch(inputs[name])]
        if not names:
            return inputs
        import asyncio

        loop = asyncio.get_running_loop()
        return {**inputs, **{name: await loop.run_in_executor(None, self._read, name, inputs[name]) for name in names}}

    def read_columns(self, columns: dict[str, Any]) -> dict[str, Any]:
        """Return the inputs of an aggregation, a list for each, with images as images.

        Raises:
            InputImageError: one is none, or cannot be had.
        """
        for name in self._names:
            columns[name] = [self._read(name, value) for value in columns[name]]
        return columns

    def restored(self, values: Iterable[Any]) -> list[Any]:
        """Return what nodes gave in each row, with images as images where a record has taken their place.

        Raises:
            ImageError: one cannot be had any more.
        """
        return [self._reader.inside(value) if _is_nested(value) else value for value in values]

    def _read(self, name: str, value: Any) -> Any:
        try:
            if name in self._labelled:
                return self._reader.labelled(value)
            return self._reader.image(value) if name in self._whole else self._reader.inside(value)
        except ImageError as error:
            raise InputImageError(
                f"Failed to load image for input {name!r}: {error.message}", remedy=error.remedy, extra={"input": name}
            ) from error


def _is_nested(value: Any) -> bool:
    """Whether a list or mapping holds another mapping, or is one: what an image could be."""
    if isinstance(value, Mapping):
        return bool(cast("Mapping[Any, Any]", value))
    return isinstance(value, list) and any(isinstance(item, dict | list) for item in cast("list[Any]", value))


def _may_fetch(value: Any) -> bool:
    if isinstance(value, str):
        return value.startswith(("http://", "https://"))
    if isinstance(value, Mapping):
        return any(map(_may_fetch, cast("Mapping[Any, Any]", value).values()))
    return isinstance(value, list) and any(map(_may_fetch, cast("list[Any]", value)))
