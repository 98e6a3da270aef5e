from __future__ import annotations

from dataclasses import fields, replace
from typing import cast

import pytest

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.limits import Limits

NAMES = [item.name for item in fields(Limits)]
SECONDS = [name for name in NAMES if name.endswith("_s")]


def changed(**values: object) -> Limits:
    return replace(Limits(), **values)  # type: ignore[arg-type]


def test_the_defaults_are_those_of_the_contract() -> None:
    assert Limits() == Limits(
        timeout_s=10,
        total_s=60,
        call_timeout_s=30,
        memory_bytes=536_870_912,
        calls=1000,
        calls_at_once=32,
        call_bytes=8_388_608,
        value_characters=20_000,
        printed_characters=4_000,
        code_bytes=65_536,
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [0, -1, True, "10", None, float("nan"), float("inf"), [1]])
def test_a_limit_that_is_no_number_above_zero_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=name):
        changed(**{name: value})


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SECONDS])
def test_a_count_is_a_whole_number(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} must be a whole number above 0, not 1.5"):
        changed(**{name: 1.5})


@pytest.mark.parametrize("name", NAMES)
def test_one_is_the_least_count(name: str) -> None:
    assert cast("object", getattr(changed(**{name: 1}), name)) == 1


@pytest.mark.parametrize("name", SECONDS)
def test_seconds_may_be_a_fraction(name: str) -> None:
    assert cast("object", getattr(changed(**{name: 0.5}), name)) == 0.5


def test_a_long_wrong_value_is_shown_in_part() -> None:
    with pytest.raises(UsageError) as raised:
        changed(calls="x" * 1000)
    assert str(raised.value) == f"calls must be a whole number above 0, not '{'x' * 39}"
