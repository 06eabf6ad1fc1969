"""What goes on at a place in Python code, what the name there is, and what a call there takes, by jedi.

The code is read and not run; what it imports in compiled form is imported. So this runs in a flow's process, never in the server.
"""

import importlib
import logging
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flowyard.wire.flow_editing import CodePlace, Completion, Completions, Explanation, Signature, Signatures

T = TypeVar("T")
logger = logging.getLogger(__name__)

#: Longer texts are not looked at, characters.
TEXT_LIMIT = 200_000
#: So many names are offered at most.
ITEMS = 200
#: A docstring is cut after so many characters.
DOC_LIMIT = 2000
#: So many ways to call a function are told at most, each with so many characters of what it is for.
WAYS, PURPOSE_LIMIT = 3, 300
#: How long one question waits for another, seconds: jedi answers one at a time.
_WAIT_S = 3.0

_one = threading.Lock()


def completions(folder: Path, place: CodePlace) -> Completions:
    """Return the names that can go on at `place`: of the text, of the flow's modules, of Python and of what is installed here.

    Names that begin with an underscore come when one was typed. Where nothing can be said there are none: without jedi, while it is busy,
    for a place that is not there.
    """

    def ask(script: Any) -> Completions:
        found = script.complete(place.line, place.column)
        # What is typed of a name so far is what jedi would not write again.
        is_private = any(len(it.name) > len(it.complete or "") and it.name.startswith("_") for it in found)
        shown = [it for it in found if is_private or not it.name.startswith("_")]
        return Completions(items=tuple(Completion(name=it.name, kind=it.type) for it in shown[:ITEMS]))

    return _asked(folder, place, ask, Completions())


def explanation(folder: Path, place: CodePlace) -> Explanation:
    """Return what the name at `place` is: its kind, its signature or type, its docstring. Nothing where nothing can be said."""

    def ask(script: Any) -> Explanation:
        found = next(iter(script.help(place.line, place.column)), None)
        if found is None or found.type == "keyword":
            return Explanation()
        signatures = found.get_signatures()
        hint = None if signatures or found.type == "module" else found.get_type_hint()
        return Explanation(
            name=found.full_name or found.name,
            kind=found.type,
            signature=signatures[0].to_string() if signatures else hint or None,
            doc=found.docstring(raw=True)[:DOC_LIMIT].strip() or None,
        )

    return _asked(folder, place, ask, Explanation())


def signatures(folder: Path, place: CodePlace) -> Signatures:
    """Return the ways to call what is called at `place`, inside the brackets of a call, each with the parameter that is given there."""

    def ask(script: Any) -> Signatures:
        found = sorted(script.get_signatures(place.line, place.column), key=lambda it: it.index is None)
        return Signatures(items=tuple(_signature(it) for it in found[:WAYS]))

    return _asked(folder, place, ask, Signatures())


def _signature(found: Any) -> Signature:
    text = found.to_string()
    purpose = found.docstring(raw=True).strip().split("\n\n")[0][:PURPOSE_LIMIT] or None
    start = end = len(text)
    if found.index is not None:
        end = len(found.name)
        # Each parameter is looked for after the one before it: between two there are only signs.
        for parameter in found.params[: found.index + 1]:
            start = text.index(parameter.to_string(), end)
            end = start + len(parameter.to_string())
    return Signature(before=text[:start], current=text[start:end], after=text[end:], doc=purpose)


def _asked(folder: Path, place: CodePlace, ask: Callable[[Any], T], nothing: T) -> T:
    """Return what `ask` finds in the text as jedi has it, alone with it; else `nothing`."""
    jedi = _jedi()
    if jedi is None or len(place.text) > TEXT_LIMIT or not _one.acquire(timeout=_WAIT_S):
        return nothing
    try:
        project = jedi.Project(folder, added_sys_path=[str(folder)])
        return ask(jedi.Script(place.text, path=folder / place.path, project=project, environment=jedi.InterpreterEnvironment()))
    except Exception:
        # It stumbles over some code that is half typed; whoever types gets no names then.
        logger.warning("jedi failed at %s:%s.", place.path, place.line, exc_info=True)
        return nothing
    finally:
        _one.release()


@cache
def _jedi() -> Any:
    """Return the package, or None where it is not installed. What it keeps of files that it read is this process's own."""
    try:
        jedi = importlib.import_module("jedi")
    except ModuleNotFoundError:
        return None
    jedi.settings.cache_directory = Path(_kept().name)
    return jedi


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="flowyard-completion-")
