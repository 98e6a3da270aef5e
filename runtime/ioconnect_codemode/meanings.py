"""What a snippet's free names mean: what is always known, what the host has answered, what a zygote has loaded ahead."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NoReturn, cast

from ioconnect_codemode import policy, preflight
from ioconnect_codemode.frames import decode_trusted
from ioconnect_codemode.policy.groups import parallel
from ioconnect_codemode.rehearsal import KEY
from ioconnect_codemode.stubs import Caller, bind, load, prepare

if TYPE_CHECKING:
    import types

    from ioconnect_codemode.manifest_data import ParameterData, TypeData

_OF_SITE = ("copyright", "credits", "exit", "help", "license", "quit")  # what the module `site` adds to the builtins
_ALWAYS_KNOWN: Final = frozenset((*dir(builtins), *_OF_SITE, *policy.BUILTIN_NAMES, "parallel"))


class Known(Collection[str]):
    """The names that mean something without the catalog.

    Python's own builtins are among them: of those that a snippet can't have, the policy speaks. They are asked one by
    one, never copied: in a forked process a copy of 300 names is the copy of 80 pages.
    """

    def __init__(self, facades: Collection[str], inputs: Collection[str]) -> None:
        self._parts = (_ALWAYS_KNOWN, facades, inputs)

    def __contains__(self, name: object) -> bool:
        return any(name in part for part in self._parts)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for part in self._parts for name in part))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Names:
    """What the host says that a snippet's free names mean: namespaces, functions and types, by an answer to `need`.

    Args:
        message: The answer; an empty one where nothing was asked.
        known: What is known besides.

    Attributes:
        were_asked: Whether there is an answer.
        entries: What the host says of functions, by full name; of those known ahead there may be more.
        scope: What a check reads.
    """

    def __init__(self, message: Mapping[str, object], known: Collection[str]) -> None:
        self.were_asked = bool(message)
        self.entries: Mapping[str, Mapping[str, object]] = {}
        if not message:
            self.scope = preflight.Scope(known=known)
            return
        if "parts" in message:
            message = _whole(message)
        self._code = cast("dict[str, types.CodeType]", message.get("modules", {}))
        self._modules: dict[str, types.ModuleType] | None = None
        self._namespaces = cast("dict[str, dict[str, object]]", message.get("namespaces", {}))
        self._functions = cast("dict[str, str]", message.get("functions", {}))
        self.entries = entries = cast("dict[str, dict[str, object]]", message.get("entries", {}))
        self.scope = preflight.Scope(
            namespaces={
                name: {
                    function: preflight.FunctionScope(
                        parameters=cast("list[ParameterData]", entries[f"{name}.{function}"]["parameters"]),
                        signature=cast("str", entries[f"{name}.{function}"]["signature"]),
                        returns=cast("str", entries[f"{name}.{function}"]["returns"]),
                    )
                    for function in cast("list[str]", namespace["functions"])
                }
                for name, namespace in self._namespaces.items()
            },
            functions={
                name: (full.partition(".")[0], full.partition(".")[2]) for name, full in self._functions.items()
            },
            types=cast("dict[str, TypeData]", message.get("types", {})),
            known=known,
            near=cast("dict[str, list[str]]", message.get("unknown", {})),
        )

    def part(self, names: Collection[str], types_of: Mapping[str, Sequence[str]], known: Collection[str]) -> Names:
        """Give what is here of these names, as if the host had been asked for them and for nothing else."""
        functions = {name: self._functions[name] for name in names if name not in self._namespaces}
        namespaces = dict.fromkeys(
            [
                *(name for name in names if name in self._namespaces),
                *(one.partition(".")[0] for one in functions.values()),
            ]
        )
        made = Names({}, known)
        made.were_asked = True
        made._modules = self._modules
        made._namespaces = {name: self._namespaces[name] for name in namespaces}
        made._functions = functions
        made.entries = self.entries
        made.scope = preflight.Scope(
            namespaces={name: self.scope.namespaces[name] for name in namespaces},
            functions={name: self.scope.functions[name] for name in functions},
            types={one: self.scope.types[one] for name in namespaces for one in types_of[name]},
            known=known,
        )
        return made

    def load(self, caller: Caller, masks: Mapping[str, Sequence[str]]) -> Collection[types.ModuleType]:
        """Load the stub modules, or give those that are loaded to a caller."""
        if self._modules is None:
            self._modules = load(self._code, caller, masks=masks)
        else:
            bind(self._modules, caller)
        return self._modules.values()

    def bound(self, caller: Caller, masks: Mapping[str, Sequence[str]]) -> dict[str, object]:
        """Load the stub modules and give what the snippet's names are bound to."""
        names: dict[str, object] = {"parallel": parallel}
        if not self.were_asked:
            return names
        self.load(caller, masks)
        modules = cast("dict[str, types.ModuleType]", self._modules)
        for name, namespace in self._namespaces.items():
            module = modules[cast("str", namespace["module"])]
            members = {function: getattr(module, function) for function in cast("list[str]", namespace["functions"])}
            records = {one: getattr(module, one) for one in self.scope.types if hasattr(module, one)}
            names[name] = policy.Namespace(name, {**records, **members})
        for name, full in self._functions.items():
            owner, _, function = full.partition(".")
            names[name] = getattr(modules[cast("str", self._namespaces[owner]["module"])], function)
        return names


def _whole(message: Mapping[str, object]) -> dict[str, object]:
    """Give a large answer, which comes in encoded parts, as one that came in one."""
    whole: dict[str, dict[str, object]] = {"modules": {}, "namespaces": {}, "entries": {}, "types": {}}
    for part in cast("list[bytes]", message["parts"]):
        for name, found in decode_trusted(part).items():
            whole[name].update(cast("dict[str, object]", found))
    return {**message, **whole}


class Ahead:
    """What a zygote has loaded of a catalog before its workers need it."""

    def __init__(self, message: Mapping[str, object]) -> None:
        self.key = cast("str", message["key"])
        self._names = Names(message, ())
        self._types_of = cast("dict[str, list[str]]", message["types_of"])
        self._has = frozenset((*self._names.scope.namespaces, *self._names.scope.functions))
        for module in self._names.load(_called_too_early, cast("dict[str, list[str]]", message["masks"])):
            prepare(module)

    def names(self, wanted: Collection[str], known: Collection[str]) -> Names | None:
        """Give what these names mean; None where one of them is not here, and the host is to be asked."""
        return self._names.part(wanted, self._types_of, known) if self._has.issuperset(wanted) else None


_ahead: dict[str, Ahead] = {}  # of a zygote and the workers that it forks: its rehearsal's, and one catalog's


def learn(message: Mapping[str, object]) -> None:
    """Load what `lookup.ahead_message` gave, in a zygote, for the workers that it forks from now on."""
    learnt = Ahead(message)
    for key in [key for key in _ahead if key != KEY]:
        del _ahead[key]
    _ahead[learnt.key] = learnt


def known_ahead(key: str | None, wanted: Collection[str], known: Collection[str]) -> Names | None:
    """Give what names mean in the catalog of a key; None where it isn't known, or has not all of them."""
    ahead = None if key is None else _ahead.get(key)
    return None if ahead is None else ahead.names(wanted, known)


def knows(key: str) -> bool:
    """Whether the catalog of a key is known ahead."""
    return key in _ahead


def _called_too_early(name: str, arguments: Mapping[str, object], returns: object) -> NoReturn:
    raise RuntimeError(f"{name} was called before there was a run")
