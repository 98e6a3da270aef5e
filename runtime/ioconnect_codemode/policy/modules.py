"""What to say about an import that a snippet can't have."""

from __future__ import annotations

import sys
from collections.abc import Collection
from difflib import get_close_matches

from ioconnect_codemode.language import SAFE_MODULES
from ioconnect_codemode.policy.names import MODULE_ADVICE
from ioconnect_codemode.policy.namespaces import Namespace, instead_of_member, name_of_namespace

SUBMODULES = frozenset({"collections.abc"})
"""Dotted modules that a facade stands for."""

_ALIKE = 0.75  # of the letters of two names: `tools` is no slip of `itertools`
_MEMBER_ADVICE = {
    "abc.abstractclassmethod": "write @classmethod above @abstractmethod",
    "abc.abstractproperty": "write @property above @abstractmethod",
    "abc.abstractstaticmethod": "write @staticmethod above @abstractmethod",
    "asyncio.Condition": "use asyncio.Event or asyncio.Lock",
    "asyncio.Future": "use asyncio.create_task, or asyncio.Event",
    "asyncio.LifoQueue": "use a list: append and pop",
    "asyncio.PriorityQueue": "use a list with heapq.heappush and heapq.heappop",
    "asyncio.Runner": "use asyncio.run(main())",
    "asyncio.Task": "use asyncio.create_task",
    "asyncio.all_tasks": "keep the tasks that create_task gives",
    "asyncio.current_task": "keep the task that create_task gives",
    "asyncio.get_event_loop": "await at the top level; there is one loop and it runs",
    "asyncio.get_running_loop": "await at the top level; there is one loop and it runs",
    "asyncio.new_event_loop": "await at the top level; there is one loop and it runs",
    "asyncio.run_coroutine_threadsafe": "use asyncio.create_task",
    "asyncio.to_thread": "call it directly, or use parallel(f, items) for capabilities",
    "base64.decodebytes": "use base64.b64decode",
    "base64.encodebytes": "use base64.b64encode",
    "calendar.Calendar": "calendar.monthcalendar gives the weeks of a month as lists",
    "calendar.TextCalendar": "calendar.monthcalendar gives the weeks of a month as lists",
    "calendar.month": "calendar.monthcalendar gives the weeks of a month as lists",
    "collections.UserDict": "derive from dict",
    "collections.UserList": "derive from list",
    "collections.UserString": "derive from str",
    "contextlib.AbstractContextManager": "write a class with __enter__ and __exit__",
    "contextlib.AsyncExitStack": "use ExitStack, or one async with for each manager",
    "contextlib.ContextDecorator": "use contextmanager and a with statement",
    "contextlib.aclosing": "use try/finally",
    "contextlib.redirect_stderr": "use print(..., file=buffer) with an io.StringIO",
    "copy.replace": "use dataclasses.replace",
    "csv.Dialect": "give the options themselves: csv.reader(lines, delimiter=';')",
    "csv.Sniffer": "name the delimiter: csv.reader(lines, delimiter=';')",
    "csv.excel": "name it: dialect='excel'",
    "csv.excel_tab": "name it: dialect='excel-tab'",
    "csv.register_dialect": "give the options themselves: csv.reader(lines, delimiter=';')",
    "dataclasses.make_dataclass": "write a class statement with @dataclass",
    "datetime.tzinfo": "use zoneinfo.ZoneInfo, or datetime.timezone",
    "decimal.setcontext": "set getcontext().prec, or use localcontext()",
    "functools.partialmethod": "write a method that calls the other one",
    "functools.singledispatch": "use isinstance, or a dict from class to function",
    "functools.singledispatchmethod": "use isinstance, or a dict from class to method",
    "functools.update_wrapper": "use functools.wraps",
    "io.BytesIO": "use bytes or bytearray; io.StringIO holds text",
    "io.open": "call a capability to read data; nothing here reads or writes files",
    "json.JSONDecoder": "use json.loads(text, object_hook=function)",
    "json.dump": "use json.dumps; nothing here reads or writes files",
    "json.load": "use json.loads; nothing here reads or writes files",
    "pprint.PrettyPrinter": "use pprint.pprint(x, width=...) or pprint.pformat",
    "random.SystemRandom": "use random, or uuid.uuid4()",
    "statistics.NormalDist": "use statistics.mean, statistics.stdev and math.erf",
    "string.Formatter": "use text.format(...)",
    "time.asctime": "use time.strftime('%a %b %d %H:%M:%S %Y')",
    "time.ctime": "use time.strftime('%a %b %d %H:%M:%S %Y', time.localtime(seconds))",
    "time.timezone": "use datetime with zoneinfo.ZoneInfo",
    "types.FunctionType": "use callable(x)",
    "types.GeneratorType": "use isinstance(x, collections.abc.Generator)",
    "types.MappingProxyType": "use a dict",
    "types.NoneType": "use x is None",
    "typing.get_args": "annotations are not evaluated; keep the choices in a tuple or an Enum",
    "typing.get_origin": "annotations are not evaluated",
    "typing.get_type_hints": "annotations are not evaluated; dataclasses.fields names the fields",
    "typing.runtime_checkable": "isinstance(x, ABaseClass) looks at bases; use hasattr(x, name) to look at members",
    "uuid.uuid1": "use uuid.uuid4()",
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
    root, dot, rest = module.partition(".")
    if known is not None and module in known:
        return None
    if known is not None and root in known and dot:
        return f"write `from {root} import {rest}`"
    if root in facades:
        return None if not dot or module in SUBMODULES else f"use `import {root}`"
    for name in (module, root):
        if name in MODULE_ADVICE:
            return MODULE_ADVICE[name]
    if root in SAFE_MODULES:
        left = (
            f"these can be imported: {', '.join(sorted(facades))}"
            if facades
            else "no import is needed for a capability"
        )
        return f"the administrator has switched it off; {left}"
    if root not in sys.stdlib_module_names and known is None and not dot:
        return None
    near = get_close_matches(module, [*facades, *(known or ())], 1, cutoff=_ALIKE)
    if near:
        return f"did you mean `{near[0]}`?"
    if root in sys.stdlib_module_names:
        return "call a capability instead"
    return f'leave it out: namespaces need no import; list_python_definitions("{root[:40]}") finds what there is'
