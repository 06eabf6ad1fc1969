"""Models in words: a row of the list, and the card."""

from flowyard.wire.model_verifications import ModelBadge
from flowyard.wire.models import Model, ModelPrice

_UNKNOWN = "unknown"


def size_text(count: int | None) -> str:
    """Return bytes in words."""
    if count is None:
        return _UNKNOWN
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


def count_text(count: int | None) -> str:
    """Return a count of parameters in words: millions or thousand millions."""
    if count is None:
        return _UNKNOWN
    return f"{count / 1e9:,.1f}B" if count >= 1e9 else f"{count / 1e6:,.0f}M"


def state_text(model: Model) -> str:
    """Return where a model is."""
    if model.access == "connection":
        return "hosted"
    state = model.state.replace("_", " ")
    if model.state == "pulling" and model.bytes_total:
        return f"{state} ({100 * model.bytes_present // model.bytes_total} %)"
    return f"{state}, engine {model.engine_state}" if model.engine_state in {"running", "starting", "failed"} else state


def list_row(model: Model) -> tuple[str, ...]:
    """Return a row: name, task, license, parameters, size, whether it runs here, state, what it was seen to do."""
    size = size_text(model.bytes_total)
    if model.bytes_total is None and model.sizes:
        size = f"~{size_text(min(one.bytes for one in model.sizes))}"
    if model.access == "connection":
        size = ""
    badge = model.verified
    tested = "" if badge is None else f"{badge.passed} of {badge.passed + badge.failed} pass, {badge.at[:10]}"
    return (model.name, model.task, model.license, count_text(model.parameters), size, model.runs_here, state_text(model), tested)


def card_text(model: Model) -> str:
    """Return the card. Facts that are not known are said to be so."""
    rows = (
        ("name", f"{model.name} ({model.display_name}, {model.publisher})"),
        ("task", f"{model.task}: {', '.join(model.capabilities) or _UNKNOWN}"),
        ("license", _license(model)),
        ("size", _size(model)),
        ("context", _context(model)),
        ("reads", f"{', '.join(model.input_modalities)}; writes {', '.join(model.output_modalities)}"),
        ("languages", ", ".join(model.languages) or _UNKNOWN),
        ("tools", f"{model.tool_use}; fine-tunable: {model.fine_tunable}; lifecycle: {model.lifecycle}"),
        ("price", _price(model.price, model.access)),
        ("here", _here(model)),
        ("state", state_text(model)),
        ("tested", _tested(model.verified)),
        ("call as", model.call or f"<connection>/{model.connection.model if model.connection else model.name}"),
        ("about", model.description),
        ("for", model.intended_use),
        ("limits", model.limits),
        ("origin", _origin(model)),
        ("facts", "\n           ".join(model.references)),
        ("sources", "\n           ".join(source.partition("#")[0] for file in model.files for source in file.sources)),
    )
    return "\n".join(f"{label:<11}{text}" for label, text in rows if text)


def _tested(badge: ModelBadge | None) -> str:
    if badge is None:
        return ""
    failed = f"; failed: {', '.join(badge.failed_checks)}" if badge.failed_checks else ""
    rate = "" if badge.tokens_per_s is None else f", {badge.tokens_per_s:,.1f} tokens/s"
    first = "" if badge.first_token_ms is None else f"; first token {badge.first_token_ms:,.0f} ms{rate}"
    peak = "" if badge.peak_bytes is None else f", {size_text(badge.peak_bytes)} of memory at most"
    return f"{badge.at[:10]}: {badge.passed} passed, {badge.failed} failed{failed}{first}{peak} ({badge.cpu}; {badge.engine or 'hosted'})"


def _license(model: Model) -> str:
    url = f", {model.license_url}" if model.license_url else ""
    denied = f"\n           {model.license_denied}" if model.license_denied else ""
    return f"{model.license} ({model.license_class}; commercial use: {model.commercial_use}{url}){denied}"


def _size(model: Model) -> str:
    active = f" ({count_text(model.active_parameters)} for a token)" if model.active_parameters else ""
    sizes = ", ".join(f"{'about ' if one.estimated else ''}{size_text(one.bytes)} as {one.quantization}" for one in model.sizes)
    return f"{count_text(model.parameters)} parameters{active}" + (f"; {sizes}" if sizes else "")


def _context(model: Model) -> str:
    parts = [f"{model.context_length:,} tokens" if model.context_length else _UNKNOWN]
    parts += [f"answers of at most {model.max_output:,}"] if model.max_output else []
    parts += [f"{model.dimensions:,} dimensions"] if model.dimensions else []
    return ", ".join(parts)


def _price(price: ModelPrice | None, access: str) -> str:
    if price is None:
        return _UNKNOWN if access == "connection" else "none: it runs on your machine"
    output = f", {price.output} out" if price.output else ""
    tiers = "; long prompts cost more" if price.tiered else ""
    return f"{price.currency} {price.input} in{output} by the million tokens{tiers} ({price.source})"


def _here(model: Model) -> str:
    if model.access == "connection":
        return ""
    return model.runs_here if model.runs_here_reason is None else f"{model.runs_here}: {model.runs_here_reason}"


def _origin(model: Model) -> str:
    if model.origin is None:
        return ""
    parts = [model.origin.source, model.origin.revision or "", model.origin.imported_at or "", model.origin.imported_by or ""]
    return ", ".join(part for part in parts if part)
