"""Where cards are: those that come with the product, and folders beside them, which are read again when they change."""

import hashlib
import logging
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from flowyard.catalog.cards import Card, built_in_cards, read_card
from flowyard.catalog.errors import CardInvalidError, CatalogUnavailableError

log = logging.getLogger(__name__)

LARGEST_CARD = 262_144
MOST_CARDS = 2_000
#: What a repository of cards may take, bytes, and how long git may, seconds.
LARGEST_REPOSITORY = 64_000_000
_GIT_S = 120.0
_GIT_URLS = ("https://", "http://", "ssh://", "git://", "git@", "file://")
_Signature = tuple[tuple[str, int, int], ...]


class CardShelf:
    """Cards by name. A folder's card of the same name goes before the product's, and a later folder's before an earlier one's.

    Folders are looked at on every call and read when a file in them changed. A bad card is left out, and `problems` says why.
    """

    def __init__(self, folders: Sequence[Path], built_in: Mapping[str, Card] | None = None) -> None:
        self._folders = tuple(folders)
        self._built_in = dict(built_in_cards() if built_in is None else built_in)
        self._signature: _Signature | None = None
        self._cards: dict[str, Card] = {}
        self._problems: tuple[str, ...] = ()

    def cards(self) -> Mapping[str, Card]:
        """Return all cards."""
        self._look()
        return self._cards

    def problems(self) -> tuple[str, ...]:
        """Return why cards of the folders were left out, one message a card."""
        self._look()
        return self._problems

    def _look(self) -> None:
        found = [entry for folder in self._folders for entry in _card_files(folder)]
        signature = tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)
        if signature == self._signature:
            return
        cards, problems = dict(self._built_in), list[str]()
        for path, stat in found[:MOST_CARDS]:
            try:
                card = _read(path, stat.st_size)
            except (OSError, UnicodeDecodeError, CardInvalidError) as error:
                log.warning("The card %s is left out: %s", path, error)
                problems.append(str(error))
            else:
                cards[card.name] = card
        if len(found) > MOST_CARDS:
            problems.append(f"Only the first {MOST_CARDS:,} of {len(found):,} cards were read.")
        self._cards, self._problems, self._signature = cards, tuple(problems), signature


def _card_files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    """Return the cards of a folder by name, with what is known of each file. Links are passed over: they may lead anywhere."""
    try:
        with os.scandir(folder) as entries:
            files = [
                (Path(entry.path), entry.stat(follow_symlinks=False))
                for entry in entries
                if entry.name.endswith((".yaml", ".yml")) and not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
            ]
    except OSError:
        return []
    return sorted(files, key=lambda file: file[0].name)


def _read(path: Path, size: int) -> Card:
    if size > LARGEST_CARD:
        raise CardInvalidError(f"{path} has {size:,} bytes.", remedy=f"A card has at most {LARGEST_CARD:,}.")
    return read_card(path.read_text("utf-8"), str(path))


def catalog_folders(home: Path, places: Sequence[str]) -> list[Path]:
    """Return the folders of an installation's cards: those of `places` (folders, and Git URLs by their copy), then its own.

    Of a repository the top folder counts, and ``cards`` in it.
    """
    found: list[Path] = []
    for place in places:
        folder = copy_of(home, place) if is_git(place) else Path(place).expanduser()
        found += [folder, folder / "cards"] if is_git(place) else [folder]
    return [*found, home / "cards"]


def is_git(place: str) -> bool:
    """Whether a place of cards is the URL of a Git repository, which may end in ``#branch``."""
    return place.startswith(_GIT_URLS)


def copy_of(home: Path, url: str) -> Path:
    """Return the folder where the copy of a Git repository of cards is, or will be."""
    return home / "cache" / "catalogs" / hashlib.sha256(url.encode()).hexdigest()[:24]


def bring(home: Path, url: str) -> Path:
    """Clone a Git repository of cards anew and put it in the place of the former copy. Only files are used; nothing in it is run.

    Raises:
        CatalogUnavailableError: there is no git, the repository cannot be had in time, or it is too large.
    """
    folder = copy_of(home, url)
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}.new")
    address, _, branch = url.partition("#")
    words = ["git", "-c", "core.symlinks=false", "clone", "--quiet", "--depth", "1", "--no-recurse-submodules", "--no-tags"]
    words += ["--branch", branch] if branch else []
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.parent.mkdir(parents=True, exist_ok=True)
    try:
        _git([*words, "--", address, str(fresh)], address)
        shutil.rmtree(fresh / ".git")
        size = sum(path.lstat().st_size for path in fresh.rglob("*"))
        if size > LARGEST_REPOSITORY:
            raise CatalogUnavailableError(f"The repository {_shown(address)} has {size / 1e6:,.0f} MB.", remedy="Keep only cards in it.")
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _git(words: list[str], address: str) -> None:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file"}
    try:
        subprocess.run(words, check=True, capture_output=True, timeout=_GIT_S, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603
    except FileNotFoundError as error:
        raise CatalogUnavailableError(
            f"The cards in {_shown(address)} need git, which is not installed.", remedy="Install git, or copy the cards into a folder."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise CatalogUnavailableError(f"{_shown(address)} was not copied within {_GIT_S:g} s.", remedy="Is it reachable?") from error
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = told[-1][:300].replace(address, _shown(address)) if told else f"git ended with code {error.returncode}"
        raise CatalogUnavailableError(f"{_shown(address)} cannot be copied: {reason}.", remedy="Try it: git clone") from error


def _shown(address: str) -> str:
    """Return an address without what may be a password in it."""
    scheme, separator, rest = address.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}" if separator else address
