"""What can be done with a model as it is: asked before a button is shown, and said in words where it cannot."""

from flowyard.wire.models import Model, ModelActions


def actions_of(model: Model) -> ModelActions:
    """Return what can be pulled, tried, deployed and evaluated, and why not where it cannot."""
    call = _why_not_called(model)
    return ModelActions(
        pull=_why_not_pulled(model),
        try_it=call,
        deploy=model.license_denied or _why_not_deployed(model),
        evaluate=call or (None if model.task in {"chat-completion", "completion"} else "Evaluations need a model that writes text."),
    )


def _why_not_pulled(model: Model) -> str | None:
    if model.access == "connection":
        return "It is hosted: there are no files of it to have."
    return {"ready": "It is here already.", "pulling": "It is being pulled."}.get(model.state)


def _why_not_called(model: Model) -> str | None:
    place = model.connection
    if place is not None:
        return None if model.call else f"It needs a connection of type {' or '.join(place.types)}; make one first."
    return None if model.state == "ready" else "Pull it first."


def _why_not_deployed(model: Model) -> str | None:
    if model.access == "connection":
        return "It is hosted: call it through its connection, or put it behind a route of the gateway."
    return None if model.state == "ready" else "Pull it first."
