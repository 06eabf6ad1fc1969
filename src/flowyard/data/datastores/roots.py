"""Which places of this machine datastores may be at: those below the operator's roots, and outside Flowyard's own home."""

from pathlib import Path

from flowyard.data.datastores.errors import DatastoreInvalidError
from flowyard.data.datastores.model import Bounds
from flowyard.foundation.errors import Location


def check_root(place: Path, bounds: Bounds, *, key: str = "path") -> None:
    """Check that a file or folder, given as `key`, is where datastores may be, links followed.

    Raises:
        DatastoreInvalidError: it is not; the message names the roots.
    """
    real = place.resolve()
    if not place.is_absolute() or not any(real.is_relative_to(root.resolve()) for root in bounds.roots):
        known = ", ".join(str(root) for root in bounds.roots) or "none"
        raise DatastoreInvalidError(
            f"{str(place)!r} is not below one that datastores may be in ({known}).",
            remedy="Name a place below one of these; the operator names them: FLOWYARD_DATA_ROOTS=/data[:/more...].",
            location=Location(pointer=f"/configs/{key}"),
        )
    home = bounds.home.resolve() if bounds.home is not None else None
    if home is not None and (real.is_relative_to(home) or home.is_relative_to(real)):
        raise DatastoreInvalidError(
            f"{str(place)!r} holds, or is in, Flowyard's own folder.",
            remedy="Name another place.",
            location=Location(pointer=f"/configs/{key}"),
        )
