"""All layers together: every attack on the language, in locked workers of a session, as a model's snippet would arrive.

The other two modes: `test_language.py` runs the same attacks with the language alone, in this process;
`test_raw_attacks.py` runs raw Python with the lock alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from boundaries.attacks import ATTACKS, CONTROLS
from ioconnect_codemode import CodeMode, Limits, Outcome
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import to_json
from journeys.desk import PACKAGE

AT_ONCE = 4
STOPPED = {"not_allowed", "unknown_name", "type_error", "syntax", "snippet_error", "memory"}


def run_all(sources: Sequence[str]) -> list[Outcome]:
    """Give the outcome of each snippet, each in a worker of its own."""

    async def act() -> list[Outcome]:
        slots = asyncio.Semaphore(AT_ONCE)
        limits = Limits(timeout_s=30, total_s=60)
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), limits=limits) as code_mode:

            async def run(source: str) -> Outcome:
                async with slots:
                    return await code_mode.execute_python_code(source)

            return await asyncio.gather(*map(run, sources))

    return asyncio.run(act())


def test_no_attack_reaches_anything_through_a_session() -> None:
    sources = [attack for attacks in ATTACKS.values() for attack in attacks]

    outcomes = run_all(sources)

    for source, outcome in zip(sources, outcomes, strict=True):
        if outcome.error is None:
            assert outcome.value in ("nothing", None, False, ""), source
        else:
            assert outcome.error.kind in STOPPED, (source, outcome.error)


def test_the_legal_thing_next_to_each_family_passes_through_a_session() -> None:
    outcomes = run_all([source for source, _ in CONTROLS.values()])

    assert [outcome.value for outcome in outcomes] == [to_json(value) for _, value in CONTROLS.values()]
