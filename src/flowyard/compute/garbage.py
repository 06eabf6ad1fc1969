"""The garbage collector of a process that has loaded all it needs."""

import gc


def keep_loaded() -> None:
    """Take what is there now for good: the collector does not look through it any more, again and again, while requests wait."""
    gc.collect()
    gc.freeze()
