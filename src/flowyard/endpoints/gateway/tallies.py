"""What this gateway counts of each deployment, told to the database while there are requests."""

from collections import Counter
from collections.abc import Callable
from functools import partial

from flowyard.endpoints.figures import Counts, FigureStore, GatewayCounts, Sample, bucket_of
from flowyard.endpoints.gateway.balance import Balancer
from flowyard.endpoints.gateway.directory import Directory
from flowyard.endpoints.gateway.ports import DeploymentRoute
from flowyard.tracing.model import SpanRecord

#: Of requests and answers that are longer no sample is kept.
LONGEST_SAMPLE = 64 * 1024

# What a limit of the caller's key refuses never came to the deployment.
_NOT_ITS_OWN = frozenset({"LimitReached", "BudgetSpent", "PriceUnknown"})


class _Tally:
    """The requests of one deployment that have ended."""

    __slots__ = ("durations", "errors", "requests")

    def __init__(self) -> None:
        self.requests = 0
        self.errors: Counter[str] = Counter()
        self.durations: Counter[int] = Counter()


class Tallies:
    """Counts requests by deployment, and is an account of them (see `Account`).

    Args:
        store: where it is told.
        directory: which deployments there are.
        balancer: what is under way.
        gateway: which gateway counts.
    """

    what = "What deployments do"

    def __init__(self, store: FigureStore, directory: Directory, balancer: Balancer, gateway: str) -> None:
        self._store = store
        self._directory = directory
        self._balancer = balancer
        self._gateway = gateway
        self._held: dict[str, _Tally] = {}
        self._told: dict[str, tuple[int, float, int]] = {}
        self._news: list[GatewayCounts] = []
        self._samples: dict[str, list[Sample]] = {}

    def count(self, record: SpanRecord) -> None:
        """Count a finished request to a deployment; other spans are none of it."""
        if record.endpoint is None or record.deployment is None or "flowyard.mirror" in record.attributes:
            return
        failed = record.status == "error"
        if failed and (record.error_type is None or record.error_type in _NOT_ITS_OWN):
            return
        endpoint = self._directory.endpoint(record.workspace_id, record.endpoint)
        deployment = endpoint.deployments.get(record.deployment) if endpoint is not None else None
        # The calls that a flow makes are told as its endpoint's too; requests to models are such calls themselves.
        if deployment is None or (record.kind == "http") == (deployment.kind == "model"):
            return
        tally = self._held.get(deployment.id)
        if tally is None:
            tally = self._held[deployment.id] = _Tally()
        tally.requests += 1
        tally.durations[bucket_of(record.duration_ns / 1e9)] += 1
        if failed:
            tally.errors[record.error_type or ""] += 1

    def offer(self, deployment: DeploymentRoute, request: bytes, answer: bytes) -> None:
        """Keep a request and its answer where a rollout's evaluator wants some."""
        held = self._samples.setdefault(deployment.id, [])
        if len(held) < deployment.sample and max(len(request), len(answer)) <= LONGEST_SAMPLE:
            texts = (request.decode("utf-8", "replace"), answer.decode("utf-8", "replace"))
            held.append(Sample(deployment_id=deployment.id, request=texts[0], answer=texts[1]))

    def rows(self) -> list[GatewayCounts]:
        """Return what has changed since it was told last."""
        found: list[GatewayCounts] = []
        for deployment_id in {*self._held, *self._balancer.known()}:
            tally = self._held.get(deployment_id) or _Tally()
            in_flight, waiting = self._balancer.replicas_of(deployment_id), self._balancer.waiting(deployment_id)
            open_s, under_way = self._balancer.open_s(deployment_id), sum(in_flight.values()) + waiting
            now = (tally.requests, open_s, under_way)
            if self._told.get(deployment_id) == now:
                continue
            self._told[deployment_id] = now
            counts = Counts(
                requests=tally.requests,
                errors=dict(tally.errors),
                durations=dict(tally.durations),
                open_s=open_s,
                in_flight=sum(in_flight.values()),
                waiting=waiting,
                replicas=in_flight,
            )
            found.append(GatewayCounts(deployment_id=deployment_id, gateway=self._gateway, counts=counts))
        return found

    def news(self) -> Callable[[], None] | None:
        """See `Account.news`."""
        self._news = self.rows()
        samples = [sample for held in self._samples.values() for sample in held]
        self._samples.clear()
        return partial(self._store.tell, self._news, samples) if self._news or samples else None

    def untold(self) -> None:
        """See `Account.untold`. Samples are not told again: others will come."""
        for row in self._news:
            self._told.pop(row.deployment_id, None)
