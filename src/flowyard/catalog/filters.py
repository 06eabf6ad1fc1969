"""Search and filters over the catalog, with the counts of what each further filter would leave."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flowyard.foundation.errors import InvalidInputError, nearest
from flowyard.wire.models import Facet, Model, ModelPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelQuery:
    """What models are asked for. Of one field any value will do; all fields must fit. `text`: every word is in the card somewhere."""

    text: str = ""
    values: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


#: Each filter by its name in the API, and the values that a model has for it.
FIELDS: dict[str, Callable[[Model], Iterable[str]]] = {
    "collection": lambda model: (model.collection,),
    "publisher": lambda model: (model.publisher,),
    "task": lambda model: (model.task,),
    "license": lambda model: (model.license_class,),
    "license_name": lambda model: (model.license,),
    "size": lambda model: (model.size_class,),
    "fine_tunable": lambda model: (model.fine_tunable,),
    "runs_here": lambda model: (model.runs_here,),
    "tool_use": lambda model: (model.tool_use,),
    "access": lambda model: (model.access,),
    "state": lambda model: (model.state,),
    "lifecycle": lambda model: (model.lifecycle,),
    "language": lambda model: model.languages,
    "modality": lambda model: {*model.input_modalities, *model.output_modalities},
}
#: Short words for values that people write.
WORDS: dict[str, dict[str, str]] = {
    "task": {"chat": "chat-completion", "embedding": "embeddings", "reranking": "rerank"},
    "fine_tunable": {"true": "yes", "false": "no"},
    "runs_here": {"true": "yes", "false": "no"},
    "tool_use": {"true": "yes", "false": "no"},
}


def query_of(text: str | None, given: Mapping[str, Sequence[str]]) -> ModelQuery:
    """Return the query that is meant by values of filters.

    Raises:
        InvalidInputError: there is no such filter.
    """
    values: dict[str, frozenset[str]] = {}
    for name, words in given.items():
        if name not in FIELDS:
            near = nearest(name, set(FIELDS))
            remedy = f"Did you mean {near!r}?" if near else f"There are: {', '.join(FIELDS)}."
            raise InvalidInputError(f"There is no filter {name!r}.", remedy=remedy)
        if words:
            values[name] = frozenset(WORDS.get(name, {}).get(word.lower(), word).lower() for word in words)
    return ModelQuery(text=text or "", values=values)


def select(models: Sequence[Model], query: ModelQuery) -> ModelPage:
    """Return the models that fit, in their order, and for each filter how many there are of each value under the other filters."""
    words = query.text.lower().split()
    found = [model for model in models if all(word in _text(model) for word in words)]
    misses = [[name for name, wanted in query.values.items() if wanted.isdisjoint(_values(model, name))] for model in found]
    items = tuple(model for model, missed in zip(found, misses, strict=True) if not missed)
    facets: dict[str, tuple[Facet, ...]] = {}
    for name, values in FIELDS.items():
        counts = Counter(value for model, missed in zip(found, misses, strict=True) if set(missed) <= {name} for value in values(model))
        facets[name] = tuple(Facet(value=value, count=count) for value, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))
    return ModelPage(items=items, total=len(items), facets=facets)


def _values(model: Model, name: str) -> set[str]:
    return {value.lower() for value in FIELDS[name](model)}


def _text(model: Model) -> str:
    parts = (
        model.name, model.display_name, model.publisher, model.collection, model.task, model.license, model.description,
        model.intended_use, *model.languages, *model.capabilities,
    )  # fmt: skip
    return " ".join(parts).lower()
