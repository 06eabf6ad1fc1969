import re

import pytest

from flowyard.endpoints.errors import NameInvalidError, TrafficInvalidError
from flowyard.endpoints.online.names import check_name, check_traffic


@pytest.mark.parametrize("name", ["abc", "a-b", "Support-Bot-2", "a" * 32])
def test_names_that_azure_takes_are_taken(name: str) -> None:
    assert check_name("endpoint", name) == name


@pytest.mark.parametrize("name", ["", "ab", "1ab", "ab-", "-ab", "a_b", "a" * 33, "ä-bc", "abc\n"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(NameInvalidError):
        check_name("endpoint", name)


@pytest.mark.parametrize("traffic", [{}, {"blue": 0}, {"blue": 100}, {"blue": 90, "green": 10}])
def test_splits_that_are_taken(traffic: dict[str, int]) -> None:
    assert check_traffic(traffic, ["blue", "green"]) == traffic


@pytest.mark.parametrize(
    ("traffic", "says"),
    [({"blue": 50}, "sum to 50"), ({"blue": 150, "green": -50}, "0 to 100"), ({"gren": 100}, "no deployment 'gren'.*'green'")],
)
def test_other_splits_say_what_is_wrong(traffic: dict[str, int], says: str) -> None:
    with pytest.raises(TrafficInvalidError) as refused:
        check_traffic(traffic, ["blue", "green"])
    assert re.search(says, str(refused.value))
