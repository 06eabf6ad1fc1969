"""What can go wrong with the catalog and its files."""

from flowyard.foundation.errors import ConflictError, FlowyardError, InvalidInputError, NotFoundError, UnavailableError


class ModelUnknownError(NotFoundError):
    """The catalog has no such model."""

    code = "ModelNotFound"
    title = "No such model"


class ModelNotPulledError(ConflictError):
    """The model is in the catalog and not (or not whole) on this machine."""

    code = "ModelNotPulled"
    title = "The model is not on this machine"


class ModelInUseError(ConflictError):
    """The model's files are being pulled right now."""

    code = "ModelInUse"
    title = "The model is being pulled"


class CardInvalidError(InvalidInputError):
    """A model card has a value that is not understood; the location names it."""

    code = "ModelCardInvalid"
    title = "The model card is not valid"


class CatalogUnavailableError(UnavailableError):
    """A place of cards that the installation names cannot be read."""

    code = "CatalogUnavailable"
    title = "A catalog cannot be had"
    status = 502


class ModelNotLocalError(ConflictError):
    """The model is hosted: it has no files and no engine here, and is called through a connection."""

    code = "ModelNotLocal"
    title = "The model does not run here"


class ModelFileInvalidError(InvalidInputError):
    """A model's file is not of the format that it should be, or damaged."""

    code = "ModelFileInvalid"
    title = "The model's file cannot be read"


class UnsafeModelFileError(InvalidInputError):
    """A model's file can run code when it is loaded."""

    code = "UnsafeModelFile"
    title = "The model's file can run code"


class HubRefusedError(FlowyardError):
    """The hub does not give the model to us: it is gated or private, or not there for those who may not see it."""

    code = "HubRefused"
    title = "The hub does not give the model"
    status = 403


class ModelNameTakenError(ConflictError):
    """The catalog has another model of this name."""

    code = "ModelNameTaken"
    title = "The name is taken"


class AddressInvalidError(InvalidInputError):
    """An address of a source has not the form that its scheme asks for."""

    code = "SourceAddressInvalid"
    title = "The address of a source is not valid"


class SourceFailedError(UnavailableError):
    """A source cannot be reached, or does not have the file. The message says what was tried."""

    code = "SourceFailed"
    title = "The file could not be downloaded"
    status = 502


class WrongHashError(FlowyardError):
    """A file is not what its card says: its SHA-256 or size differs. Nothing of it was kept."""

    code = "WrongHash"
    title = "The file is not the expected one"
    status = 502


class DiskFullError(FlowyardError):
    """There is not enough room for a file. `extra` has ``needed`` and ``free`` in bytes."""

    code = "DiskFull"
    title = "The disk is full"
    status = 507

    def __init__(self, folder: str, *, needed: int | None, free: int) -> None:
        room = f"{needed / 1e6:,.0f} MB are needed and " if needed is not None else ""
        super().__init__(
            f"There is no room in {folder}: {room}{free / 1e6:,.0f} MB are free.",
            remedy="Free some room, or set FLOWYARD_HOME to a folder on a bigger disk. Nothing half-written was kept.",
            extra={"needed": needed, "free": free},
        )


class StoreNotWritableError(FlowyardError):
    """The folder of the models, or something in it, may not be written."""

    code = "StoreNotWritable"
    title = "The model store cannot be written"
    exit_code = 2
