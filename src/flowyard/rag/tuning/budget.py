"""How long a search may work."""


class Budget:
    """Seconds of work. Those of recorded steps count as they were, so a job that goes on after a crash has not less, and not more.

    Args:
        seconds: how many there are.
    """

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    def add(self, seconds: float) -> None:
        """Count work that was done."""
        self._left -= seconds

    @property
    def spent(self) -> bool:
        """Whether nothing may be begun any more."""
        return self._left <= 0
