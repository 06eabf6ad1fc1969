"""A git repository at a ref, fetched as a bare one: nothing is checked out, so no hook, filter (LFS) or submodule of it is ever run."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flowyard.data.datastores.errors import DatastoreInvalidError, StoreAccessError, StoreUnavailableError
from flowyard.data.datastores.hosts import allowed_address, check_endpoint
from flowyard.data.datastores.model import Bounds
from flowyard.data.datastores.roots import check_root
from flowyard.foundation.errors import Location

#: A fetch may take so long, and a file of what it brings (the pack) may have so many KiB.
_FETCH_S, _MOST_KIB = 300, 4 * 1024 * 1024
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")
_NO_GIT = "Install git on the server's machine."
_REFUSED = re.compile(r"Authentication failed|could not read Username|HTTP 401|HTTP 403|error: 403|error: 401")
_NO_REF = re.compile(r"couldn't find remote ref|not our ref|no such ref", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository: `folder` is where its objects are kept, of this address and these credentials alone."""

    url: str
    ref: str
    folder: Path
    bounds: Bounds
    token: str | None = field(default=None, repr=False)

    def fetch(self) -> str:
        """Bring the ref's newest commit here, without those before it, and return its id.

        Raises:
            StoreAccessError: the credentials are refused.
            StoreUnavailableError: it does not answer, has no such ref, or is too large; or git is not installed.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "HEAD").exists():
            self.run("init", "--bare", "--quiet", "--template=", str(self.folder))
        words = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", self.url, self.ref)
        done = self._git(words, fetches=True)
        said = done.stderr.decode(errors="replace").strip()
        if done.returncode == 0:
            return self.run("rev-parse", "FETCH_HEAD^{commit}").decode().strip()
        if _REFUSED.search(said):
            raise StoreAccessError(f"The repository refuses the credentials: {_first(said)}.", remedy="Give a token that may read it.")
        if _NO_REF.search(said):
            raise StoreUnavailableError(f"The repository has no ref {self.ref!r}.", remedy="Name a branch, a tag or a commit.")
        raise StoreUnavailableError(f"The repository cannot be fetched: {_first(said) or 'it is too large'}.", remedy="Check its url.")

    def run(self, *words: str) -> bytes:
        """Run git in the repository, and return what it writes.

        Raises:
            StoreUnavailableError: it fails, or is not installed.
        """
        done = self._git(words)
        if done.returncode:
            raise StoreUnavailableError(f"git {words[0]} fails: {_first(done.stderr.decode(errors='replace'))}.")
        return done.stdout

    def _git(self, words: Sequence[str], *, fetches: bool = False) -> "subprocess.CompletedProcess[bytes]":
        program = shutil.which("git")
        if program is None:
            raise StoreUnavailableError("A datastore of type git needs git, which is not installed.", remedy=_NO_GIT)
        # The limit is the shell's: what git writes beyond it ends git.
        command = ["/bin/sh", "-c", f'ulimit -f {_MOST_KIB * 2}; exec "$0" "$@"', program, "--git-dir", str(self.folder), *words]
        try:
            return subprocess.run(  # noqa: S603 - the words are ours; address and ref are checked
                command,
                env=self._environment(fetches=fetches),
                capture_output=True,
                timeout=_FETCH_S,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as error:
            raise StoreUnavailableError(f"The repository takes longer than {_FETCH_S} s.", remedy="Try again later.") from error

    def _environment(self, *, fetches: bool) -> dict[str, str]:
        """Return what git sees: nobody's settings, one protocol, no redirects, the address that was checked, and secrets."""
        parts = urlsplit(self.url)
        settings = {"protocol.allow": "never", f"protocol.{parts.scheme}.allow": "always", "safe.directory": "*"}
        if fetches and parts.hostname is not None and parts.scheme != "file":
            port = parts.port or (443 if parts.scheme == "https" else 80)
            address = allowed_address(parts.hostname, port, self.bounds)
            settings |= {
                "http.curloptResolve": f"{parts.hostname}:{port}:{f'[{address}]' if ':' in address else address}",
                "http.followRedirects": "false",
                "http.proxy": "",
                "http.lowSpeedLimit": "1000",
                "http.lowSpeedTime": "60",
            }
        if fetches and self.token is not None:
            basic = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
            settings["http.extraHeader"] = f"Authorization: Basic {basic}"
        given = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (key, value) in enumerate(settings.items()):
            given |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return {
            **given,
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "/bin/true",
        }


def repository(url: str, ref: str, token: str | None, bounds: Bounds) -> Repository:
    """Return a repository at an address that datastores may reach.

    Raises:
        DatastoreInvalidError: the address is none (https, or file below the operator's roots), or the ref is none.
        StoreUnavailableError: its host is not known.
    """
    if not _REF.fullmatch(ref) or ".." in ref:
        raise DatastoreInvalidError(
            f"{ref[:100]!r} is no ref.", remedy="Name a branch, a tag or a commit.", location=Location(pointer="/configs/ref")
        )
    if url.startswith("file://"):
        check_root(Path(urlsplit(url).path), bounds, key="url")
    else:
        url = check_endpoint(url, "url", bounds)
    home = bounds.home or Path.home() / ".flowyard"
    kept = hashlib.sha256(f"{url}\n{token or ''}".encode()).hexdigest()
    return Repository(url=url, ref=ref, folder=home / "cache" / "git" / kept, bounds=bounds, token=token)


def _first(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.startswith(("fatal:", "error:", "remote:"))]
    return (lines or text.strip().splitlines() or [""])[-1].removeprefix("fatal: ").rstrip(".")[:300]
