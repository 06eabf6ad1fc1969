"""Who may use a notebook: the ticket that opens it once, and the cookie that keeps it open in one browser.

Both stand for a session or a key of the platform and say nothing of their own: whoever signs out, is removed or loses the role has no
notebook any more, within `FRESH_S`. The cookie is sealed with the master key: it outlives a restart, opens nothing but the notebook, and
what the notebook's own code could read of it is of no use elsewhere.
"""

import base64
import binascii
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from flowyard.connections.errors import MasterKeyError
from flowyard.connections.sealing import Sealer
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.ids import new_secret
from flowyard.identity.errors import BadCredentialError
from flowyard.identity.model import Caller
from flowyard.identity.permissions import Permission, allowed
from flowyard.identity.secrets import secret_hash
from flowyard.notebooks.errors import NotebookClosedError, NotebookTicketError
from flowyard.notebooks.ports import SignIns

#: A notebook is code of whoever writes it, and writes into the workspace's folder.
PERMISSION: Permission = "flows:write"
#: For how long an answer about a session or a key holds, seconds.
FRESH_S = 1.0
_TICKET_S = 120.0
_MOST_TICKETS = 1000
_PLACE = "notebook-cookie"
_REMEDY = "Open the notebook from the studio again, or run: flowyard notebook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A session or a key, by the SHA-256 of its secret, in one workspace."""

    kind: Literal["session", "key"]
    digest: str
    workspace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A notebook to be there once it is opened.

    Attributes:
        path: where, below the folder of notebooks.
        content: what it begins with, as JSON.
        flow: the folder of the flow whose packages its kernel has; None: it has the platform's.
    """

    path: str
    content: bytes = field(repr=False)
    flow: Path | None = None


@dataclass(frozen=True, slots=True)
class _Ticket:
    grant: Grant
    page: Page | None
    until: float


class Grants:
    """Makes and takes tickets and cookies. Safe to use from several threads.

    Args:
        sign_ins: who stands behind a session or a key.
        sealer: seals cookies.
    """

    def __init__(self, sign_ins: SignIns, sealer: Sealer) -> None:
        self._sign_ins = sign_ins
        self._sealer = sealer
        self._tickets: dict[str, _Ticket] = {}
        self._known: dict[Grant, tuple[float, Caller]] = {}
        self._lock = threading.Lock()

    def ticket(self, grant: Grant, page: Page | None) -> str:
        """Return what opens a notebook once, within two minutes."""
        secret, now = new_secret("fyn"), time.monotonic()
        with self._lock:
            self._tickets = {key: ticket for key, ticket in list(self._tickets.items())[-_MOST_TICKETS:] if ticket.until > now}
            self._tickets[secret_hash(secret)] = _Ticket(grant, page, now + _TICKET_S)
        return secret

    def redeem(self, ticket: str) -> tuple[Grant, Page | None]:
        """Return what a ticket stands for; it opens nothing more.

        Raises:
            NotebookTicketError: it is unknown, was used already or has expired.
        """
        with self._lock:
            found = self._tickets.pop(secret_hash(ticket), None)
        if found is None or found.until < time.monotonic():
            raise NotebookTicketError("The link was used already, has expired or is unknown.", remedy=_REMEDY)
        return found.grant, found.page

    def cookie(self, grant: Grant) -> str:
        """Return the value of the cookie that stands for a grant."""
        return base64.urlsafe_b64encode(self._sealer.seal(to_json(grant), _PLACE)).decode().rstrip("=")

    def of_cookie(self, value: str) -> Grant:
        """Return the grant that a cookie stands for.

        Raises:
            NotebookClosedError: we made no such cookie.
        """
        try:
            return decode(self._sealer.open(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)), _PLACE), Grant)
        except (binascii.Error, ValueError, MasterKeyError) as error:
            raise NotebookClosedError("This browser has no notebook open here.", remedy=_REMEDY) from error

    def caller(self, grant: Grant) -> Caller:
        """Return who a grant is, as of at most `FRESH_S` ago. Blocks.

        Raises:
            NotebookClosedError: they are signed out, removed, or have no longer a role that may run code.
        """
        now = time.monotonic()
        known = self._known.get(grant)
        if known is not None and now - known[0] < FRESH_S:
            return known[1]
        self._known.pop(grant, None)
        look = self._sign_ins.by_session_hash if grant.kind == "session" else self._sign_ins.by_key_hash
        try:
            caller = look(grant.digest).enter(grant.workspace)
        except BadCredentialError as error:
            raise NotebookClosedError("The session or key that opened this notebook has ended.", remedy=_REMEDY) from error
        if caller is None or caller.scope or not allowed(caller.role, PERMISSION):
            raise NotebookClosedError(
                f"You may not run code in the workspace {grant.workspace!r} any more.", remedy="Ask an owner of it for another role."
            )
        if len(self._known) > _MOST_TICKETS:
            self._known.clear()
        self._known[grant] = (now, caller)
        return caller

    def alive(self, grant: Grant) -> bool:
        """Return whether a grant still opens anything; where that cannot be known now, it is taken to."""
        try:
            self.caller(grant)
        except NotebookClosedError:
            return False
        except FlowyardError:
            return True
        return True
