"""The card of an imported model: what its files say, then what its publisher says; the rest is unknown."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from flowyard.catalog.cards import UNKNOWN, Card, CardFile
from flowyard.catalog.errors import ModelFileInvalidError
from flowyard.catalog.facts import Architecture, CommercialUse, HubPlace, LicenseClass, Origin, class_of
from flowyard.catalog.formats.gguf import read_gguf
from flowyard.catalog.formats.safetensors import context_of, read_config, read_safetensors
from flowyard.catalog.importing.choice import Choice
from flowyard.catalog.importing.hub import text, texts
from flowyard.catalog.importing.ports import Repository
from flowyard.inference.engines import EngineSettings

COLLECTION = "Imported"
_CONTEXT = 4096
_ENCODERS = ("bert", "nomic-bert", "jina-bert-v2", "xlm-roberta", "gemma-embedding")
#: The hub's words for licenses (https://huggingface.co/docs/hub/repositories-licenses) as SPDX has them.
_SPDX = {
    name.lower(): name
    for name in (
        "Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC0-1.0",
        "GPL-3.0", "AGPL-3.0", "LGPL-3.0", "MPL-2.0", "ISC", "Unlicense",
    )
} | {"bsd": "BSD-3-Clause"}  # fmt: skip
_CONDITIONAL = {
    "llama2": "Llama 2 Community License", "llama3": "Llama 3 Community License", "llama3.1": "Llama 3.1 Community License",
    "llama3.2": "Llama 3.2 Community License", "llama3.3": "Llama 3.3 Community License", "gemma": "Gemma Terms of Use",
}  # fmt: skip
_TASKS: dict[str, Literal["completion", "embeddings", "rerank"]] = {
    "text-generation": "completion", "text2text-generation": "completion", "feature-extraction": "embeddings",
    "sentence-similarity": "embeddings", "text-ranking": "rerank",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """A license, as far as it is known."""

    name: str = UNKNOWN
    url: str | None = None
    kind: LicenseClass = "unknown"
    commercial: CommercialUse = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the files say of a model."""

    parameters: int | None = None
    architecture: Architecture | None = None
    context: int | None = None
    quantization: str | None = None
    has_template: bool = False
    encoder: bool = False
    values: dict[str, str] = field(default_factory=dict[str, str])


def license_of(facts: dict[str, Any]) -> License:
    """Return the license that a hub's card tells. ``other`` and anything not known stay as they are written, of an unknown class."""
    told = text(facts.get("license")) or next((tag[8:] for tag in texts(facts.get("tags")) if tag.startswith("license:")), None)
    if told is None:
        return License()
    url = text(facts.get("license_link"))
    url = url if url and url.startswith("https://") else None
    word = told.lower()
    if word in _CONDITIONAL:
        return License(name=_CONDITIONAL[word], url=url, kind="conditional", commercial="conditional")
    if word == "other":
        return License(name=text(facts.get("license_name")) or "other", url=url)
    name = _SPDX.get(word, told)
    kind: LicenseClass = "non-commercial" if "-nc-" in word else class_of(name)
    commercial: CommercialUse = "no" if kind == "non-commercial" else "yes" if kind == "permissive" else "unknown"
    return License(name=name, url=url, kind=kind, commercial=commercial)


def look_into(folder: Path, choice: Choice) -> Found:
    """Return what the files of a model say, which lie in `folder`.

    Raises:
        ModelFileInvalidError: one is not of its format.
    """
    if choice.format == "gguf":
        parts = [read_gguf(folder / name) for name in choice.files if name.lower().endswith(".gguf")]
        head = parts[0]
        told = {key: value for key in ("general.name", "general.license", "general.organization") if (value := head.text(key))}
        family = head.family or ""
        return Found(
            parameters=sum(part.parameters for part in parts) or None,
            architecture=head.architecture(),
            context=head.context_length,
            quantization=head.quantization,
            has_template=head.chat_template is not None,
            encoder=head.pooled or family in _ENCODERS,
            values=told,
        )
    heads = [read_safetensors(folder / name) for name in choice.files if name.endswith(".safetensors")]
    architecture, config = read_config(folder / "config.json")
    templates = ("chat_template.jinja", "chat_template.json")
    told_by = folder / "tokenizer_config.json"
    has_template = any((folder / name).is_file() for name in templates) or (
        told_by.is_file() and "chat_template" in told_by.read_text("utf-8", "replace")
    )
    return Found(
        parameters=sum(head.parameters for head in heads) or None,
        architecture=architecture,
        context=context_of(config),
        quantization=heads[0].quantization,
        has_template=has_template,
        encoder=any(name.endswith(("ForMaskedLM", "BertModel", "RobertaModel")) for name in texts(config.get("architectures"))),
    )


def provisional(name: str, choice: Choice, files: tuple[CardFile, ...], origin: Origin) -> Card:
    """Return a card with which the files can be brought."""
    kind = "llamacpp" if choice.format == "gguf" else "vllm"
    return Card(
        name=name,
        display_name=name,
        publisher=UNKNOWN,
        collection=COLLECTION,
        task="completion",
        description=UNKNOWN,
        intended_use=UNKNOWN,
        limits=UNKNOWN,
        engine=EngineSettings(kind=kind, task="chat", model_file=choice.main),
        files=files,
        origin=origin,
    )


def finished(card: Card, found: Found, repository: Repository | None, base: Card | None) -> Card:
    """Return the card of a model whose files are here. `base` is a curated card whose facts go before all others.

    Raises:
        ModelFileInvalidError: no engine here runs such a model.
    """
    facts = repository.facts if repository else {}
    task = _task(found, repository) if base is None else base.task
    if card.engine is None or (card.engine.kind == "vllm" and task not in {"chat-completion", "completion"}) or task == "rerank":
        raise ModelFileInvalidError(
            f"No engine here runs {task} from these files.", remedy="Take an embedding model as GGUF; rerankers run from the catalog only."
        )
    context = min(found.context or _CONTEXT, _CONTEXT)
    engine = EngineSettings(
        kind=card.engine.kind, task="embedding" if task == "embeddings" else "chat", model_file=card.engine.model_file, context=context
    )
    template = "yes" if found.has_template else "no"
    mine: dict[str, Any] = {"engine": engine, "files": card.files, "origin": card.origin, "quantization": found.quantization}
    if base is not None:
        return _replaced(base, **mine, chat_template=template, parameters=found.parameters or base.parameters)
    told = license_of(facts) if repository else license_of({"license": found.values.get("general.license")})
    publisher = repository.name.partition("/")[0] if repository else found.values.get("general.organization", UNKNOWN)
    shown = repository.name.partition("/")[2] if repository else found.values.get("general.name", card.name)
    return _replaced(
        card,
        **mine,
        display_name=shown[:100],
        publisher=publisher[:100],
        task=task,
        license=told.name,
        license_url=told.url,
        license_class=told.kind,
        commercial_use=told.commercial,
        description=_description(shown, found, repository),
        parameters=found.parameters,
        architecture=found.architecture,
        context_length=found.context,
        dimensions=found.architecture.hidden_size if task == "embeddings" and found.architecture else None,
        languages=_languages(facts),
        output_modalities=("embedding",) if task == "embeddings" else ("text",),
        capabilities=("embeddings",)
        if task == "embeddings"
        else ("chat", "completion", "streaming")
        if found.has_template
        else ("completion",),
        chat_template=template,
        hub=HubPlace(repository=repository.name, revision=repository.revision, gated="yes" if repository.gated else "no")
        if repository
        else None,
        references=(f"https://huggingface.co/{repository.name}",) if repository else (),
    )


def _replaced(card: Card, **fields: Any) -> Card:
    return msgspec.structs.replace(card, **fields)


def _task(found: Found, repository: Repository | None) -> Literal["chat-completion", "completion", "embeddings", "rerank"]:
    if found.encoder:
        return "embeddings"
    told = _TASKS.get(repository.task or "") if repository else None
    if told in {None, "completion"}:
        return "chat-completion" if found.has_template else "completion"
    return told or "completion"


def _description(shown: str, found: Found, repository: Repository | None) -> str:
    family = found.architecture.family if found.architecture else "unknown"
    where = f"the hub's {repository.name}" if repository else "files"
    return f"{shown}: imported from {where}; architecture {family}, {found.quantization or 'unknown format'}."


def _languages(facts: dict[str, Any]) -> tuple[str, ...]:
    words = texts(facts.get("language"))
    return tuple(word for word in words if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*|multilingual", word))[:200]
