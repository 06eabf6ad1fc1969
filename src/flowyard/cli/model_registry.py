"""``flowyard model register …``: versions of models that the workspace keeps."""

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.model_text import size_text
from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowyard.wire.model_registry import RegisteredModel

TARGET_KEY = "FLOWYARD_TARGET_API_KEY"


class StageName(StrEnum):
    """How far a version is."""

    NONE = "None"
    DEVELOPMENT = "Development"
    STAGING = "Staging"
    PRODUCTION = "Production"
    ARCHIVED = "Archived"


Name = Annotated[str, typer.Argument(help="The registered model's name.")]
Version = Annotated[str, typer.Argument(help="Its version: a number, an alias, a stage, or latest.")]
SomeVersion = Annotated[str | None, typer.Option("--version", help="This version only; else all.")]


def register(
    name: Name,
    path: Annotated[str | None, typer.Argument(help="A file or folder: an MLflow model, or any other.")] = None,
    model: Annotated[str | None, typer.Option(help="A model of the catalog, in place of files.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="NAME=VALUE; may be given more than once.")] = None,
    license_name: Annotated[str | None, typer.Option("--license", help="The license of the files.")] = None,
    allow_code: Annotated[bool, typer.Option("--allow-code", help="Take files that can run code when they are loaded.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register a version of a model: of files, or of a model of the catalog.

    Example: flowyard model register support --model smollm2-135m --tag team=support
    """
    tags = _tags(tag)
    made = workspace().registry.register(name, path, model=model, tags=tags, license=license_name, allow_code=allow_code)
    emit(made, as_json=as_json, text=f"{made.reference} ({made.type.replace('_', ' ')}, license: {made.license})")


def registered(
    archived: Annotated[bool, typer.Option("--archived", help="Those that are archived.")] = False, as_json: AsJson = False
) -> None:
    """List the registered models, the latest version of each.

    Example: flowyard model registered
    """
    _table(workspace().registry.list(archived=archived), as_json=as_json)


def versions(name: Name, as_json: AsJson = False) -> None:
    """List the versions of a registered model, the latest first.

    Example: flowyard model versions support
    """
    _table(workspace().registry.versions(name), as_json=as_json)


def stage(
    name: Name, version: Version, stage_name: Annotated[StageName, typer.Argument(help="How far it is.")], as_json: AsJson = False
) -> None:
    """Set how far a version is.

    Example: flowyard model stage support 1 Production
    """
    made = workspace().registry.update(name, version, stage=stage_name.value)
    emit(made, as_json=as_json, text=f"{made.reference} is in {made.stage}.")


def tag(
    name: Name,
    version: Version,
    pairs: Annotated[list[str] | None, typer.Argument(help="NAME=VALUE to set, NAME= to take away.")] = None,
    alias: Annotated[list[str] | None, typer.Option(help="An alias that the version shall have; others move here.")] = None,
    description: Annotated[str | None, typer.Option(help="In words.")] = None,
    as_json: AsJson = False,
) -> None:
    """Set tags, aliases or the description of a version.

    Example: flowyard model tag support 1 team=support --alias champion
    """
    registry = workspace().registry
    now = registry.get(name, version)
    tags = {key: value for key, value in {**now.tags, **_tags(pairs)}.items() if value}
    aliases = [*now.aliases, *(word for word in alias or () if word not in now.aliases)]
    made = registry.update(name, now.version, tags=tags, aliases=aliases, description=description)
    shown = " ".join(f"{key}={value}" for key, value in made.tags.items()) or "no tags"
    emit(made, as_json=as_json, text=f"{made.reference}: {shown}; aliases: {', '.join(made.aliases) or 'none'}")


def archive(name: Name, version: SomeVersion = None, as_json: AsJson = False) -> None:
    """Archive a registered model or a version: it is left out of lists, and what refers to it goes on working.

    Example: flowyard model archive support --version 1
    """
    workspace().registry.archive(name, version)
    emit({"name": name, "version": version, "archived": True}, as_json=as_json, text=f"{name} is archived.")


def restore(name: Name, version: SomeVersion = None, as_json: AsJson = False) -> None:
    """Restore an archived registered model or version.

    Example: flowyard model restore support --version 1
    """
    workspace().registry.restore(name, version)
    emit({"name": name, "version": version, "archived": False}, as_json=as_json, text=f"{name} is restored.")


def promote(
    name: Name,
    version: Version,
    to: Annotated[str, typer.Option(help="The workspace to copy it to.")],
    as_name: Annotated[str | None, typer.Option(help="Its name there; default: as here.")] = None,
    stage_name: Annotated[StageName, typer.Option("--stage", help="Its stage there.")] = StageName.NONE,
    as_json: AsJson = False,
) -> None:
    """Copy a version to another workspace. Its key is read from FLOWYARD_TARGET_API_KEY: a key belongs to one workspace.

    Example: flowyard model promote support 1 --to production --stage Production
    """
    key = os.environ.get(TARGET_KEY)
    made = workspace().registry.promote(name, version, to, as_name=as_name, stage=stage_name.value, target_key=key)
    emit(made, as_json=as_json, text=f"{made.reference} in {to} ({made.stage}).")


def licenses(
    allow: Annotated[list[str] | None, typer.Option(help="A license, or a class, that alone may be deployed with others so named.")] = None,
    deny: Annotated[list[str] | None, typer.Option(help="A license, or a class, that may not be deployed.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take all rules away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show which licenses the workspace deploys, or replace the rules.

    Example: flowyard model licenses --deny non-commercial --deny unknown
    """
    registry = workspace().registry
    found = registry.set_licenses(allow=allow or (), deny=deny or ()) if allow or deny or clear else registry.licenses()
    words = f"allow: {', '.join(found.allow) or 'all'}; deny: {', '.join(found.deny) or 'none'}"
    emit(found, as_json=as_json, text=words)


def add_to(app: typer.Typer) -> None:
    """Put the commands into ``flowyard model``."""
    for command in (register, registered, versions, stage, tag, archive, restore, promote, licenses):
        app.command(command.__name__)(command)


def _tags(pairs: "Sequence[str] | None") -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs or ():
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise InvalidInputError(f"{pair!r} is not NAME=VALUE.", remedy="Write for instance team=support.")
        found[key] = value
    return found


def _table(models: "Sequence[RegisteredModel]", *, as_json: bool) -> None:
    def row(one: "RegisteredModel") -> tuple[Any, ...]:
        what = one.model or ", ".join(one.flavors) or size_text(one.bytes)
        return one.name, one.version, one.type.replace("_", " "), what, one.license, one.stage, ", ".join(one.aliases), one.created_at[:10]

    emit_table(
        models,
        as_json=as_json,
        columns=("name", "version", "type", "of", "license", "stage", "aliases", "since"),
        rows=map(row, models),
        empty="No model is registered. Register one: flowyard model register NAME --model MODEL",
    )
