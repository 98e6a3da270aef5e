"""Facades about numbers: math, numbers, statistics, random, decimal, fractions."""

from __future__ import annotations

import decimal
import fractions
import math
import numbers
import random
import statistics
from collections.abc import Callable, Iterable
from typing import Final, cast

from ioconnect_codemode.policy.chance import Chance
from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.shown import READABLE

_STATISTICS: Final = [
    "mean",
    "fmean",
    "geometric_mean",
    "harmonic_mean",
    "median",
    "median_low",
    "median_high",
    "median_grouped",
    "mode",
    "multimode",
    "stdev",
    "pstdev",
    "variance",
    "pvariance",
    "quantiles",
    "covariance",
    "correlation",
    "linear_regression",
    "StatisticsError",
]
_OF_NUMBERS: Final = ("mean", "harmonic_mean", "stdev", "pstdev", "variance", "pvariance")
_REAL: Final = (int, float, decimal.Decimal, fractions.Fraction)
_RANDOM: Final = [
    "random",
    "randint",
    "randrange",
    "choice",
    "choices",
    "shuffle",
    "sample",
    "uniform",
    "triangular",
    "gauss",
    "normalvariate",
    "expovariate",
    "betavariate",
    "lognormvariate",
    "paretovariate",
    "weibullvariate",
    "gammavariate",
    "randbytes",
    "getrandbits",
    "seed",
]
_DECIMAL: Final = [
    "Decimal",
    "ROUND_HALF_UP",
    "ROUND_HALF_EVEN",
    "ROUND_HALF_DOWN",
    "ROUND_UP",
    "ROUND_DOWN",
    "ROUND_CEILING",
    "ROUND_FLOOR",
    "ROUND_05UP",
    "InvalidOperation",
    "DivisionByZero",
    "DecimalException",
    "Inexact",
    "Rounded",
    "Context",
    "getcontext",
    "localcontext",
]

_TOWER: Final = ("Number", "Complex", "Real", "Rational", "Integral")

READABLE[Chance] = READABLE[random.Random]


def math_facade() -> Namespace:
    """All of `math`: it is functions of numbers and a few constants."""
    return Namespace("math", {name: getattr(math, name) for name in dir(math) if not name.startswith("_")})


def numbers_facade() -> Namespace:
    """`numbers`: for `isinstance`, and for annotations."""
    return Namespace("numbers", {name: getattr(numbers, name) for name in _TOWER})


def statistics_facade() -> Namespace:
    """`statistics`, without `NormalDist`."""
    members: dict[str, object] = {name: getattr(statistics, name) for name in _STATISTICS}
    return Namespace("statistics", {**members, **{name: _of_numbers(members[name]) for name in _OF_NUMBERS}})


def _of_numbers(function: object) -> Callable[..., object]:
    """Have a function of `statistics` given plain numbers.

    It makes its result by the type of the numbers. Of a class in their place that is `type`, which then gives the class of
    what an operator of the snippet's has given.
    """

    def call(*args: object, **kwargs: object) -> object:
        named = {name: _numbers(value) for name, value in kwargs.items()}
        return cast("Callable[..., object]", function)(*map(_numbers, args), **named)

    return call


def _numbers(given: object) -> object:
    if given is None or isinstance(given, _REAL):
        return None if given is None else _number(given)
    return [_number(one) for one in cast("Iterable[object]", given)]


def _number(value: object) -> object:
    if not isinstance(value, _REAL):
        raise TypeError(f"can't convert type '{type(value).__name__}' to numerator/denominator")
    if type(value) in _REAL:
        return value
    return int.__int__(value) if isinstance(value, int) else float.__float__(cast(float, value))


def random_facade() -> Namespace:
    """`random`, on a generator of this run's own."""
    chance = current().chance

    def make(seed: float | str | bytes | None = None) -> random.Random:
        return Chance(chance.getrandbits(64) if seed is None else seed)

    return Namespace("random", {**{name: getattr(chance, name) for name in _RANDOM}, "Random": make})


def decimal_facade() -> Namespace:
    """`decimal`, with a context of this run's own."""
    decimal.setcontext(decimal.DefaultContext.copy())
    return Namespace("decimal", {name: getattr(decimal, name) for name in _DECIMAL})


def fractions_facade() -> Namespace:
    """`fractions`."""
    return Namespace("fractions", {"Fraction": fractions.Fraction})
