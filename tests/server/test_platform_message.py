"""What ``flowyard up`` was told from outside reaches the processes that it starts."""

from dataclasses import fields
from pathlib import Path

from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.settings import Settings
from flowyard.server.mains.platform import Platform

#: Of the command line and the SDK alone, in the environment of each process, or of the supervisor's own doing.
NOT_HANDED_ON = {"api_key", "log_format", "standby"}


def test_all_settings_reach_the_processes() -> None:
    told = Settings(
        home=Path("/home/flowyard"),
        url="http://127.0.0.1:8800",
        database_url="postgresql://db",
        storage_url="s3://bucket",
        ray_address="ray://head",
        isolation="uid",
        isolation_uids=(7, 9),
        cache_mib=3,
        cache_days=4,
        gateways=2,
        data_roots=(Path("/data"), Path("/mnt/share")),
        data_hosts=frozenset({"minio.internal", "10.0.0.7"}),
        catalog=("/cards", "https://host/cards.git"),
        notebook_address="0.0.0.0:8801",
        notebook_url="https://notebooks.example.org",
    )
    plainly = Settings(home=Path("/"))
    alike = {each.name for each in fields(Settings) if getattr(told, each.name) == getattr(plainly, each.name)}
    assert alike == NOT_HANDED_ON, "give each new setting a value here that is not its default"
    assert told.url is not None
    platform = Platform.of(told, public_url=told.url, server="127.0.0.1:1", supervisor="127.0.0.1:2", supervisor_token="t")
    assert convert(plain(platform), Platform).settings == told
