"""The command line as tests call it."""

from collections.abc import Callable

#: Takes the words of a command; returns its exit code, what it wrote, and what it wrote as errors.
Command = Callable[..., tuple[int, str, str]]
