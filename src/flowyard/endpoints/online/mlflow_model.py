"""MLflow models behind ``/score``: a scoring script that we provide. MLflow itself is in the model's own environment only.

Bodies are those of MLflow's scoring server (``dataframe_split``, ``dataframe_records``, ``instances``, ``inputs``; CSV), answered
``{"predictions": ...}``, and Azure ML's ``input_data``, answered with the bare predictions. ``params`` may stand beside each.
"""

import io
import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from flowyard.endpoints.errors import BodyInvalidError, ScriptFailedError
from flowyard.endpoints.online.scripts.raw_http import AMLRequest, AMLResponse, rawhttp
from flowyard.endpoints.online.scripts.script import MODEL_VARIABLE
from flowyard.flows.collecting import keeper
from flowyard.flows.collecting.collector import Collector
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import Location

#: What says that a folder is an MLflow model.
MARK = "MLmodel"

_FORMS = ("dataframe_split", "dataframe_records", "instances", "inputs", "input_data")
# What MLflow calls errors of the request.
_OF_THE_CALLER = frozenset({"BAD_REQUEST", "INVALID_PARAMETER_VALUE"})
_JSON_TYPES = {"long": "integer", "integer": "integer", "double": "number", "float": "number", "boolean": "boolean"}

_loaded: list[Any] = []


def init() -> None:
    """Load the model that ``AZUREML_MODEL_DIR`` holds.

    Raises:
        ScriptFailedError: there is none, or MLflow is not in its environment.
    """
    folder = Path(os.environ[MODEL_VARIABLE])
    found = next((path.parent for path in (folder / MARK, *sorted(folder.glob(f"*/{MARK}"))) if path.is_file()), None)
    if found is None:
        raise ScriptFailedError("The snapshot has no MLflow model.", remedy=f"Put its folder, with the file {MARK}, below model/.")
    try:
        pyfunc = import_module("mlflow.pyfunc")
    except ImportError as error:
        raise ScriptFailedError(
            f"The model's environment has no MLflow: {error}.", remedy="List mlflow or mlflow-skinny in the model's requirements.txt."
        ) from error
    _loaded[:] = [pyfunc.load_model(str(found))]


@rawhttp
def run(request: AMLRequest) -> AMLResponse:
    """Answer a request with the model's predictions.

    Raises:
        BodyInvalidError: the body is of no form that is known, or does not fit the model's signature.
    """
    model = _loaded[0]
    values, params, form = _read(request, model.metadata.get_input_schema())
    _collect("model_inputs", values)
    try:
        found = model.predict(values, params=params) if params else model.predict(values)
    except Exception as error:
        if getattr(error, "error_code", None) in _OF_THE_CALLER:
            raise _misfit(error, model) from error
        raise
    _collect("model_outputs", found)
    plain = _plain(found)
    return _answer(plain if form == "input_data" else {"predictions": plain})


def describe() -> dict[str, Any]:
    """Return the JSON schema of the bodies, by the model's signature."""
    schema = _loaded[0].metadata.get_input_schema()
    columns: list[dict[str, Any]] = [] if schema is None or schema.is_tensor_spec() else schema.to_dict()
    properties = {column["name"]: {"type": _JSON_TYPES.get(column["type"], "string")} for column in columns if "name" in column}
    required = [column["name"] for column in columns if column.get("required", True) and "name" in column]
    row: dict[str, Any] = {"type": "object", "properties": properties, "required": required} if properties else {}
    records = {"dataframe_records": {"type": "array", "items": row}, "params": {"type": "object"}}
    return {"type": "object", "properties": records} if properties else {"type": "object"}


def _read(request: AMLRequest, schema: Any) -> tuple[Any, dict[str, Any] | None, str]:
    if (request.content_type or "").partition(";")[0].strip() == "text/csv":
        return _from_csv(request), None, "csv"
    try:
        body = json.loads(request.data)
    except ValueError as error:
        raise BodyInvalidError(f"The body is no JSON: {error}.", remedy='Send for instance {"dataframe_records": [{"x": 1}]}.') from error
    given: dict[str, Any] = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    forms = [name for name in _FORMS if name in given]
    unknown = given.keys() - {*forms, "params"}
    params = given.get("params")
    if len(forms) != 1 or unknown or not isinstance(params, dict | None):
        got = ", ".join(map(repr, given)) if given else type(cast("object", body)).__name__
        raise BodyInvalidError(
            f"The body has {got}; expected one of {', '.join(_FORMS)}, and params, an object, where the model takes some.",
            remedy='Send for instance {"dataframe_records": [{"x": 1}]}.',
        )
    form = forms[0]
    return _values(form, given[form], schema), cast("dict[str, Any] | None", params), form


def _values(form: str, value: Any, schema: Any) -> Any:
    parsing = import_module("mlflow.utils.proto_json_utils")
    try:
        means = form
        if form == "input_data":
            means = "dataframe_split" if isinstance(value, dict) and "data" in value else "inputs"
        if means in {"dataframe_split", "dataframe_records"}:
            return parsing.dataframe_from_parsed_json(value, means.removeprefix("dataframe_"), schema)
        return parsing.parse_tf_serving_input({means: value}, schema)
    except Exception as error:
        if getattr(error, "error_code", None) in _OF_THE_CALLER:
            raise BodyInvalidError(f"{form} cannot be read: {error}", location=Location(pointer=f"/{form}")) from error
        raise


def _from_csv(request: AMLRequest) -> Any:
    pandas = import_module("pandas")
    try:
        return pandas.read_csv(io.BytesIO(request.data))
    except ValueError as error:
        raise BodyInvalidError(f"The body is no CSV: {error}.", remedy="Send a header line and rows.") from error


def _misfit(error: Exception, model: Any) -> BodyInvalidError:
    schema = model.metadata.get_input_schema()
    reason = str(error).rpartition("Error: ")[2] or str(error)
    takes = "" if schema is None else f"The model takes {schema}."
    return BodyInvalidError(f"The data does not fit the model's signature: {reason}", remedy=takes or "Correct the body.")


def _collect(name: str, values: Any) -> None:
    kept = keeper.here()
    if kept is not None and name in kept.spec.rates:
        Collector(name=name).collect(values if hasattr(values, "columns") else [{"data": _plain(values)}])


def _plain(value: Any) -> Any:
    """Return predictions as JSON has them; what is no number there (NaN) is null."""
    if hasattr(value, "columns"):
        return json.loads(value.to_json(orient="records", date_format="iso"))
    if hasattr(value, "to_json") and hasattr(value, "index"):
        return list(json.loads(value.to_json(date_format="iso", orient="values")))
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[Any]", value)]
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124  only NaN differs from itself


def _answer(value: Any) -> AMLResponse:
    made = AMLResponse("", 200, json_str=True)
    made.set_data(to_json(value))
    return made
