"""What to say about an import that a snippet can't have."""

from __future__ import annotations

import sys
from collections.abc import Collection
from difflib import get_close_matches

from ioconnect_codemode.policy.names import MODULE_ADVICE
from ioconnect_codemode.policy.namespaces import Namespace, instead_of_member, name_of_namespace

SUBMODULES = frozenset({"collections.abc"})
"""Dotted modules that a facade stands for."""

_MEMBER_ADVICE = {
    "asyncio.get_event_loop": "await at the top level; there is one loop and it runs",
    "asyncio.to_thread": "call it directly, or use parallel(f, items) for capabilities",
    "abc.abstractproperty": "write @property above @abstractmethod",
    "abc.abstractclassmethod": "write @classmethod above @abstractmethod",
    "abc.abstractstaticmethod": "write @staticmethod above @abstractmethod",
    "asyncio.get_running_loop": "await at the top level; there is one loop and it runs",
    "asyncio.new_event_loop": "await at the top level; there is one loop and it runs",
    "asyncio.Runner": "use asyncio.run(main())",
    "collections.UserDict": "derive from dict",
    "collections.UserList": "derive from list",
    "collections.UserString": "derive from str",
    "contextlib.redirect_stderr": "use print(..., file=buffer) with an io.StringIO",
    "contextlib.ContextDecorator": "use contextmanager and a with statement",
    "contextlib.AsyncExitStack": "use ExitStack, or one async with for each manager",
    "contextlib.aclosing": "use try/finally",
    "copy.replace": "use dataclasses.replace",
    "csv.Sniffer": "name the delimiter: csv.reader(lines, delimiter=';')",
    "csv.register_dialect": "give the options themselves: csv.reader(lines, delimiter=';')",
    "dataclasses.make_dataclass": "write a class statement with @dataclass",
    "io.BytesIO": "use bytes or bytearray; io.StringIO holds text",
    "io.open": "call a capability to read data; nothing here reads or writes files",
    "json.JSONDecoder": "use json.loads(text, object_hook=function)",
    "pprint.PrettyPrinter": "use pprint.pprint(x, width=...) or pprint.pformat",
    "string.Formatter": "use text.format(...)",
    "types.MappingProxyType": "use a dict",
    "typing.runtime_checkable": "isinstance(x, ABaseClass) looks at bases; use hasattr(x, name) to look at members",
    "functools.singledispatch": "use isinstance, or a dict from class to function",
    "functools.singledispatchmethod": "use isinstance, or a dict from class to method",
    "json.dump": "use json.dumps; nothing here reads or writes files",
    "json.load": "use json.loads; nothing here reads or writes files",
    "typing.get_type_hints": "annotations are not evaluated; dataclasses.fields names the fields",
}
"""Members that snippets often ask for and facades don't have, and what to use instead."""


def member_advice(namespace: Namespace, name: str) -> str:
    """Give the hint with which a member that a facade lacks is refused: what to use instead, else the nearest name."""
    found = _MEMBER_ADVICE.get(f"{name_of_namespace(namespace)}.{name}")
    return found or MODULE_ADVICE.get(name) or instead_of_member(namespace, name)


def advice(module: str, facades: Collection[str], known: Collection[str] | None) -> str | None:
    """Give the hint with which an import of the module is refused, or None if it may go on.

    A module is a facade, or a namespace: one of `known`. Where the namespaces are not known, only what is certainly
    a module of Python or one that snippets often ask for is refused; the rest is settled when the import runs.
    """
    root, dot, _ = module.partition(".")
    if known is not None and module in known:
        return None
    if root in facades:
        return None if not dot or module in SUBMODULES else f"use `import {root}`"
    for name in (module, root):
        if name in MODULE_ADVICE:
            return MODULE_ADVICE[name]
    if root not in sys.stdlib_module_names and known is None and not dot:
        return None
    near = get_close_matches(module, [*facades, *(known or ())], 1)
    return f"did you mean `{near[0]}`?" if near else "call a capability instead"
