"""Schemas at the wire: the authority on what may be sent to an app and what an app has answered.

Validators are compiled once a schema and never fetch anything: references lead inside their own schema or the schema is
refused. `format` is asserted. Findings say path, expected and got; they never show a value. Patterns that backtrack
without end give up and count as not matched.

Two engines stand behind one protocol: jsonschema-rs, some two hundred times faster, and jsonschema for machines that have no
wheel of it. `docs/boundaries.md` lists where their verdicts differ.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from typing import Protocol, cast

from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.findings import Finding, json_kind
from ioconnect_codemode.frames import is_deep
from ioconnect_codemode.values import JsonValue

__all__ = ["Engine", "Finding", "Schema", "Validator", "Validators", "best_engine", "engine_named", "json_kind"]

_REASON = 120  # characters of an engine's own words
LEVELS = 200  # both engines go down by recursion, and a value of 50,000 levels ends the process

Schema = Mapping[str, JsonValue] | bool


class Validator(Protocol):
    """Holds values to one schema."""

    @property
    def fits(self) -> Callable[[JsonValue], bool]:
        """Says whether a value fits; one of more than 200 levels must not be given."""
        ...

    def findings(self, value: JsonValue) -> list[Finding]:
        """Give the first places where the value doesn't fit; an empty list where it fits."""
        ...


Engine = Callable[[Schema], Validator]
"""Compiles a schema.

Raises:
    ValueError: The schema is not valid, or refers to something outside itself.
"""


def best_engine() -> Engine:
    """Give the fast engine where it is installed, else the other one."""
    return engine_named("rust" if importlib.util.find_spec("jsonschema_rs") else "python")


def engine_named(name: str) -> Engine:
    """Give an engine by its name, `rust` or `python`."""
    return cast("Engine", importlib.import_module(f"ioconnect_codemode.validate_{name}").compiled)


class Validators:
    """The validators of a package, compiled on first use and kept by schema.

    Args:
        engine: What compiles them; the best one that is installed where none is given.
    """

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine or best_engine()
        self._compiled: dict[int, tuple[Schema, Validator]] = {}

    def of(self, schema: Schema, *, name: str) -> Validator:
        """Give the validator of a schema of the manifest.

        Args:
            schema: The schema; kept by identity, so pass the manifest's own object.
            name: The capability it belongs to, for the error.

        Raises:
            PackageError: The schema is not valid, or refers to something outside itself.
        """
        kept = self._compiled.get(id(schema))
        if kept is None or kept[0] is not schema:
            kept = self._compiled[id(schema)] = (schema, self._compile(schema, name))
        return kept[1]

    def _compile(self, schema: Schema, name: str) -> Validator:
        try:
            return _Bounded(self._engine(schema))
        except (ValueError, RecursionError) as error:
            reason = str(error).partition("\n")[0][:_REASON]
            raise PackageError(
                f"the schema of {name} can't be used: {reason}; `codemode generate` makes it anew"
            ) from error


class _Bounded:
    """A validator that never sees a value deeper than it can walk, when it is asked what is wrong."""

    __slots__ = ("_validator",)

    def __init__(self, validator: Validator) -> None:
        self._validator = validator

    @property
    def fits(self) -> Callable[[JsonValue], bool]:
        return self._validator.fits

    def findings(self, value: JsonValue) -> list[Finding]:
        if is_deep(value, levels=LEVELS):
            return [Finding(path="$", expected=f"at most {LEVELS} levels", got="more")]
        return self._validator.findings(value)
