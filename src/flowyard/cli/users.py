"""``flowyard user``: people in the workspace."""

from typing import Annotated

import typer

from flowyard.cli.keys import RoleName
from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace

app = typer.Typer(no_args_is_help=True, help="Let people in, with a role.")

Name = Annotated[str, typer.Argument(help="The person's name.")]


@app.command("create")
def create_user(
    name: Name, *, role: Annotated[RoleName, typer.Option(help="What they may do.")] = RoleName.CONTRIBUTOR, as_json: AsJson = False
) -> None:
    """Let a person into the workspace.

    Example: flowyard user create ada --role reader
    """
    user = workspace().users.create(name, role=role.value)
    text = f"{user.name} is in, as {user.role}. Sign them in with: flowyard user sign-in-link {user.name}"
    emit(user, as_json=as_json, text=text)


@app.command("list")
def list_users(*, as_json: AsJson = False) -> None:
    """List who is in the workspace.

    Example: flowyard user list
    """
    users = workspace().users.list()
    rows = [(user.name, user.role, user.created_at[:16], (user.last_seen_at or "never")[:16]) for user in users]
    emit_table(users, as_json=as_json, columns=("name", "role", "since", "last seen"), rows=rows, empty="Nobody is in this workspace.")


@app.command("update")
def update_user(name: Name, *, role: Annotated[RoleName, typer.Option(help="What they may do.")], as_json: AsJson = False) -> None:
    """Change a person's role; it takes effect at once.

    Example: flowyard user update ada --role contributor
    """
    user = workspace().users.update(name, role=role.value)
    emit(user, as_json=as_json, text=f"{user.name} is {user.role} now.")


@app.command("delete")
def delete_user(name: Name, *, as_json: AsJson = False) -> None:
    """End a person's membership of the workspace. Keys that they made go on working until you revoke them.

    Example: flowyard user delete ada
    """
    workspace().users.delete(name)
    emit({"name": name, "deleted": True}, as_json=as_json, text=f"{name} is in this workspace no more.")


@app.command("sign-in-link")
def sign_in_link(name: Name, *, as_json: AsJson = False) -> None:
    """Print a link that signs a person in to the studio once, within 15 minutes.

    Example: flowyard user sign-in-link ada
    """
    link = workspace().users.sign_in_link(name)
    emit(link, as_json=as_json, text=link.url)
