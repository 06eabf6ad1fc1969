"""The root of every error that Flowyard raises on purpose, and its shape over HTTP: RFC 9457 problem details.

Each domain derives its own errors in its ``errors.py``. A message says what was expected and what came; the remedy
says what to do next.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where something is wrong: a file with its line and column (both from 1), a JSON pointer (RFC 6901), or both."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return place or self.pointer or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error as it travels: RFC 9457's members, with a stable `code`, the `location`, the `remedy` and `findings`."""

    code: str
    title: str
    status: int
    detail: str
    type: str = "about:blank"
    instance: str | None = None
    remedy: str | None = None
    location: Location | None = None
    findings: tuple["Problem", ...] = ()
    extra: dict[str, Any] = field(default_factory=dict[str, Any])


class FlowyardError(Exception):
    """Base of all our errors.

    Class attributes set by subclasses: `code` (stable, CamelCase), `title` (the kind of error in a few words), `status`
    (HTTP), `exit_code` of the command line (1: it failed, 2: bad usage or invalid input), and `advice`: the remedy of all of
    the kind that say none of their own.
    """

    code: ClassVar[str] = "InternalError"
    title: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    advice: ClassVar[str | None] = None

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        location: Location | None = None,
        findings: tuple[Problem, ...] = (),
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = self.advice if remedy is None else remedy
        self.location = location
        self.findings = findings
        self.extra = extra or {}

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location and str(self.location) else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}{self.message}{remedy}"

    def problem(self, instance: str | None = None) -> Problem:
        """Return this error as problem details."""
        return Problem(
            code=self.code,
            title=self.title,
            status=self.status,
            detail=self.message,
            instance=instance,
            remedy=self.remedy,
            location=self.location,
            findings=self.findings,
            extra=self.extra,
        )


class InvalidInputError(FlowyardError):
    """What the caller sent cannot be used as it is."""

    code = "InvalidInput"
    title = "The input is not valid"
    status = 422
    exit_code = 2


class NotFoundError(FlowyardError):
    """What the caller named is not there (or not for them)."""

    code = "NotFound"
    title = "Not found"
    status = 404
    exit_code = 2


class ConflictError(FlowyardError):
    """The request does not fit the present state: the name is taken, the version is old."""

    code = "Conflict"
    title = "It conflicts with what is there"
    status = 409


class UnauthenticatedError(FlowyardError):
    """No key or session, or one that is unknown, expired or revoked."""

    code = "Unauthenticated"
    title = "Sign in or send a key"
    status = 401


class ForbiddenError(FlowyardError):
    """The caller is known, and their role has no right to do this."""

    code = "Forbidden"
    title = "Your role does not allow this"
    status = 403


class UnavailableError(FlowyardError):
    """Something that the request needs is not running or does not answer; trying later may help."""

    code = "Unavailable"
    title = "Not available right now"
    status = 503


class RemoteError(FlowyardError):
    """An error that came over HTTP as problem details, raised again on this side with all it said."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(
            problem.detail,
            remedy=problem.remedy,
            location=problem.location,
            findings=problem.findings,
            extra=problem.extra,
        )
        self.remote = problem

    def problem(self, instance: str | None = None) -> Problem:
        """Return the problem as the other side told it."""
        del instance
        return self.remote


class MissingExtraError(FlowyardError):
    """A feature needs an optional set of packages that is not installed."""

    code = "MissingExtra"
    title = "Some packages are missing"
    status = 501
    exit_code = 2

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs packages that are not installed.", remedy=f'Run: pip install "flowyard[{extra}]"')


def nearest(name: str, known: "list[str] | tuple[str, ...] | set[str]") -> str | None:
    """Return the known name that is most like `name`, or None when none is near."""
    from difflib import get_close_matches  # only a mistake needs it

    found = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else None
