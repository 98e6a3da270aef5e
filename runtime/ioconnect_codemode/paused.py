"""Runs that wait for a person's approval, with their logs, in memory and for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from ioconnect_codemode.approval import ApprovalRequest
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.outcome import CallRecord
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.run_log import Opening, RunLog

MOST = 32
"""Runs that may wait at the same time: with full logs they hold a gibibyte."""
_EXPIRED = 256  # of an expired run the snippet, names and states are kept, so that whoever answers late is told


class Paused(NamedTuple):
    """A run that waits.

    Attributes:
        run_id: The run, for observers.
        log: Its log; each call has its answer, or is held.
        requests: What the person is asked.
        catalog: Digest of the catalog that it saw.
        policy: The policy that it ran under.
    """

    run_id: str
    log: RunLog
    requests: tuple[ApprovalRequest, ...]
    catalog: str
    policy: Policy


class Expired(NamedTuple):
    """A run that nobody answered for in time.

    Attributes:
        run_id: The run, for observers.
        opening: What it started from, without the values of its inputs.
        capabilities: What the person was asked about.
        calls: The calls that it had made.
        expires_s: How long it waited.
    """

    run_id: str
    opening: Opening
    capabilities: tuple[str, ...]
    calls: tuple[CallRecord, ...]
    expires_s: float


class PausedRuns:
    """The runs of one process that wait for approval, each under an id that is used once."""

    def __init__(self) -> None:
        self._runs: dict[str, tuple[Paused, asyncio.TimerHandle]] = {}
        self._expired: dict[str, Expired] = {}

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def has_room(self) -> bool:
        """Whether one more may wait."""
        return len(self._runs) < MOST

    def keep(self, paused: Paused) -> str:
        """Keep a run until it is answered for, or expires; gives its id."""
        import secrets

        approval_id = secrets.token_urlsafe(12)
        expires_s = paused.policy.approval.expires_s
        timer = asyncio.get_running_loop().call_later(expires_s, self._expire, approval_id)
        self._runs[approval_id] = paused, timer
        return approval_id

    def requests(self, approval_id: str) -> Sequence[ApprovalRequest]:
        """Give what the person is asked.

        Raises:
            UsageError: No run waits under that id.
        """
        if approval_id not in self._runs:
            raise UsageError(_unknown(approval_id))
        return self._runs[approval_id][0].requests

    def take(self, approval_id: str) -> Paused | Expired:
        """Give the run that waits under an id, which is used up by that.

        Raises:
            UsageError: There never was one, or it was answered for.
        """
        if approval_id in self._runs:
            paused, timer = self._runs.pop(approval_id)
            timer.cancel()
            return paused
        if approval_id in self._expired:
            return self._expired.pop(approval_id)
        raise UsageError(_unknown(approval_id))

    def close(self) -> None:
        """Forget all of them."""
        for _, timer in self._runs.values():
            timer.cancel()
        self._runs.clear()
        self._expired.clear()

    def _expire(self, approval_id: str) -> None:
        paused, _ = self._runs.pop(approval_id)
        opening = paused.log.opening
        paused.log.give_up_held()
        self._expired[approval_id] = Expired(
            run_id=paused.run_id,
            opening=opening._replace(inputs=dict.fromkeys(opening.inputs)),
            capabilities=tuple(dict.fromkeys(request.capability for request in paused.requests)),
            calls=paused.log.records(),
            expires_s=paused.policy.approval.expires_s,
        )
        while len(self._expired) > _EXPIRED:
            del self._expired[next(iter(self._expired))]


def _unknown(approval_id: object) -> str:
    return (
        f"no run waits for approval under {str(approval_id)[:40]!r}: each id is used once, in the process that gave it"
    )
