"""Drawing by weight. `random.choices` adds the weights up anew for each draw, too slow for many leads."""

from bisect import bisect
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Weighted(Generic[Value]):
    """Values and how often each is drawn, in whole numbers of any sum."""

    def __init__(self, values: tuple[Value, ...], weights: tuple[int, ...]) -> None:
        self.values = values
        self._bounds = list(accumulate(weights))

    def pick(self, random: Random) -> Value:
        """Draw one value."""
        return self.values[bisect(self._bounds, random.random() * self._bounds[-1])]
