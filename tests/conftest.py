"""Rules of the whole suite: where `FAIL_ON_SKIP` is set, a skipped test fails the run; no drawn example has a deadline."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("whatever the machine's load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whatever the machine's load")

ALLOWED_SKIPS: dict[str, str] = {}
"""Test id to the reason why it may be skipped even there; empty: nothing may."""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that must be complete and is not."""
    skipped = _skipped(session)
    if os.environ.get("FAIL_ON_SKIP") and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was skipped, and that it fails the run where it does."""
    reports = terminalreporter.getreports("skipped")
    unexpected = [report.nodeid for report in reports if report.nodeid not in ALLOWED_SKIPS]
    if unexpected and os.environ.get("FAIL_ON_SKIP"):
        terminalreporter.write_line(f"FAILED: {len(unexpected)} tests were skipped, and none may be", red=True)
    elif unexpected:
        terminalreporter.write_line(
            f"NOT COMPLETE: {len(unexpected)} tests were skipped; the reasons stand above", yellow=True
        )


def _skipped(session: pytest.Session) -> list[str]:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not isinstance(reporter, pytest.TerminalReporter):
        return []
    return [report.nodeid for report in reporter.getreports("skipped") if report.nodeid not in ALLOWED_SKIPS]
