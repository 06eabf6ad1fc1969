"""Collected data of endpoints, from Python."""

from collections.abc import Sequence
from urllib.parse import quote

from flowyard.client.transport import Target, Transport
from flowyard.wire.collected_data import CollectedAsset, CollectedData, CollectedForm, CollectedFormat
from flowyard.wire.data import DataAsset
from flowyard.wire.shared import Page


class CollectedDataOf:
    """What the workspace's deployments collected."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, endpoint: str, *, deployment: str | None = None, since: str | None = None, until: str | None = None
    ) -> Sequence[CollectedData]:
        """Return what each collection of each deployment of an endpoint holds; times as ``2h``, or RFC 3339.

        Without a time it is what came in the last 24 hours.
        """
        params = {"deployment": deployment, "since": since, "until": until}
        return self._transport.get(_path(endpoint), Page[CollectedData], params=params).items

    def export(self, endpoint: str, target: Target, asked: CollectedAsset, *, fmt: CollectedFormat = "jsonl") -> None:
        """Write collected data to `target`, an open file.

        Args:
            endpoint: whose.
            target: the file.
            asked: what; the fields about an asset do not count.
            fmt: JSON lines or Parquet.

        Raises:
            RemoteError: a time cannot be read.
            NoServerError: the answer broke off.
        """
        form: CollectedForm = asked.form
        params = {"deployment": asked.deployment, "since": asked.since, "until": asked.until, "limit": asked.limit}
        params |= {"collection": list(asked.collections), "form": form, "format": fmt}
        self._transport.download(f"{_path(endpoint)}/export", target, params=params)

    def keep(self, endpoint: str, asked: CollectedAsset) -> DataAsset:
        """Make a version of a data asset of collected data.

        Raises:
            RemoteError: nothing was collected, or the version is there.
        """
        return self._transport.post(f"{_path(endpoint)}/asset", DataAsset, body=asked)


def _path(endpoint: str) -> str:
    return f"endpoints/{quote(endpoint, safe='')}/collected-data"
