"""What can go wrong with data."""

from flowyard.foundation.errors import ConflictError, FlowyardError, InvalidInputError, NotFoundError


class DataError(InvalidInputError):
    """Data cannot be read, or has no rows."""

    code = "InvalidData"
    title = "The data cannot be used"


class RowError(InvalidInputError):
    """One row of the data cannot be read; the others are not touched."""

    code = "InvalidRow"
    title = "A row of the data cannot be read"


class DataChangedError(ConflictError):
    """The files of a bookmark are not those that its version was made of."""

    code = "DataChanged"
    title = "The data changed"


class DataAssetNotFoundError(NotFoundError):
    """There is no data asset of that name, or no such version of it."""

    code = "DataAssetNotFound"
    title = "No such data asset"


class DataAssetExistsError(ConflictError):
    """The version is there already, and versions never change."""

    code = "DataAssetExists"
    title = "The version exists"


class DataLimitError(FlowyardError):
    """What was asked of data takes too long, or too much memory."""

    code = "DataLimit"
    title = "It takes too much"
    status = 422


class DataBusyError(FlowyardError):
    """As much work on data runs as may at once."""

    code = "DataBusy"
    title = "Too much at once"
    status = 429


class UploadNotOpenError(NotFoundError):
    """There is no such upload on its way."""

    code = "UploadNotOpen"
    title = "No such upload"


class UploadOffsetError(ConflictError):
    """A part does not begin where the file ends, or not all of an upload is there."""

    code = "UploadOffset"
    title = "The upload goes on elsewhere"


class UploadBusyError(ConflictError):
    """Somebody else is sending the same file of the same upload."""

    code = "UploadBusy"
    title = "The file is being sent"


class ScheduleExistsError(ConflictError):
    """The asset has a schedule already."""

    code = "ScheduleExists"
    title = "The schedule exists"


class ScheduleNotFoundError(NotFoundError):
    """The asset has no schedule."""

    code = "ScheduleNotFound"
    title = "No such schedule"
