"""The globals of a run: guards, builtins, what the host supplies, and the facades that the snippet asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import SimpleNamespace
from typing import Final

from ioconnect_codemode.language import YIELDING_MODULES
from ioconnect_codemode.policy import guards, names
from ioconnect_codemode.policy.builtins import make_builtins
from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.facades import FACADES
from ioconnect_codemode.policy.formatting import format_value
from ioconnect_codemode.policy.managed import manage
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.open_classes import OpenClasses
from ioconnect_codemode.policy.program import Program

NO_VALUE: Final = object()
"""What a program gives that ends without a value."""


def _hold(*values: object) -> SimpleNamespace:
    return SimpleNamespace(**{f"value_{index}": value for index, value in enumerate(values)})


def _match_field(value: object, name: str) -> object:
    return guards.get_attribute(value, name, NO_VALUE)


_GUARDS: Final[dict[str, object]] = {
    names.READ: guards.read,
    names.READ_FIELD: guards.read_field,
    names.MATCH_FIELD: _match_field,
    names.FORMAT: format_value,
    names.HOLD: SimpleNamespace(values=_hold, exception=Exception),
    names.NOTHING: NO_VALUE,
}


class Imports:
    """What import statements of one run give: facades, made when first asked for, and the host's namespaces."""

    def __init__(self, facades: Collection[str], supplied: Mapping[str, object]) -> None:
        self._facades = facades
        self._supplied = supplied
        self._made: dict[str, Namespace] = {}

    def load(self, module: str) -> object:
        """Give a namespace or a facade.

        Raises:
            ImportError: There is none of that name.
        """
        if isinstance(self._supplied.get(module), Namespace):
            return self._supplied[module]
        if module.partition(".")[0] not in self._facades or module not in FACADES:
            raise ImportError(
                f"No module named {module!r} here; there are the namespaces and {', '.join(sorted(self._facades))}"
            )
        if module not in self._made:
            self._made[module] = FACADES[module]()
        return self._made[module]

    def load_member(self, module: str, name: str) -> object:
        """Give what `from module import name` binds."""
        found = self.load(module)
        try:
            return guards.read(found, name)
        except AttributeError as error:
            raise ImportError(f"cannot import name {name!r}: {error}") from None


def make_globals(
    program: Program, *, supplied: Mapping[str, object], facades: Collection[str], write_line: Callable[..., None]
) -> dict[str, object]:
    """Give fresh globals for one run of the program.

    A facade is bound without an import where the program reads its name and nothing else is bound to it; one whose name
    is a word of data as well only by an import.
    """
    imports = Imports(facades, supplied)
    own = OpenClasses()
    scheduler = current().scheduler
    free = program.free_names - YIELDING_MODULES
    unbound = [name for name in free if name in FACADES and name in facades and name not in supplied]
    return {
        **_GUARDS,
        names.READ_OWN: own.read,
        names.WRITE: own.write,
        names.CREATE_CLASS: own.create,
        names.WAIT: scheduler.wait,
        names.AWAITABLE: scheduler.awaitable,
        names.LATER: scheduler.later,
        names.TWIN: scheduler.twins.add,
        names.CALLED: scheduler.twins.called,
        names.STEPS: scheduler.twins.steps,
        names.MANAGE: manage,
        names.LIMIT: current().reached.passing,
        names.IMPORT: imports.load,
        names.IMPORT_FROM: imports.load_member,
        "__builtins__": make_builtins(write_line),
        "__name__": "snippet",
        **{name: imports.load(name) for name in sorted(unbound)},
        **supplied,
    }
