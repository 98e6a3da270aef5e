"""Names: which ones a snippet may write, which ones only translated code can hold, and what to say about the rest.

Guards and temporary variables are called `<getattr>`, `<held 0>` and so on. No source text can spell such a name,
whatever its Unicode form, so a snippet's own names need no renaming: `_total` stays `_total`. What keeps the private
attributes of host objects out of reach is the read guard, which judges every attribute by the type that owns it.
"""

from __future__ import annotations

from typing import Final

SNIPPET_FILE: Final = "<snippet>"
"""File name in the code of snippets; all host code has another."""

READ: Final = "<getattr>"
READ_FIELD: Final = "<field>"
MATCH_FIELD: Final = "<match field>"
READ_OWN: Final = "<private>"
WRITE: Final = "<setattr>"
FORMAT: Final = "<format>"
MANAGE: Final = "<with>"
IMPORT: Final = "<import>"
IMPORT_FROM: Final = "<import from>"
WAIT: Final = "<wait>"
AWAITABLE: Final = "<awaitable>"
LATER: Final = "<later>"
TWIN: Final = "<twin>"
CALLED: Final = "<called>"
STEPS: Final = "<steps>"
CREATE_CLASS: Final = "<class>"
HOLD: Final = "<hold>"
NOTHING: Final = "<nothing>"
LIMIT: Final = "<limit>"
MAIN: Final = "<main>"

GUARD_NAMES: Final = frozenset(
    {
        READ,
        READ_FIELD,
        MATCH_FIELD,
        READ_OWN,
        WRITE,
        FORMAT,
        MANAGE,
        IMPORT,
        IMPORT_FROM,
        WAIT,
        AWAITABLE,
        LATER,
        TWIN,
        CALLED,
        STEPS,
        CREATE_CLASS,
        HOLD,
        NOTHING,
        LIMIT,
    }
)
"""What translated code reads from its globals besides the snippet's own names."""

METHODS: Final = frozenset(
    [
        "__init__",
        "__post_init__",
        "__repr__",
        "__str__",
        "__eq__",
        "__ne__",
        "__lt__",
        "__le__",
        "__gt__",
        "__ge__",
        "__hash__",
        "__bool__",
        "__len__",
        "__iter__",
        "__next__",
        "__reversed__",
        "__getitem__",
        "__setitem__",
        "__delitem__",
        "__contains__",
        "__missing__",
        "__call__",
        "__enter__",
        "__exit__",
        "__aenter__",
        "__aexit__",
        "__aiter__",
        "__anext__",
        "__await__",
        "__add__",
        "__radd__",
        "__iadd__",
        "__sub__",
        "__rsub__",
        "__isub__",
        "__mul__",
        "__rmul__",
        "__imul__",
        "__truediv__",
        "__rtruediv__",
        "__floordiv__",
        "__rfloordiv__",
        "__mod__",
        "__rmod__",
        "__divmod__",
        "__pow__",
        "__rpow__",
        "__matmul__",
        "__and__",
        "__rand__",
        "__or__",
        "__ror__",
        "__xor__",
        "__rxor__",
        "__lshift__",
        "__rshift__",
        "__neg__",
        "__pos__",
        "__abs__",
        "__invert__",
        "__int__",
        "__float__",
        "__index__",
        "__round__",
        "__trunc__",
        "__floor__",
        "__ceil__",
    ]
)
"""The special methods a snippet's class may define: operators, containers, contexts, text. None of them is a hook into
attribute lookup, class creation, formatting, copying or destruction."""

READABLE_SPECIAL: Final = frozenset({"__name__", "__qualname__", "__class__", "__doc__", "__dict__", "__members__"})
"""Special attributes that can be read: the guard answers with text, a plain class, the members of an enumeration, or what
an object of the snippet's own holds; on anything else there is no such attribute."""

WRITABLE_SPECIAL: Final = frozenset({"__name__", "__qualname__", "__doc__"})
"""Special attributes that can be set, on functions of the snippet's own: what decorators write."""

DICT_METHODS: Final = frozenset(
    {"items", "keys", "values", "get", "pop", "copy", "update", "clear", "setdefault", "popitem", "fromkeys"}
)
"""Attribute names that mean a field of a record where one is declared, unless they are called."""

BUILTIN_ADVICE: Final = {
    "eval": "write the expression itself; json.loads reads data",
    "exec": "write the statements themselves",
    "compile": "write the code itself; re.compile compiles a pattern",
    "open": "call a capability to read data; nothing here reads or writes files",
    "input": "what the user gave is in the inputs; nobody can be asked while a snippet runs",
    "globals": "use the names themselves, or a dict of your own",
    "locals": "use the names themselves, or a dict of your own",
    "dir": "the definitions list what a value has",
    "help": "the definitions say what a function does",
    "exit": "use a top-level return",
    "quit": "use a top-level return",
    "breakpoint": "print the value instead",
    "memoryview": "use bytes",
    "BaseException": "use Exception",
    "BaseExceptionGroup": "use Exception",
    "ExceptionGroup": "raise one exception; gather(..., return_exceptions=True) gives several",
    "SystemExit": "use a top-level return",
    "KeyboardInterrupt": "use Exception",
    "GeneratorExit": "use try/finally in the generator",
}
"""Builtins of Python that snippets don't have, and what to write instead."""

ATTRIBUTE_ADVICE: Final = {
    "__dict__": "it can be read on objects of the snippet's own classes; use dict(record)",
    "__len__": "use len(x)",
    "__iter__": "use iter(x)",
    "__next__": "use next(x)",
    "__getitem__": "use x[key]",
    "__setitem__": "use x[key] = value",
    "__contains__": "use key in x",
    "__str__": "use str(x)",
    "__repr__": "use repr(x)",
    "__eq__": "use ==",
    "__call__": "call x(...) itself",
    "__enter__": "use a with statement",
    "__getattr__": "use a dict, or a method",
    "__new__": "use __init__ or a function that builds the object",
    "__traceback__": "use type(e).__name__ and str(e)",
    "__cause__": "use type(e).__name__ and str(e)",
    "__context__": "use type(e).__name__ and str(e)",
    "__format__": "define a method that gives the text",
    "__del__": "use try/finally or a with statement",
}
"""Special names that snippets don't have, and what to write instead."""

MODULE_ADVICE: Final = {
    "os": "call a capability instead",
    "sys": "call a capability instead; a top-level return ends the snippet",
    "subprocess": "call a capability instead",
    "pathlib": "call a capability instead; nothing here reads or writes files",
    "shutil": "call a capability instead; nothing here reads or writes files",
    "io": "collect text in a list and ''.join it",
    "codecs": "use text.encode() and data.decode()",
    "csv": "split the text, or build it with ','.join",
    "socket": "call a capability instead; there is no network here",
    "urllib": "call a capability instead; there is no network here",
    "http": "call a capability instead; there is no network here",
    "requests": "call a capability instead; there is no network here",
    "httpx": "call a capability instead; there is no network here",
    "aiohttp": "call a capability instead; there is no network here",
    "threading": "use asyncio.gather",
    "multiprocessing": "use asyncio.gather",
    "concurrent": "use asyncio.gather",
    "pandas": "use lists of dicts, collections and statistics",
    "numpy": "use lists, math and statistics",
    "dateutil": "use datetime.fromisoformat or datetime.strptime",
    "pytz": "use zoneinfo.ZoneInfo",
    "pydantic": "use dataclasses",
    "pickle": "use json",
    "traceback": "use type(e).__name__ and str(e)",
    "inspect": "the definitions say what a function takes",
    "importlib": "write an import statement",
    "builtins": "use the names themselves",
    "types": "use a dataclass or a dict",
    "abc": "raise NotImplementedError in the base class",
    "logging": "use print",
    "pprint": "use print, or json.dumps(x, indent=2)",
    "secrets": "use uuid.uuid4()",
}
"""Modules that snippets often import and don't have, and what to use instead."""


def is_special(name: str) -> bool:
    """Whether the name is of the form `__name__`, which Python keeps for itself."""
    return name.startswith("__") and name.endswith("__")


def mangled(name: str, class_name: str | None) -> str:
    """Give the attribute name that Python makes of `__name` inside a class: `_Class__name`."""
    if class_name is None or not name.startswith("__") or name.endswith("__"):
        return name
    owner = class_name.lstrip("_")
    return f"_{owner}{name}" if owner else name
