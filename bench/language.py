"""Processor time of translated snippets beside plain `exec`, on nine workloads.

    python bench/language.py [--rounds 15]

Both sides of a workload take turns in one run, so that a noisy machine hits them alike; the ratio is that of the best
times. Targets: at most 1.10 on the first six, at most 2.5 on the other three.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from types import CodeType
from typing import Final

from ioconnect_codemode import policy
from ioconnect_codemode.policy.names import MAIN
from ioconnect_codemode.policy.runtime import make_globals

WORKLOADS: Final[dict[str, tuple[float, str]]] = {
    "nested loops in a function": (
        1.10,
        """
def work(n):
    total = 0
    for a in range(n):
        for b in range(n):
            total += a * b % 7
    return total

work(550)
""",
    ),
    "nested loops at module level": (
        1.10,
        """
total = 0
for a in range(400):
    for b in range(400):
        total += a * b % 7
total
""",
    ),
    "group 100k rows in dicts": (
        1.10,
        """
rows = [{"desk": n % 37, "amount": n * 0.5} for n in range(100_000)]
groups = {}
for row in rows:
    groups.setdefault(row["desk"], []).append(row["amount"])
{desk: sum(amounts) for desk, amounts in groups.items()}
""",
    ),
    "string building": (
        1.10,
        """
parts = []
for n in range(60_000):
    parts.append("item " + str(n).upper().strip())
len(",".join(parts).split(","))
""",
    ),
    "sort 100k with a key": (
        1.10,
        """
rows = [{"id": n * 7919 % 100_003, "name": "n"} for n in range(100_000)]
rows.sort(key=lambda row: row["id"])
sorted(rows, key=lambda row: row.get("id"), reverse=True)[0]["id"]
""",
    ),
    "comprehensions": (
        1.10,
        """
squares = [n * n for n in range(150_000) if n % 3]
pairs = {n: str(n) for n in squares if n % 2}
len({value[-1] for value in pairs.values()})
""",
    ),
    "f-strings": (
        2.5,
        """
out = []
for n in range(60_000):
    out.append(f"{n:>8} {n * 0.37:,.2f} {n!r}")
len(out)
""",
    ),
    "d[k] += v": (
        2.5,
        """
counts = {n: 0 for n in range(64)}
for n in range(250_000):
    counts[n & 63] += n
sum(counts.values())
""",
    ),
    "method calls on a snippet's class": (
        2.5,
        """
class Account:
    def __init__(self):
        self.balance = 0
        self._count = 0

    def add(self, amount):
        self.balance += amount
        return self

    def count(self):
        return self._count

account = Account()
for n in range(100_000):
    account.add(n)
    account.count()
account.balance
""",
    ),
}


def main() -> None:
    """Print a line a workload."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print(f"{'workload':36} {'exec ms':>8} {'snippet ms':>10} {'ratio':>6} {'target':>6}")
    for name, (target, source) in WORKLOADS.items():
        plain_s, snippet_s = measure(source, rounds)
        print(f"{name:36} {plain_s * 1e3:8.1f} {snippet_s * 1e3:10.1f} {snippet_s / plain_s:6.2f} {target:6.2f}")


def measure(source: str, rounds: int) -> tuple[float, float]:
    """Give the best times in seconds: plain, translated."""
    code = compile(source, "<plain>", "exec", dont_inherit=True)
    program = policy.translate(policy.parse(source), facades=())
    plain: list[float] = []
    translated: list[float] = []
    for _ in range(rounds):
        plain.append(_timed(lambda: _run_plain(code)))
        translated.append(_timed(lambda: _run_translated(program)))
    return min(plain), min(translated)


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _run_plain(code: CodeType) -> None:
    exec(code, {"__name__": "__main__"})


def _run_translated(program: policy.Program) -> None:
    variables = make_globals(program, supplied={}, facades=(), write_line=print)
    exec(program.code, variables)
    variables[MAIN]()  # type: ignore[operator]


if __name__ == "__main__":
    main()
