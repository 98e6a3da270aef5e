"""How long the two checks before a run take: the pre-flight check in the worker, and ty's answer when its server is warm.

    python bench/checks.py

On the good and the faulty snippets of `slips_corpus`, each the fastest of some rounds, in one process. ty is asked as a run
asks it, one snippet after the other; it may take 20 ms of a run, and `LIMITS_MS` is what a usual answer has to keep.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import math
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import slips

from ioconnect_codemode import policy, preflight
from ioconnect_codemode.language import HELPERS, SAFE_MODULES
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.preflight import FunctionScope, Scope
from ioconnect_codemode.typecheck import TypeCheck
from ioconnect_codemode.typecheck.installed import ty_command

LIMITS_MS = {"pre-flight": 1.0, "ty, warm": 2.0}
_ROUNDS = 5


def scope_of(manifest: Manifest) -> Scope:
    """Give what the pre-flight check knows where a snippet may use the whole catalog."""
    functions = {
        name: FunctionScope(parameters=entry["parameters"], signature=entry["signature"], returns=entry["returns"])
        for name, entry in manifest.capabilities.items()
    }
    namespaces = {
        namespace: {function: functions[f"{namespace}.{function}"] for function in data["capabilities"]}
        for namespace, data in manifest.namespaces.items()
    }
    short = {name: (full.partition(".")[0], full.partition(".")[2]) for name, full in manifest.global_functions.items()}
    known = (*dir(builtins), *HELPERS, *SAFE_MODULES)
    return Scope(namespaces=namespaces, functions=short, types=manifest.types, known=frozenset(known))


async def best_ms(check: Callable[[str], Awaitable[object]], snippets: Sequence[str]) -> list[float]:
    """Give the fastest time of each snippet, sorted."""
    best = dict.fromkeys(snippets, math.inf)
    for _ in range(_ROUNDS):
        for snippet in snippets:
            started = time.perf_counter()
            await check(snippet)
            best[snippet] = min(best[snippet], (time.perf_counter() - started) * 1000)
    return sorted(best.values())


async def measure() -> dict[str, list[float]]:
    """Give the times of both checks; ty's are missing where there is none."""
    manifest = Manifest.read(slips.PACKAGE)
    snippets = [one for name in (*slips.FAMILIES, "good", *slips.LATER) for one in slips.snippets(name)]
    scope = scope_of(manifest)
    trees = {one: tree for one in snippets if (tree := _parsed(one)) is not None}

    async def before_the_run(snippet: str) -> object:
        return preflight.check(trees[snippet], scope)

    found = {"pre-flight": await best_ms(before_the_run, list(trees))}
    check = TypeCheck(manifest, ty_command())
    if ty_command() is not None:
        await check.findings(snippets[0], is_patient=True)  # starts the server

        async def warm(snippet: str) -> object:
            return await check.findings(snippet, is_patient=True)

        found["ty, warm"] = await best_ms(warm, snippets)
    await check.close()
    return found


def _parsed(snippet: str) -> ast.Module | None:
    try:
        return policy.parse(snippet)
    except policy.Rejected:
        return None


def main() -> int:
    """Print the times; whether each median keeps its limit."""
    held = True
    for name, times in asyncio.run(measure()).items():
        median, limit = statistics.median(times), LIMITS_MS[name]
        held = held and median <= limit
        print(
            f"{name}: median {median:.2f} ms, 95 of 100 within {times[len(times) * 95 // 100]:.2f} ms, "
            f"slowest {times[-1]:.2f} ms of {len(times)} snippets; at most {limit} ms: {'holds' if median <= limit else 'MISSED'}"
        )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
