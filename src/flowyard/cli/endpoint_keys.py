"""``flowyard endpoint get-credentials`` and ``regenerate-key``: an endpoint's own keys and tokens."""

from enum import StrEnum
from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import workspace

Name = Annotated[str, typer.Argument(help="The endpoint's name.")]


class AuthModeName(StrEnum):
    """How an endpoint is called, besides by keys of the workspace."""

    KEY = "key"
    AML_TOKEN = "aml_token"  # noqa: S105  Azure ML's name of a mode


class KeyTypeName(StrEnum):
    """Which of the two keys."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


Mode = Annotated[AuthModeName, typer.Option(help="By two keys of its own, or by tokens that expire.")]
NewMode = Annotated[AuthModeName | None, typer.Option(help="Another one revokes the endpoint's own keys and tokens.")]


def get_credentials(name: Name, *, as_json: AsJson = False) -> None:
    """Print a token, where the endpoint gives tokens; else which keys it has. A key is shown when it is made and never again.

    Example: flowyard endpoint get-credentials support
    """
    endpoints = workspace().endpoints
    found = endpoints.credentials(name)
    if found.auth_mode == "aml_token":
        token = endpoints.token(name)
        emit(token, as_json=as_json, text=token.access_token)
        if not as_json:
            note(f"It works until {token.expires_at}; get the next one from {token.refresh_after} on.")
        return
    rows = ((key.key_type, f"{key.prefix}…", key.created_at, key.created_by, key.last_used_at or "") for key in found.keys)
    make = f"flowyard endpoint regenerate-key {name} --key-type primary"
    emit_table(
        found.keys,
        as_json=as_json,
        columns=("type", "key", "created", "by", "last used"),
        rows=rows,
        empty=f"{name} has no keys of its own yet. Make one: {make}",
    )
    if found.keys and not as_json:
        note(f"Keys are shown once, when they are made. To rotate: make the one that nobody uses anew, use it, then the other. {make}")


def regenerate_key(
    name: Name,
    *,
    key_type: Annotated[KeyTypeName, typer.Option(help="The other one stays valid.")],
    as_json: AsJson = False,
) -> None:
    """Make one of the endpoint's two keys, or make it anew, and print it, this once.

    Example: flowyard endpoint regenerate-key support --key-type secondary
    """
    made = workspace().endpoints.regenerate_key(name, key_type.value)
    emit(made, as_json=as_json, text=made.secret)
    if not as_json:
        note(f"It opens {name} and nothing else. Keep it: it is shown this once. The {key_type.value} key before it is refused now.")
