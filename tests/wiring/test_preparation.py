from pathlib import Path

import pytest

from flowyard.foundation.codecs import decode
from flowyard.foundation.credentials import Credentials, credentials_path
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.settings import read_settings
from flowyard.wiring.preparation import DEMO_FLOWS, prepare


def test_a_new_home_has_an_owner_a_key_and_the_demo_flows(tmp_path: Path) -> None:
    settings = read_settings({}, home=tmp_path)
    prepared = prepare(settings, "http://127.0.0.1:8800")
    assert prepared.is_new
    assert prepared.sign_in_url.startswith("http://127.0.0.1:8800/sign-in#token=")
    assert credentials_path(tmp_path).stat().st_mode & 0o777 == 0o600
    flows = {path.name for path in (tmp_path / "workspaces/default/flows").iterdir()}
    assert flows == {name for name, _ in DEMO_FLOWS}


def test_the_next_start_keeps_the_key_and_what_the_user_deleted_stays_deleted(tmp_path: Path) -> None:
    settings = read_settings({}, home=tmp_path)
    prepare(settings, "http://127.0.0.1:8800")
    first = decode(credentials_path(tmp_path).read_bytes(), Credentials)
    for path in (tmp_path / "workspaces/default/flows/demo").iterdir():
        path.unlink()
    (tmp_path / "workspaces/default/flows/demo").rmdir()
    again = prepare(settings, "http://127.0.0.1:9900")
    second = decode(credentials_path(tmp_path).read_bytes(), Credentials)
    assert not again.is_new
    assert second == Credentials(url="http://127.0.0.1:9900", api_key=first.api_key, workspace="default")
    assert not (tmp_path / "workspaces/default/flows/demo").exists()


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("FLOWYARD_RAY_ADDRESS", "ray://head:10001", "FLOWYARD_RAY_ADDRESS"),
        ("FLOWYARD_STORAGE_URL", "ftp://host/folder", "no address of an object store"),
        ("FLOWYARD_STORAGE_URL", "s3://user:secret@bucket", "'s3://bucket'"),
        ("FLOWYARD_STORAGE_URL", "/srv/storage", "no address of an object store"),
    ],
)
def test_a_setting_that_could_not_be_honoured_is_refused(tmp_path: Path, variable: str, value: str, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says) as caught:
        prepare(read_settings({variable: value}, home=tmp_path), "http://127.0.0.1:8800")
    assert "secret" not in str(caught.value)
