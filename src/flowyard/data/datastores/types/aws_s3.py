"""A bucket of S3, or of whatever speaks its protocol at an `endpoint`. Without credentials: a public bucket."""

from typing import Any

from flowyard.data.datastores.hosts import check_endpoint
from flowyard.data.datastores.model import Place
from flowyard.data.datastores.objects import CLIENT, RETRIES, ObjectFiles, open_store, provide
from flowyard.data.datastores.ports import Kind

DEFAULT_REGION = "us-east-1"


def _open(place: Place) -> ObjectFiles:
    bucket, prefix = place.configs["bucket_name"], place.configs.get("prefix")
    region = place.configs.get("region") or DEFAULT_REGION
    given = place.configs.get("endpoint")
    endpoint = check_endpoint(given, "endpoint", place.bounds) if given else f"https://s3.{region}.amazonaws.com"
    key = place.secrets.get("access_key_id")
    credential = key and {
        "access_key_id": key,
        "secret_access_key": place.secrets["secret_access_key"],
        "token": place.secrets.get("session_token"),
    }
    name = f"The bucket {bucket!r}"
    made: Any = open_store(
        name,
        lambda store: store.S3Store(
            bucket,
            prefix=prefix,
            region=region,
            endpoint=endpoint,
            virtual_hosted_style_request=False,
            client_options=CLIENT,
            retry_config=RETRIES,
            **provide(credential or None),
        ),
    )
    return ObjectFiles(made, name)


KIND = Kind(
    type="aws_s3",
    configs={"bucket_name": True, "prefix": False, "region": False, "endpoint": False},
    credentials=(("access_key_id", "secret_access_key"),),
    optional_secrets=("session_token",),
    open=_open,
)
