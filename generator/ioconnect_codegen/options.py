"""Keyword-only arguments that the host reads and no app gets.

Of a stream how many events are waited for, and how long; of what several apps offer which of them is called.
"""

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
    default: int | float | str
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

TARGET = Option(
    option="target",
    type="str | list[str]",
    default="best",
    note=Note(
        description="Which apps are called",
        constraint="'best', an app, an instance; 'all' or a list give a dict of results by target",
    ),
)
"""Of what several apps, or several instances of one, offer."""

WAIT = Option(
    option="wait_for_s",
    type="float",
    default=0.0,
    note=Note(description="Seconds to wait for an app that offers it"),
)
"""Of what may not be there yet."""
