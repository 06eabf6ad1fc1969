"""Values that a command takes from a file: ``@PATH``, as curl and Azure's command line have it."""

from pathlib import Path

from flowyard.foundation.errors import InvalidInputError


def file_value(text: str) -> str | None:
    """Return the text of the file that ``@PATH`` names, and of ``@@…`` what follows the first; None: `text` is the value itself.

    The line break that editors end a file with is no part of it.

    Raises:
        InvalidInputError: the file cannot be read, or is no UTF-8 text.
    """
    if not text.startswith("@"):
        return None
    if text.startswith("@@"):
        return text[1:]
    try:
        return Path(text[1:]).expanduser().read_text("utf-8").removesuffix("\n")
    except OSError as error:
        remedy = f"Check its path; or write @{text} for a text that begins with @."
        raise InvalidInputError(f"The file {text[1:]!r} cannot be read: {error.strerror}.", remedy=remedy) from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"The file {text[1:]!r} is no UTF-8 text.", remedy="Give a text file.") from error
