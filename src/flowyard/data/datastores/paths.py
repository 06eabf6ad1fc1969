"""Paths in datastores."""

from flowyard.data.datastores.errors import UnsafeStorePathError

_LONGEST = 1024


def checked(path: str) -> str:
    """Return a path of a datastore without slashes at its ends; empty: its root.

    Raises:
        UnsafeStorePathError: it leaves the datastore, or has something in it that no path has.
    """
    text = path.strip("/")
    parts = text.split("/") if text else []
    if len(text) > _LONGEST or any(part in {"", ".", ".."} for part in parts) or any(ord(char) < 32 for char in text) or "\\" in text:
        raise UnsafeStorePathError(
            f"{path[:300]!r} is no path in a datastore.",
            remedy="Write a/b/c, without '..', empty parts, backslashes and control characters.",
        )
    return text
