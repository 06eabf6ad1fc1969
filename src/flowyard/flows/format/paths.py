"""What a path in a flow's files may look like at all."""

#: What Linux takes, bytes: for a path, and for a name in it.
_LONGEST_PATH, _LONGEST_NAME = 4095, 255


def is_possible(path: str) -> bool:
    """Whether a file could have this path. Asking the system about one that is too long, or holds a NUL, is an error of its own."""
    names = path.encode("utf-8", "replace").split(b"/")
    return "\0" not in path and len(path) <= _LONGEST_PATH and all(len(name) <= _LONGEST_NAME for name in names)
