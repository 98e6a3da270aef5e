"""What the runs of one opened package share."""

from __future__ import annotations

from typing import NamedTuple, cast

from ioconnect_codemode.admit import Admission
from ioconnect_codemode.approval import OnApproval
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.masking import Masks
from ioconnect_codemode.observers import Observers
from ioconnect_codemode.paused import PausedRuns
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.spreading import Spread
from ioconnect_codemode.transports.base import Direct, Transport


class Setting(NamedTuple):
    """What the runs of one opened package share.

    Attributes:
        manifest: The catalog as policy leaves it.
        policy: The policy in force.
        admission: Admits calls and judges answers.
        transport: Carries the calls.
        observers: Who watches.
        paused: Where runs wait for approval.
        spread: Takes the answers of apps.
        masks: What policy masks, None for nothing.
        on_approval: Asks a person; None where a run that needs approval is paused.
    """

    manifest: Manifest
    policy: Policy
    admission: Admission
    transport: Transport
    observers: Observers
    paused: PausedRuns
    spread: Spread
    masks: Masks | None = None
    on_approval: OnApproval | None = None

    @property
    def direct(self) -> Direct | None:
        """The transport, where its apps may answer at once."""
        begin: object = getattr(self.transport, "begin", None)
        return cast("Direct", self.transport) if callable(begin) else None

    @property
    def pauses_runs(self) -> bool:
        """Whether a run may have to be replayed after an approval."""
        return bool(self.policy.approval.ask) and self.on_approval is None
