"""How processes write their logs: as text, or with ``FLOWYARD_LOG_FORMAT=json`` one JSON object a line.

Needs the standard library and msgspec only, so that flow processes can use it too.
"""

import logging
import os
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from flowyard.foundation.codecs import to_json
from flowyard.tracing.context import current

VARIABLE = "FLOWYARD_LOG_FORMAT"
_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Whoever reads lines cuts long ones (the supervisor at 16 KiB), and half an object is none.
_LIMIT = 4000


def is_json() -> bool:
    """Whether this process was told to write JSON."""
    return os.environ.get(VARIABLE) == "json"


def configure_logging(*, date_format: str | None = None) -> None:
    """Log from INFO on to standard error. `date_format` is for text. As JSON, what ends the process or a thread is a line too."""
    if not is_json():
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format=_TEXT, datefmt=date_format)
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_thread


def json_line(logger: str, level: str, message: str, **more: Any) -> bytes:
    """Return a line, without its end, as of now."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return to_json({"time": at, "level": level, "logger": logger, "message": _short(message), **more})


class JsonFormatter(logging.Formatter):
    """Writes ``time``, ``level``, ``logger``, ``message``; within a trace ``trace_id`` and ``span_id``; of an error ``exception``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line: dict[str, Any] = {
            "time": at,
            "level": record.levelname,
            "logger": record.name,
            "message": _short(record.getMessage()),
        }
        context = current()
        if context is not None:
            line |= {"trace_id": context.trace_id, "span_id": context.span_id}
        if record.exc_info:
            line["exception"] = _short(self.formatException(record.exc_info))
        return to_json(line).decode()


def _short(text: str) -> str:
    """Return `text` without its middle where it is long: the end of a traceback says most. Lone surrogates have no UTF-8 form."""
    if len(text) > _LIMIT:
        text = f"{text[: _LIMIT // 2]} … {text[-_LIMIT // 2 :]}"
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("flowyard").critical("The process ends by an error", exc_info=(kind, error, trace))


def _log_thread(told: threading.ExceptHookArgs) -> None:
    error = told.exc_value or told.exc_type()
    logging.getLogger("flowyard").error("A thread ended by an error", exc_info=(told.exc_type, error, told.exc_traceback))
