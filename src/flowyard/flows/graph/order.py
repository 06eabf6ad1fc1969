"""Topological order and cycles."""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush


def topological_order(dependencies: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names so that each comes after all it depends on, otherwise in the given order. Names on or behind a cycle are left out.

    Args:
        dependencies: for each name, in the order of the file, the names it needs; unknown ones do not count.
    """
    position = {name: index for index, name in enumerate(dependencies)}
    waiting: dict[str, int] = {}
    followers: dict[str, list[str]] = {name: [] for name in dependencies}
    for name, needs in dependencies.items():
        known = {need for need in needs if need in position}
        waiting[name] = len(known)
        for need in known:
            followers[need].append(name)
    ready = [(position[name], name) for name, count in waiting.items() if count == 0]
    heapify(ready)
    order: list[str] = []
    while ready:
        _, name = heappop(ready)
        order.append(name)
        for follower in followers[name]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heappush(ready, (position[follower], follower))
    return order


def find_cycle(dependencies: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Return the names of one cycle in the direction of the data, each feeding the next and the last the first, or None.

    It begins with the name that comes first in the given order.
    """
    done = set(topological_order(dependencies))
    rest = [name for name in dependencies if name not in done]
    if not rest:
        return None
    path: list[str] = []
    current = rest[0]
    while current not in path:
        path.append(current)
        current = next(need for need in dependencies[current] if need in dependencies and need not in done)
    cycle = path[path.index(current) :]
    cycle.reverse()
    first = cycle.index(min(cycle, key=list(dependencies).index))
    return cycle[first:] + cycle[:first]
