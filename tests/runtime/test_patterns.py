from __future__ import annotations

import pytest

from ioconnect_codemode.patterns import can_be_read, matches


@pytest.mark.parametrize(
    ("pattern", "text", "does"),
    [
        ("b", "abc", True),
        ("^b", "abc", False),
        ("c$", "abc\n", False),
        (r"[$]$", "5$", True),
        (r"\$$", "5$", True),
        (r"^\d+$", "٣", False),
        (r"^\w+$", "é", False),
        (r"^[^@]+@[^@]+\.[a-z]{2,}$", "amelia@example.com", True),
        (r"^(\d{3})-(\d{4})$", "555-1234", True),
        (r"^([A-Z]{2}\d{2,4})$", "AB123", True),
        (r"^a\sb[\s]c$", "a\u00a0b\ufeffc", True),
        (r"^a\Sb$", "a\u00a0b", False),
        (r"^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$", "192.0.2.1", True),
        (r"^(?:\+?\d{1,3})?(?:,\d{3})*(?:\.\d+?)?$", "1,234,567.50", True),
    ],
)
def test_a_pattern_means_what_ecma_says(pattern: str, text: str, does: bool) -> None:
    assert matches(pattern, text) is does


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "pattern",
    [
        "^(a?a?)*b$",
        "^(a?){40}a{40}$",
        "(a{1,8}){1,8}(a{1,8}){1,8}b",
        "^(a|aa){60}b$",
        "^(?:a??){40}b$",
        "^(a+)+$",
        "^(a*)*$",
        "^((a|b)*c|d)*$",
        "^(a{1,50}){1,50}$",
        r"^(a|a)*\1$",
        "^(?:(?=a)a|a)*$",
        ".*.*.*.*x",
        "a*a*a*a*a*a*b",
        r"\s+$" * 9,
    ],
)
def test_a_pattern_that_could_take_too_long_is_not_tried(pattern: str) -> None:
    assert matches(pattern, "a" * 5_000) is None


def test_a_long_text_is_matched_where_that_is_cheap() -> None:
    assert matches("^a+$", "a" * 1_000_000) is True


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(?!\s)(?=.*[A-Z])(?=.*\d)(?!.*\s).{8,}$",
        r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[@$!%*?&]).+$",
        r"^(['\"]).*\1$",
        r"^(?!\s*$).+",
    ],
)
def test_what_looks_around_is_gone_through_once_wherever_one_comes_to_it(pattern: str) -> None:
    fits = "'Passw0rd!" + "x" * 4_000 + "'"

    assert matches(pattern, fits) is True
    assert matches(pattern, " ") is False


@pytest.mark.parametrize(("pattern", "can"), [("(", False), ("[a-", False), ("^a$", True), (r"^\p{L}+$", True)])
def test_what_only_ecma_knows_is_a_pattern_that_never_matches(pattern: str, can: bool) -> None:
    assert can_be_read(pattern) is can
    if can and "p{" in pattern:
        assert matches(pattern, "abc") is None
