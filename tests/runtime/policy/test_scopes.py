"""Names that a snippet reads and never binds, by Python's scoping rules."""

from __future__ import annotations

import pytest

from ioconnect_codemode import policy


@pytest.mark.parametrize(
    ("source", "free"),
    [
        ("crm.find(x)", {"crm", "x"}),
        ("x = 1\nx", set[str]()),
        ("def f(a, *b, c=d, **e): return a, b, c, e, g\nf", {"d", "g"}),
        ("import crm\ncrm", {"crm"}),
        ("from crm import find as f\nf", {"crm"}),
        ("import a.b as c\nc", {"a"}),
        ("[x for x in y if z]", {"y", "z"}),
        ("[(n := x) for x in y]\nn", {"y"}),
        ("{k: v for k, v in d}", {"d"}),
        ("def f():\n    x = 1\n    return lambda: x\nx", {"x"}),
        ("def f():\n    global n\n    n = 1\nn", set[str]()),
        ("def f():\n    global n\n    return n", {"n"}),
        ("class C:\n    a = 1\n    def f(self): return a", {"a"}),
        ("class C(B):\n    x = 1\n    y = x", {"B"}),
        ("try:\n    pass\nexcept E as e:\n    e", {"E"}),
        ("match m:\n    case {'a': x, **r}: x, r\n    case [y, *s]: y, s\n    case K(z) as w: z, w", {"m", "K"}),
        ("with a as (b, c): b, c", {"a"}),
        ("for i in j: i", {"j"}),
        ("x: T = v\nx", {"v"}),
        ("def f(a: T) -> T: pass", set[str]()),
        ("n += 1", set[str]()),
        ("def f():\n    n = 1\n    def g():\n        nonlocal n\n        n += 1", set[str]()),
        ("async def f():\n    async for x in y: x", {"y"}),
        ("@d\nclass C: pass", {"d"}),
    ],
)
def test_free_names(source: str, free: set[str]) -> None:
    assert policy.free_names(policy.parse(source)) == free
