"""A model's failure in a node, under the name that prompt flow's users know it by: that of the openai library's exception."""

from flowyard.inference.errors import ModelCallError, ModelTimeoutError, ModelUnreachableError

#: prompt flow nests the name below this one.
FAMILY = "OpenAIError"
_NAMES = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
}


def model_failure(error: BaseException) -> str | None:
    """Return the name, or None when no model failed."""
    if isinstance(error, ModelTimeoutError):
        return "APITimeoutError"
    if isinstance(error, ModelUnreachableError):
        return "APIConnectionError"
    if not isinstance(error, ModelCallError):
        return None
    status = error.upstream_status
    if status is None:
        return "APIError"
    return "InternalServerError" if status >= 500 else _NAMES.get(status, "APIStatusError")
