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
        "__itruediv__",
        "__floordiv__",
        "__rfloordiv__",
        "__ifloordiv__",
        "__mod__",
        "__rmod__",
        "__imod__",
        "__divmod__",
        "__rdivmod__",
        "__pow__",
        "__rpow__",
        "__ipow__",
        "__matmul__",
        "__rmatmul__",
        "__imatmul__",
        "__and__",
        "__rand__",
        "__iand__",
        "__or__",
        "__ror__",
        "__ior__",
        "__xor__",
        "__rxor__",
        "__ixor__",
        "__lshift__",
        "__rlshift__",
        "__ilshift__",
        "__rshift__",
        "__rrshift__",
        "__irshift__",
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
        "__complex__",
        "__bytes__",
        "__format__",
    ]
)
"""The special methods a snippet's class may define: operators, containers, contexts, text. None of them is a hook into
attribute lookup, class creation, copying or destruction."""

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
    "BaseExceptionGroup": "use ExceptionGroup",
    "SystemExit": "use a top-level return",
    "KeyboardInterrupt": "use Exception",
    "GeneratorExit": "use try/finally in the generator",
}
"""Builtins of Python that snippets don't have, and what to write instead."""

ATTRIBUTE_ADVICE: Final = {
    "__dict__": "it can be read on objects of the snippet's own classes; use dict(record)",
    "_asdict": "a record is a dict already: dict(x); of a dataclass dataclasses.asdict(x)",
    "__len__": "use len(x)",
    "__iter__": "use iter(x)",
    "__next__": "use next(x)",
    "__getitem__": "use x[key], or lambda key: x[key]",
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
    "__cause__": "keep the first error yourself: give it to the second as an argument",
    "__context__": "keep the first error yourself: give it to the second as an argument",
    "__notes__": "keep the notes in a list of your own",
    "__suppress_context__": "use type(e).__name__ and str(e)",
    "__del__": "use try/finally or a with statement",
    "__getattribute__": "use a dict, or a method",
    "__setattr__": "use a property with a setter; object.__setattr__(self, name, value) sets a field that is frozen",
    "__delattr__": "use del x.name",
    "__get__": "use property or functools.cached_property",
    "__set__": "use a property with a setter",
    "__delete__": "use a property with a deleter",
    "__set_name__": "use a property, or give the name as an argument",
    "__init_subclass__": "use a class decorator that does what is to be done for each class",
    "__class_getitem__": "derive from typing.Generic[T]",
    "__instancecheck__": "use isinstance with a base class, or a function",
    "__subclasscheck__": "use isinstance with a base class, or a function",
    "__subclasshook__": "use isinstance with a base class, or a function",
    "__subclasses__": "keep a list of the classes, filled by a class decorator",
    "__base__": "use isinstance or issubclass",
    "__bases__": "use isinstance or issubclass",
    "__mro__": "use isinstance or issubclass",
    "__match_args__": "use a dataclass: a case can then name its fields by position",
    "__dataclass_fields__": "use dataclasses.fields(x)",
    "__annotations__": "annotations are not evaluated; dataclasses.fields(x) names the fields",
    "__module__": "every class here is of the snippet; leave it out",
    "__dir__": "vars(x) gives what an object holds",
    "__copy__": "leave it out: copy.copy copies objects of your own classes",
    "__deepcopy__": "leave it out: copy.deepcopy copies objects of your own classes",
    "__reduce__": "leave it out: copy.copy copies objects of your own classes",
    "__getstate__": "leave it out: copy.copy copies objects of your own classes",
    "__setstate__": "leave it out: copy.copy copies objects of your own classes",
    "__wrapped__": "keep the function under a name of its own",
    "__self__": "keep the object under a name of its own",
    "__func__": "keep the function under a name of its own",
    "__code__": "name the function by f.__name__",
    "__globals__": "use the names themselves, or a dict of your own",
    "__import__": "write an import statement",
    "__builtins__": "use the names themselves",
    "__file__": "nothing here reads or writes files; leave it out",
    "__all__": "leave it out: nobody imports a snippet",
    "__version__": "leave it out, or use a name without underscores",
    "__author__": "leave it out, or use a name without underscores",
    "__debug__": "leave it out",
}
"""Special names that snippets don't have, and what to write instead."""

_FOREIGN_ATTRIBUTES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    **dict.fromkeys(("length", "size", "shape"), (("__len__", "len(...)"),)),
    **dict.fromkeys(
        ("map", "filter", "forEach", "where", "select", "apply", "query"), (("__iter__", "a comprehension"),)
    ),
    **dict.fromkeys(
        ("find", "first", "head", "slice", "iloc", "loc"),
        (("index", "an index, a slice or next(...)"), ("__iter__", "next(...)")),
    ),
    **dict.fromkeys(("toUpperCase", "toLowerCase"), (("upper", ".upper() or .lower()"),)),
    **dict.fromkeys(("includes", "contains", "indexOf", "has_key"), (("__contains__", "`in`"),)),
    **dict.fromkeys(("substring", "substr"), (("upper", "a slice"),)),
    **dict.fromkeys(("toFixed", "toLocaleString", "toPrecision"), (("__round__", "round(...) or an f-string"),)),
    **dict.fromkeys(("reduce", "sum", "mean"), (("__iter__", "sum(...)"),)),
    **dict.fromkeys(("sort_values", "sorted", "orderBy"), (("__iter__", "sorted(..., key=...)"),)),
    **dict.fromkeys(("iteritems", "itervalues"), (("items", ".items() or .values()"),)),
    "empty": (("__len__", "`not`"),),
    "push": (("append", ".append"), ("add", ".add")),
    "reverse": (("index", "[::-1], or reversed(...)"),),
    "add": (("append", ".append"), ("keys", "d[key] = value"), ("__add__", "+")),
    "append": (("add", ".add"), ("keys", "d[key] = value"), ("index", "+")),
    "concat": (("index", "+"),),
    "toString": (("__str__", "str(...)"),),
    "trim": (("strip", ".strip"),),
    "groupby": (("__iter__", "a dict, or itertools.groupby"),),
}
"""What models write from habit of other languages and of tables, to what Python has for it on what has a certain member."""

MODULE_ADVICE: Final = {
    "os": "call a capability instead; there are no files and no environment here",
    "sys": "use print without file=; a top-level return ends the snippet; float('inf') is larger than any number",
    "subprocess": "call a capability instead",
    "pathlib": "call a capability instead; nothing here reads or writes files",
    "shutil": "call a capability instead; nothing here reads or writes files",
    "codecs": "use text.encode() and data.decode()",
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
    "logging": "use print",
    "warnings": "use print",
    "secrets": "use uuid.uuid4()",
    "hmac": "use hashlib, or call a capability",
    "urllib.parse": "build the text with an f-string; nothing here opens an address",
    "html": "use text.replace('&', '&amp;').replace('<', '&lt;')",
    "locale": "use a format spec: f'{x:,.2f}'",
    "typing_extensions": "import it from typing",
    "array": "use a list",
    "binascii": "use data.hex() and bytes.fromhex(text), or base64",
    "zlib": "use hashlib for a digest; nothing here packs data",
    "gzip": "call a capability instead; nothing here reads or writes files",
    "xml": "use re on the text, or a capability that gives records",
    "bs4": "use re on the text, or a capability that gives records",
    "cmath": "use math, and complex numbers as they are",
    "struct": "use int.from_bytes and int.to_bytes",
    "queue": "use collections.deque, or asyncio.Queue",
    "weakref": "use a dict",
    "sched": "use asyncio.sleep",
    "signal": "call a capability instead; the caller's limits end a run",
    "argparse": "what the user gave is in the inputs",
    "getpass": "what the user gave is in the inputs",
    "unittest": "use assert",
    "pytest": "use assert",
    "doctest": "use assert",
    "timeit": "use time.perf_counter()",
    "tabulate": "use f-strings with widths: f'{name:<20}{value:>12,.2f}'",
    "rich": "use print and f-strings with widths",
    "prettytable": "use f-strings with widths: f'{name:<20}{value:>12,.2f}'",
    "tqdm": "leave it out: nobody watches a run",
    "nest_asyncio": "leave it out: await works at the top level",
    "scipy": "use math and statistics",
    "polars": "use lists of dicts, collections and statistics",
    "matplotlib": "return the numbers; nothing here draws",
    "yaml": "use json",
    "sqlite3": "use dicts and comprehensions, or call a capability",
    "attr": "use dataclasses",
    "attrs": "use dataclasses",
}
"""Modules that snippets often import and don't have, and what to use instead."""


def instead_of(name: str, cls: type) -> str | None:
    """Say what Python has on objects of a class for an attribute that other languages and libraries have."""
    return next((instead for member, instead in _FOREIGN_ATTRIBUTES.get(name, ()) if hasattr(cls, member)), None)


def is_special(name: str) -> bool:
    """Whether the name is of the form `__name__`, which Python keeps for itself."""
    return name.startswith("__") and name.endswith("__")


def mangled(name: str, class_name: str | None) -> str:
    """Give the attribute name that Python makes of `__name` inside a class: `_Class__name`."""
    if class_name is None or not name.startswith("__") or name.endswith("__"):
        return name
    owner = class_name.lstrip("_")
    return f"_{owner}{name}" if owner else name
