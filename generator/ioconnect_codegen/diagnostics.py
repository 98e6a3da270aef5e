"""What could not be read in a source, without stopping the generation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ioconnect_codegen.prose import one_line

Kind: TypeAlias = Literal["unread", "contradiction", "renamed", "not_offered"]

_WINDOW = 60  # characters of a long text that are shown around the caret


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One thing that was read as `anything`, or that two sources say differently.

    Attributes:
        where: The place in the environment, `CRM.FindClients accepts` for instance.
        message: What was found, and what was made of it.
        text: The text that was read, where a position makes sense in it.
        position: Offset in `text` of what the message is about.
        kind: `unread`: could not be read; `contradiction`: two sources differ; `renamed`: its Python name
            is not made from its own alone; `not_offered`: the platform could, this project can't.
    """

    where: str
    message: str
    text: str = ""
    position: int = 0
    kind: Kind = "unread"

    def __str__(self) -> str:
        """Give the message and, below it, the text with a caret."""
        where, message = one_line(self.where, limit=200), one_line(self.message)
        if not self.text:
            return f"{where}: {message}"
        start = max(0, self.position - _WINDOW // 2)
        shown = "".join(c if c.isprintable() else " " for c in self.text[start : start + _WINDOW])
        return (
            f"{self.where}, column {self.position + 1}: {self.message}\n  {shown}\n  {' ' * (self.position - start)}^"
        )
