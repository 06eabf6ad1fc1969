"""What comes is given once, however late it shows; nothing is given before it is whole or quiet."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from flowyard.client.errors import NoServerError
from flowyard.client.following import REACH_S, Following, Mark

START = 1_795_000_000.0


@dataclass(frozen=True)
class Item:
    """An item that began at `began`, and shows from `shows` on; it is whole from `whole` on."""

    id: str
    began: float
    shows: float
    whole: float = 0.0


class World:
    """A clock that only waiting moves, and a list of what shows by it."""

    def __init__(self, *items: Item) -> None:
        self.now = START
        self.items = items
        self.asked: list[int] = []
        self.away: tuple[float, float] = (0, 0)
        self.told: list[str] = []

    def ask(self, back: int) -> Iterator[Item]:
        if self.away[0] <= self.now < self.away[1]:
            raise NoServerError("It is away.")
        self.asked.append(back)
        return (item for item in self.items if item.shows <= self.now and item.began >= self.now - back)

    def mark(self, item: Item) -> Mark:
        return Mark(id=item.id, began=item.began, ended=item.shows, whole=item.whole <= self.now, state=item.id)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > START + 5 * REACH_S:
            raise TimeoutError

    def following(self) -> Following[Item]:
        return Following(self.ask, self.mark, now=lambda: self.now, sleep=self.sleep, waiting=lambda error: self.told.append(error.message))

    def all(self, first: list[Item] | None = None) -> list[tuple[str, float]]:
        found: list[tuple[str, float]] = []
        items = self.following().items(first=first)
        while True:
            try:
                item = next(items)
            except TimeoutError:
                return found
            found.append((item.id, self.now - START))


def test_what_is_there_is_left_out_and_what_comes_is_given_in_order() -> None:
    world = World(Item("old", START - 5, START - 4), Item("b", START + 2.5, START + 2.6), Item("a", START + 2.2, START + 2.9))
    assert world.all() == [("a", 3), ("b", 3)]


def test_what_is_asked_for_comes_first() -> None:
    old = Item("old", START - 90_000, START - 89_000)
    assert World(old, Item("new", START + 1, START + 1)).all([old]) == [("old", 0), ("new", 1)]


def test_what_takes_long_is_found_when_it_shows() -> None:
    world = World(Item("long", START + 1, START + 500), Item("running", START - 3000, START + 100))
    (running, at), (long, later) = world.all()
    assert (running, long) == ("running", "long")
    assert at < 100 + 220
    assert later < 500 + 40


def test_what_is_not_whole_waits_until_it_is_or_nothing_comes_any_more() -> None:
    world = World(Item("whole", START + 1, START + 2, whole=START + 15), Item("never", START + 1, START + 2, whole=START + 10**6))
    (whole, at), (never, later) = world.all()
    assert (whole, at) == ("whole", 15)
    assert never == "never"
    assert 32 <= later <= 40


def test_a_server_that_is_away_is_asked_again_and_nothing_is_missed() -> None:
    world = World(*(Item(str(number), START + number, START + number) for number in range(1, 400)))
    world.away = (START + 50, START + 350)
    assert [name for name, _ in world.all()] == [str(number) for number in range(1, 400)]
    assert len(world.told) == 300


def test_far_looks_are_rare() -> None:
    world = World()
    world.all()
    assert sum(world.asked) / len(world.asked) < 85, "looks go back 80 seconds in the mean: four scales of 20"
    assert max(world.asked) == REACH_S


@settings(max_examples=40, deadline=None)
@given(items=st.lists(st.tuples(st.floats(-REACH_S, 3 * REACH_S), st.floats(0, REACH_S - 250)), max_size=30, unique_by=lambda pair: pair))
def test_each_is_given_once_and_none_is_missed(items: list[tuple[float, float]]) -> None:
    made = [Item(str(number), START + began, START + began + lasts) for number, (began, lasts) in enumerate(items)]
    given_names = [name for name, _ in World(*made).all()]
    assert sorted(given_names) == sorted(item.id for item in made if item.shows > START)


def test_it_ends_where_its_reader_ends() -> None:
    world = World(*(Item(str(number), START + number, START + number) for number in range(1, 9)))
    assert [item.id for item in islice(world.following().items(), 3)] == ["1", "2", "3"]
