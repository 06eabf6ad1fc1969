"""A flow's ``requirements.txt``: which packages it asks for, line by line, without those that we are ourselves."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flowyard.flows.environments.errors import RequirementsError
from flowyard.flows.folders import digest, flow_files
from flowyard.flows.model import FlowSpec
from flowyard.foundation.errors import Location

DEFAULT_FILE = "requirements.txt"
#: Code that imports pip, or calls it as a program.
_PIP = re.compile(r"^[ \t]*(import|from)[ \t]+pip\b|-m[\"', \t]+pip\b|[\"']pip3?[\"' ,\t]+install\b", re.MULTILINE)
_LARGEST_SOURCE = 1024 * 1024
_COMMENT = re.compile(r"(^|\s)#.*$")
_NESTED = re.compile(r"(-r|--requirement)[\s=]+(.+)")
_PATH = re.compile(
    r"(?P<before>(-e|--editable|-c|--constraint|-f|--find-links)[\s=]+)?(?P<path>\.{0,2}/[^;\[\s]*|\.{1,2}(?=$|\[))(?P<after>.*)"
)
#: Distributions whose names we serve ourselves; installed beside us they would only bring old packages along. Others that are called
#: like them (promptflow-vectordb, say) bring tools of their own.
_OURS = re.compile(r"promptflow([._-](core|devkit|tracing|azure|tools|evals|rag|recording))?|flowyard", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line as the installer gets it: `name` is that of its package in the index's spelling, None for a path, a URL or an option."""

    text: str
    file: str
    line: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What a flow asks for. `dropped` are the lines that name what this runtime provides itself: promptflow's names, and flowyard."""

    lines: tuple[Requirement, ...]
    dropped: tuple[Requirement, ...] = ()

    @property
    def text(self) -> str:
        """The lines for an installer."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def identity(self) -> str:
        """Return what decides whether two flows can share an environment: the lines, and the contents behind local paths."""
        return self.text + "".join(_content(line.text) for line in self.lines if line.name is None)


NOTHING = Requirements(lines=())


def requirements_file(folder: Path, spec: FlowSpec | None) -> Path | None:
    """Return the file that lists the flow's packages: the one that ``environment`` names, else ``requirements.txt`` in its folder, if any.

    Raises:
        RequirementsError: the flow names a file that is not there.
    """
    named = spec.environment.get("python_requirements_txt") if spec is not None else None
    if isinstance(named, str) and named:
        file = folder / named
        if not file.is_file():
            raise RequirementsError(
                f"The flow's environment names {named!r}, and there is no such file.",
                remedy="Create it, write python_requirements_txt: with the path from the flow's folder, or remove the line.",
                location=Location(file=spec.file if spec is not None else None),
            )
        return file
    file = folder / DEFAULT_FILE
    return file if file.is_file() else None


def read_requirements(folder: Path, spec: FlowSpec | None) -> Requirements:
    """Return what the flow in `folder` asks for; nested files (``-r``) are read in, local paths are made absolute.

    Where there is a list, and the flow's code uses pip, that is asked for too.

    Raises:
        RequirementsError: a file is not there, is not UTF-8, or includes itself.
    """
    file = requirements_file(folder, spec)
    if file is None:
        return NOTHING
    found = tuple(_read(file, folder, ()))
    dropped = tuple(line for line in found if line.name is not None and _OURS.fullmatch(line.name))
    lines = tuple(line for line in found if line not in dropped)
    pip = _use_of_pip(folder) if lines and all(line.name != "pip" for line in lines) else None
    return Requirements(lines=lines if pip is None else (*lines, pip), dropped=dropped)


def _use_of_pip(folder: Path) -> Requirement | None:
    """Return pip as a requirement of the flow's line that uses it: prompt flow's environments have it, those that uv makes do not."""
    for path, file in flow_files(folder):
        if not path.endswith(".py") or file.stat().st_size > _LARGEST_SOURCE:
            continue
        found = _PIP.search(text := file.read_text(encoding="utf-8", errors="replace"))
        if found is not None:
            return Requirement(text="pip", file=path, line=text.count("\n", 0, found.start()) + 1, name="pip")
    return None


def _read(file: Path, folder: Path, above: tuple[Path, ...]) -> Iterator[Requirement]:
    shown = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
    if file.resolve() in above:
        raise RequirementsError(f"{shown} includes itself.", remedy="Remove the -r line.", location=Location(file=shown))
    for number, text in _logical_lines(file, shown):
        nested = _NESTED.fullmatch(text)
        if nested is None:
            name = None if text.startswith(("-", ".", "/")) or "://" in text.partition(" ")[0] else _name(text, shown, number)
            yield Requirement(text=_absolute(text, file.parent), file=shown, line=number, name=name)
            continue
        inner = file.parent / nested[2].strip()
        if not inner.is_file():
            raise RequirementsError(
                f"There is no file {nested[2].strip()!r}.", remedy="Check the path.", location=Location(file=shown, line=number)
            )
        yield from _read(inner, folder, (*above, file.resolve()))


def _name(text: str, file: str, line: int) -> str:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(text.partition(" --")[0]).name
    except InvalidRequirement as error:
        raise RequirementsError(
            f"{text!r} is no requirement: {str(error).splitlines()[0]}.",
            remedy="Write a package's name and what versions fit, such as: pandas>=2.2",
            location=Location(file=file, line=line),
        ) from error


def _logical_lines(file: Path, shown: str) -> Iterator[tuple[int, str]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise RequirementsError(f"The file is not UTF-8: {error}.", remedy="Save it as UTF-8.", location=Location(file=shown)) from error
    start, waiting = 0, ""
    for number, line in enumerate([*lines, ""], start=1):
        start = start if waiting else number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            waiting += line[:-1]
            continue
        text = _COMMENT.sub("", waiting + line).strip()
        waiting = ""
        if text:
            yield start, text


def _absolute(text: str, folder: Path) -> str:
    found = _PATH.fullmatch(text)
    if found is None:
        return text
    return f"{found['before'] or ''}{(folder / found['path']).resolve()}{found['after']}"


def local_path(text: str) -> Path | None:
    """Return the file or folder that a line of `Requirements` names by its path, None where it names none that is there."""
    path = Path(re.sub(r"^(-[a-z]|--[a-z-]+)[\s=]+", "", text).partition(";")[0].partition("[")[0].strip().removeprefix("file://"))
    return path if path.is_absolute() and path.exists() else None


def _content(text: str) -> str:
    """Return the hash of a local file or folder that a line names, so that a change of it makes another environment."""
    path = local_path(text)
    if path is None:
        return ""
    if path.is_dir():
        return digest(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
