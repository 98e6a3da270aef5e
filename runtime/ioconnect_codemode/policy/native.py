"""Which attribute reads stay native: decided by the name alone, when the snippet is translated.

A guard at run time costs ten times what reading an attribute costs. It is only needed where the answer depends on the
object. For most names it doesn't, and this is why:

1. What a snippet can hold is plain data, exceptions, functions, generators, classes and objects of its own, and what
   facades and stubs give: frozen tables of hand-picked members, records, dates, patterns. It never holds a module, a
   frame, a traceback or a code object, because each of them is only reached by a name that is guarded (2, 3, 4).
2. Names that begin with an underscore are guarded. They are the ways into the interpreter (`__globals__`, `__class__`)
   and the private parts of host objects (`_members`).
3. Names with the prefix of an interpreter's object are guarded, whether such a name exists today or not: `gi_frame`,
   `cr_await`, `ag_code`, `f_back`, `tb_next`, `co_consts`.
4. Names of `GUARDED` are guarded: on some object that a snippet can hold they are hidden, replaced (`format`, `now`) or
   belong to a metaclass (`mro`).
5. Every other public name is, on every such object, either shown by the guard as well, or harmless there: a method that
   takes and gives plain data (`HARMLESS`), or absent.

`tests/boundaries/test_native.py` walks every type that a worker has loaded, on every Python of the machine, and fails on
a public name that is hidden by the guard and stands in neither table; and it attacks each name of `GUARDED`.

Writing an attribute is never native: functions, exceptions and host classes would take it.
"""

from __future__ import annotations

import re
from typing import Final

_INTERPRETER_OBJECT: Final = re.compile(r"(gi|cr|ag|tb|co|f)_")

GUARDED: Final = frozenset(
    [
        # str: replaced by formatting whose fields go through the guard
        *("format", "format_map"),
        # metaclasses: what every class has beside its own members
        *("mro", "register"),
        # functions of library classes that call the class of what they are given, or end it by an exception of the
        # interpreter: `Counter.copy(SomeClass)` would give `type`
        *("copy", "new_child", "close"),
        # dates: answered by the clock of the run
        *("now", "today", "utcnow"),
        # exceptions: a traceback, the object that failed, paths of the host
        *("with_traceback", "obj", "object", "derive", "subgroup", "name_from"),
        *("path", "filename", "filename2", "characters_written", "print_file_and_line"),
        # generators, coroutines: stepping a coroutine by hand would show what the scheduler is told
        *("send", "throw", "asend", "athrow", "aclose"),
        # functions inside descriptors and cells
        *("fget", "fset", "fdel", "func", "attrname", "lock", "cell_contents"),
        # the dict behind a view, that of a pattern's names, the state of random numbers
        *("mapping", "groupindex", "getstate", "setstate", "VERSION"),
        # classes that would read files, and hooks of time zones
        *("from_file", "no_cache", "clear_cache"),
        # types that host code makes and hands to nobody; here in case it ever does
        *("cr_suspended", "release", "toreadonly", "exceptiontable", "metadata"),
    ]
)
"""Names that the guard must decide on at run time."""

HARMLESS: Final = frozenset(
    [
        # methods of containers and text, also on views, weak sets, `collections.abc` and ordered dicts of C
        *(
            "add",
            "append",
            "appendleft",
            "clear",
            "count",
            "decode",
            "difference",
            "discard",
            "extend",
        ),
        *("encode", "fromkeys", "get", "index", "insert", "intersection", "isdisjoint", "items", "join", "keys", "pop"),
        *(
            "popitem",
            "remove",
            "replace",
            "reverse",
            "setdefault",
            "sort",
            "split",
            "union",
            "update",
            "upper",
            "values",
        ),
        # numbers, through enumerations of integers and text
        *("as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator", "from_bytes", "imag", "numerator"),
        *("real", "to_bytes", "is_integer"),
        # fields of syntax errors, which hold the snippet's own text, and of exception groups
        *("text", "offset", "end_lineno", "end_offset"),
        # what dataclasses keep about a field
        *("type", "hash", "init", "repr", "compare", "kw_only", "default", "default_factory"),
        # properties
        *("getter", "setter", "deleter"),
        # compiled patterns, time zones, results of statistics and of dates
        *("match", "search", "pattern", "utcoffset", "dst", "tzname", "fromutc", "key", "slope", "intercept"),
        *("week", "weekday", "year", "sign", "digits", "exponent"),
        # keys of sorting and of caching: numbers and the snippet's own values
        *("hashvalue", "from_iterable"),
        # members of the enumerations behind `re.I` and `uuid.UUID.is_safe`; `re.compile` refuses DEBUG whoever gives it
        *("ASCII", "DEBUG", "DOTALL", "IGNORECASE", "LOCALE", "MULTILINE", "TEMPLATE", "UNICODE", "VERBOSE"),
        *("safe", "unknown", "unsafe"),
        # a moment as `time.gmtime` gives it
        *("tm_zone", "tm_gmtoff", "n_fields", "n_sequence_fields", "n_unnamed_fields"),
    ]
)
"""Names that the guard hides on some type for want of a reason to show them; nothing is behind them."""


def is_native(name: str) -> bool:
    """Whether reading an attribute of this name may be left to the interpreter."""
    return not name.startswith("_") and name not in GUARDED and _INTERPRETER_OBJECT.match(name) is None
