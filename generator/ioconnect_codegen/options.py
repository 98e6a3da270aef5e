"""Keyword-only arguments that the host reads and no app gets: how many events of a stream are waited for, and how long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ioconnect_codegen.shapes import Note
from ioconnect_codemode.manifest_data import OptionName


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One keyword-only argument.

    Attributes:
        option: What the host does with it; its name too, unless a parameter has that name.
        type: Its type expression.
        default: What holds where it is not given.
        note: Description and constraint.
    """

    option: OptionName
    type: str
    default: int | float
    note: Note

    def name_beside(self, taken: Collection[str]) -> str:
        """Give its name beside parameters: `take_` where one is called `take`."""
        name: str = self.option
        while name in taken:
            name += "_"
        return name


TAKE = (
    Option(option="take", type="int", default=10, note=Note(description="Events to wait for", constraint="1..1000")),
    Option(
        option="timeout_s",
        type="float",
        default=5.0,
        note=Note(description="Seconds after which those that came are given", constraint="above 0"),
    ),
)
"""Of a stream: a bounded list of its events."""
