"""Routes of the gateway: one name, several models behind it."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTarget:
    """A model as a request names it, and its share of the calls against those of the others."""

    model: str
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRetry:
    """How often each model is tried, and after what.

    ``unreached``: the call never reached a model, or the model's server turned it away (429, 503). ``always``: also after timeouts,
    other errors of the server (408, 5xx), lost connections and refused keys, as long as nothing of an answer was passed on; a
    model may then answer twice. The pause before the second try is `backoff_s`, and doubles.
    """

    attempts: int = 1
    on: Literal["unreached", "always"] = "unreached"
    backoff_s: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteBreaker:
    """After so many failures within `window_s` a model is left alone for `open_s`; then one call tries it."""

    errors: int = 5
    window_s: float = 30.0
    open_s: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCache:
    """Keeps answers for `ttl_s`, for the key that asked or for all of the workspace.

    `sampled` lets answers be kept that are drawn by chance: those of requests that do not say ``temperature: 0``.
    """

    ttl_s: float
    scope: Literal["key", "workspace"] = "key"
    sampled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSample:
    """Keep the texts of this share of the traces (0 to 1), chosen by their ids; of the others what ``metadata`` keeps."""

    sample: float


#: What spans keep: all; of a share of the traces; no prompts and answers; no span at all (calls are counted in /metrics all the same).
RouteLogging = Literal["all", "metadata", "none"] | RouteSample


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSpec:
    """What a route does. `timeout_s` bounds the whole call, from its first try to the end of the answer."""

    targets: tuple[RouteTarget, ...]
    fallbacks: tuple[str, ...] = ()
    retry: RouteRetry = field(default_factory=RouteRetry)
    timeout_s: float | None = None
    breaker: RouteBreaker = field(default_factory=RouteBreaker)
    cache: RouteCache | None = None
    logging: RouteLogging = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCreate:
    """Make a route. Clients name it as their model."""

    name: str
    spec: RouteSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route of the workspace."""

    name: str
    spec: RouteSpec
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetStatus:
    """A model of a route as one gateway sees it: whether calls go there, and how they ended since the gateway began."""

    route: str
    model: str
    breaker: Literal["closed", "open", "half-open"]
    answered: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayStatus:
    """How a gateway that runs fares since it started: what it knows of the workspace's routes, its cache and its calls as a whole.

    `gateway` is its host and process. Of `calls` to models, `overhead_p50_ms` and `overhead_p99_ms` are what the gateway itself took
    until their answers began: all but the waiting for the client's body and for the model. None without calls.
    """

    gateway: str
    started_at: str
    seen_at: str
    in_flight: int
    calls: int
    overhead_p50_ms: float | None
    overhead_p99_ms: float | None
    targets: tuple[TargetStatus, ...]
    cache_hits: int
    cache_misses: int
    cache_bytes: int
