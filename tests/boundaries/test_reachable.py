"""What native reads lead to, walked: no object of the interpreter, and none that the tables of `native.py` leave out."""

from __future__ import annotations

import types

from boundaries.reachable import reachable
from boundaries.test_native import UNREACHABLE
from ioconnect_codemode.policy.limits import CancelledError

INTERPRETER = (types.ModuleType, types.FrameType, types.CodeType, types.TracebackType, types.CellType, memoryview)


def test_no_native_read_leads_to_an_object_of_the_interpreter() -> None:
    assert [way for value, way in reachable() if isinstance(value, INTERPRETER)] == []


def test_no_native_read_leads_to_a_metaclass_or_to_an_exception_that_would_catch_a_limit() -> None:
    classes = [(value, way) for value, way in reachable() if isinstance(value, type)]

    assert [way for value, way in classes if issubclass(value, type)] == []
    assert [
        way
        for value, way in classes
        if issubclass(value, BaseException) and not issubclass(value, (Exception, CancelledError))
    ] == []
    assert [value for value, _ in classes if value is CancelledError] == [CancelledError]


def test_types_that_the_walk_over_all_types_leaves_out_are_not_reached() -> None:
    left_out = [one for group in UNREACHABLE.values() for one in group.split()]
    types_of = {f"{type(value).__module__}.{type(value).__qualname__}": way for value, way in reachable()}

    assert {
        name: way
        for name, way in types_of.items()
        if any(name == one or name.startswith(one + ".") for one in left_out)
    } == {}


def test_the_walk_sees_much() -> None:
    found = reachable()

    assert len(found) > 2_000
    assert {"generator", "coroutine", "Task", "Field", "ExceptionGroup", "SRE_Scanner", "mappingproxy"} <= {
        type(value).__name__ for value, _ in found
    }
