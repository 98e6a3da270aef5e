"""Peers of the sandbox: each run gets fresh variables, as ours does; none of them is a dependency."""

from __future__ import annotations

import importlib
import importlib.util
import time
from typing import Any

PEERS = {"pydantic-monty": "pydantic_monty", "smolagents": "smolagents"}


def what_is_missing() -> list[str]:
    """Name the peers that are not installed."""
    return [name for name, module in PEERS.items() if importlib.util.find_spec(module) is None]


def monty_times(code: str, runs: int, *, rest_s: float = 0.0) -> list[float]:
    """Time a snippet on monty's blocking pool, its fastest: a worker is checked out, fed and given back, then rests."""
    with _monty() as pool:
        times: list[float] = []
        for _ in range(runs + 5):
            time.sleep(rest_s)
            started = time.perf_counter()
            with pool.checkout() as session:
                session.feed_run(code)
            times.append((time.perf_counter() - started) * 1000)
    return times[5:]


def monty_cold(runs: int) -> list[float]:
    """Time a new pool and its first snippet."""
    times: list[float] = []
    for _ in range(runs):
        started = time.perf_counter()
        times.append((monty_once() - started) * 1000)
    return times[1:]


def monty_once() -> float:
    """Run a first snippet on a new pool, and give the moment of its result."""
    with _monty() as pool, pool.checkout() as session:
        session.feed_run("1 + 1")
        return time.perf_counter()


def smolagents_times(code: str, runs: int) -> list[float]:
    """Time a snippet in smolagents' local executor, made anew for each run."""
    local: Any = importlib.import_module("smolagents.local_python_executor")
    times: list[float] = []
    for _ in range(runs + 5):
        started = time.perf_counter()
        executor = local.LocalPythonExecutor([])
        executor.send_tools({})
        executor(code)
        times.append((time.perf_counter() - started) * 1000)
    return times[5:]


def _monty() -> Any:
    monty: Any = importlib.import_module("pydantic_monty")
    return monty.Monty()
