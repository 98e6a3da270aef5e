"""The random numbers of a run."""

from __future__ import annotations

import random

_SEED_BITS = 256


class Chance(random.Random):
    """Random numbers that go on from themselves where `seed()` would ask the machine: a replay draws the same."""

    def seed(self, a: float | str | bytes | bytearray | None = None, version: int = 2) -> None:  # type: ignore[override]
        """Start anew from a seed, or from the next number."""
        super().seed(self.getrandbits(_SEED_BITS) if a is None else a, version)


def fresh_chance() -> Chance:
    """Give random numbers that nobody can foresee."""
    return Chance(random.SystemRandom().getrandbits(_SEED_BITS))
