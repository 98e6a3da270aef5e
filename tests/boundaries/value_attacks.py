"""Further families of attacks on the language layer, as in `attacks.py`: what library code makes of values of a snippet's."""

from __future__ import annotations

from typing import Final

_FRAME: Final = "from enum import Enum\ndef g(): yield 1\nclass M:\n    def gi_frame(self): pass\n"
_FIELD: Final = "from enum import Enum\nfrom {module} import {maker}\ndef g(): yield 1\nclass M:\n    _value_ = g()\n"
_MATCH: Final = (
    "class E(M, D, Enum):\n    gi_frame = 1\nmatch list(E)[0]:\n    case {case}(f): r = f\nr is g and 'nothing' or r"
)
_TO_COME: Final = (
    "from enum import Enum\nkept = []\ndef g(): yield 1\nclass E(Enum):\n    A = 1\n    B = 2\n"
    "    def __init__(self, value): kept or kept.append(type(self).B)\n"
    "class M:\n    def gi_frame(self): pass\nclass N:\n    _member_type_ = object\n    _use_args_ = False\n"
    "    _member_names_ = []\n    _member_map_ = {}\n    _value2member_map_ = {}\n"
    "    def _new_member_(cls): return Exception()\n    def _add_member_(name, member): setattr(C, name, member)\n"
)
_USED: Final = "c = C()\nc._value_ = g()\ngetattr(c, 'gi_frame')"
_HALF_MADE: Final = (
    "from enum import Enum\nkept = []\ndef g(): yield 1\nclass M:\n    def gi_frame(self): pass\n"
    "{before}class E(M, Enum):\n    {first}gi_frame = 2\n    def __init__(self, *value):\n        if not kept:\n"
    "            kept.append(1)\n            class D({bases}):\n                X = g()\n            kept.append(D)\n"
    "d = list(kept[1])[0]\n{read}"
)
_MERGED: Final = (
    "import heapq, uuid, random\nclass I:\n    def __iter__(self): return self\n    __next__ = uuid.uuid4\n"
)
_NUMBER: Final = (
    "import collections, statistics\nclass N:\n    def __add__(self, other): return self\n"
    "    __radd__ = __sub__ = __rsub__ = __add__\n    def is_finite(self): return False\n"
    "    def as_integer_ratio(self): return 1, 1\n    def __mul__(self, other): return C\n"
    "    def __truediv__(self, other): return collections.abc.Mapping if type(other) is int else C\n"
    "class C:\n    @staticmethod\n    def as_integer_ratio(): return N(), None\n"
    "def made(kind): return kind('X', (), {'__getattr__': lambda self, name: name})().reached\n"
)
_PARENTS: Final = (
    "from collections import ChainMap\nclass C:\n    maps = [0, 'X', (), {'__getattr__': lambda self, name: name}]\n"
)
_TEXT: Final = (
    "import re, textwrap\nr = []\nclass S(str):\n    def expandtabs(self, size): return self\n"
    "    def translate(self, table):\n        r.append(table)\n        return 'a b'\n"
)
_LIKE_TEXT: Final = (
    "import textwrap\nr = []\nclass T:\n    def expandtabs(self, size): return self\n"
    "    def translate(self, table):\n        r.append(table)\n        return 'a b'\n"
)

ATTACKS: Final[dict[str, list[str]]] = {
    "members of enumerations": [
        f"{_FRAME}class E(M, Enum):\n    gi_frame = g()\nf = getattr(list(E)[0], 'gi_frame')\n"
        "f in list(E) and 'nothing' or f",
        f"{_FRAME}class E(M, Enum):\n    gi_frame = g()\nimport operator\nf = operator.attrgetter('gi_frame')(list(E)[0])\n"
        "f in list(E) and 'nothing' or f",
        f"{_FRAME}class E(M, Enum):\n    gi_frame = g()\n'nothing' if '{{0.gi_frame}}'.format(list(E)[0]) == str(list(E)[0]) "
        "else 'reached'",
        f"{_FRAME}class A(Enum):\n    def gi_frame(self): pass\nclass E(A):\n    gi_frame = g()\n"
        "f = getattr(list(E)[0], 'gi_frame')\nf in list(E) and 'nothing' or f",
        f"{_FRAME}class E(M, Enum):\n    def __init__(self, value): setattr(M, 'gi_code', lambda self: 1)\n    A = 1\n    gi_code = g()\n"
        "f = getattr(list(E)[1], 'gi_code')\nf in list(E) and 'nothing' or f",
        "from enum import Enum\nclass M:\n    def format(self): pass\nclass E(M, Enum):\n    format = '{0.__class__.__mro__}'\n"
        "E.format.format(1)",
        "from enum import Enum\nclass M:\n    def with_traceback(self): pass\nclass E(M, Enum):\n    with_traceback = ValueError()\n"
        "E.with_traceback.with_traceback(None)",
        "from collections import Counter\nfrom enum import Enum\nclass C: pass\nclass M:\n    def copy(self): pass\n"
        "class E(M, Enum):\n    copy = Counter\nE.copy.copy(C)",
        "from collections import Counter\nfrom enum import Enum\nclass C: pass\nclass M:\n    _value_ = Counter\n"
        "class E(M, dict, Enum):\n    copy = {}\nE.copy.copy(C)",
        *(
            f"{_FIELD.format(module='dataclasses', maker='dataclass')}{declared}{_MATCH.format(case=case)}"
            for declared, case in (
                ("@dataclass\nclass D:\n    gi_frame: int\n", "E"),
                ("@dataclass\nclass D:\n    gi_frame: int = 1\n", "D"),
            )
        ),
        f"{_FIELD.format(module='typing', maker='NamedTuple')}class D(NamedTuple):\n    gi_frame: int\n"
        f"{_MATCH.format(case='D')}",
        f"{_FIELD.format(module='collections', maker='namedtuple')}D = namedtuple('D', ['gi_frame'])\n"
        f"{_MATCH.format(case='E')}",
        *(
            f"{_TO_COME}{declared}{_USED}"
            for declared in (
                "class C(M, N):\n    gi_frame = kept[0]\n",
                "class C(N, M):\n    locals = kept\n    gi_frame = locals[0]\n",
                "from dataclasses import field\nclass C(M, N):\n    gi_frame = field(default=kept[0])\n",
                "from dataclasses import dataclass, field\n@dataclass\nclass C(M, N):\n    gi_frame: int = field(default=kept[0])\n",
                "from dataclasses import field\nclass C(M, N):\n    gi_frame = field(default=field(default=kept[0]))\n",
            )
        ),
        f"{_TO_COME}from typing import NamedTuple\nclass C(NamedTuple):\n    x: int\n    gi_frame = kept[0]\nkept[0]",
        f"{_TO_COME}class F(M, Enum):\n    _F__x = kept[0]\nkept[0]",
        *(
            _HALF_MADE.format(before="", first=first, bases="type(self)", read=read)
            for first in ("A = 1\n    ", "")
            for read in ("getattr(d, 'gi_frame')", "import operator\noperator.attrgetter('gi_frame')(d)")
        ),
        _HALF_MADE.format(before="", first="", bases="type(self)", read="'{0.gi_frame}'.format(d)"),
        _HALF_MADE.format(
            before="from dataclasses import dataclass\n@dataclass(init=False)\nclass P:\n    gi_frame: int\n",
            first="A = 1\n    ",
            bases="P, type(self)",
            read="match d:\n    case P(f): r = f\nr",
        ),
    ],
    "values that library code asks": [
        f"{_NUMBER}made(statistics.mean([C]))",
        f"{_NUMBER}made(statistics.mean(iter([C])))",
        f"{_NUMBER}made(statistics.variance([1, 2, 3], N()))",
        f"{_NUMBER}made(statistics.pvariance([1, 2, 3], mu=N()))",
        f"{_NUMBER}from functools import partial\nmade(partial(statistics.mean, [C])())",
        f"{_PARENTS}    parents = classmethod(ChainMap.parents)\nC.parents().reached",
        f"{_PARENTS}C.p = classmethod(ChainMap.parents)\nC.p().reached",
        f"{_PARENTS}C.q = classmethod(getattr(ChainMap, 'parents'))\nC.q().reached",
        f"{_PARENTS}from functools import cache\nC.p = classmethod(cache(ChainMap).parents)\nC.p().reached",
        "from functools import cache\nfrom fractions import Fraction\nclass C:\n    f = cache(Fraction).from_float\n"
        "    def __init__(self, *parts): pass\nC.f(2)",
        "from functools import lru_cache\nfrom fractions import Fraction\nlru_cache(maxsize=2)(Fraction).from_float",
        *(
            "import contextlib\nfrom dataclasses import dataclass\nr = []\ndef f(*a): r.extend(a)\n"
            f"@dataclass\nclass D:\n    _exits: list\n{begun}\ns = contextlib.ExitStack()\nbegin(s, [f])\ns.close()\n'reached'"
            for begun in (
                "begin = D.__init__",
                "begin = getattr(D, '__init__')",
                "class C:\n    begin = D.__init__\nbegin = C.begin",
                "class T(D):\n    @classmethod\n    def begin(cls): return super().__init__\nbegin = T.begin()",
            )
        ),
        f"{_TEXT}re.escape(S('a'))\nr[0]",
        *(
            f"{_TEXT}textwrap.{call}\nr[0]"
            for call in ("wrap(S('a b'))", "fill(S('a'), 5)", "fill(text=S('a'), width=5)")
        ),
        *(f"{_LIKE_TEXT}textwrap.{call}\nr[0]" for call in ("wrap(T())", "fill(text=T())")),
        *(
            f"{_MERGED}{merged}\nnext(xs)\ns = next(xs)\nis_found = type(s).__name__ != 'UUID'\nis_found and s"
            for merged in (
                "xs = heapq.merge(I())",
                "xs = heapq.merge(I(), key=str, reverse=True)",
                "from functools import partial\nxs = partial(heapq.merge, I())()",
                "class T(I):\n    pass\nxs = heapq.merge([], T())",
            )
        ),
        f"{_LIKE_TEXT}T.expandtabs = classmethod(T.expandtabs)\nT.translate = classmethod(T.translate)\ntextwrap.wrap(T)\nr[0]",
    ],
}
"""Family to attacks."""

CONTROLS: Final[dict[str, tuple[str, object]]] = {
    "members of enumerations": (
        "from enum import Enum, StrEnum\nclass Label:\n    def label(self): return self.value.upper()\n"
        "class Kind(Label, Enum):\n    copy = 'a'\n    _close: str = 'b'\n    format = 'c'\n"
        "class Field(StrEnum):\n    title = 'x'\n    index = 'y'\n"
        "class Named(Enum):\n    A = 1\n    B = 2\n    def __init__(self, value): self.others = len(list(type(self)))\n"
        "[Kind.copy.label(), Kind['_close'].value, Kind.format.value, Field.title.value, Field('y').name, Field.index.upper(), "
        "Named.B.others]",
        ["A", "b", "c", "x", "index", "Y", 1],
    ),
    "values that library code asks": (
        "import heapq, re, statistics, textwrap\nfrom decimal import Decimal\nfrom functools import cache\nclass S(str): pass\n"
        "class I(int): pass\nclass C:\n    @classmethod\n    def name(cls): return cls.__name__\n"
        "[statistics.mean(x for x in (1, I(2), 3.0)), str(statistics.pvariance([Decimal(1), 2], mu=None)), "
        "statistics.harmonic_mean([1, 2], weights=(1, 3)), re.escape(S('a.')), textwrap.fill(S('a b'), 1), "
        "cache(C)() is not None, C.name(), [*heapq.merge([1, 4], (2, 3), key=lambda n: n), *heapq.merge([2], reverse=True)]]",
        [2, "0.25", 1.6, "a\\.", "a\nb", True, "C", [1, 2, 3, 4, 2]],
    ),
}
"""Family to the nearest legal thing and its value."""

WITHOUT_LANGUAGE: Final = {
    "members of enumerations": "from enum import Enum\nclass E(Enum):\n    A = 1\nstr(E.A._member_map_)",
    "values that library code asks": f"{_NUMBER}made(statistics.mean([C]))",
}
"""Family to an attack that does reach something where snippets are run as plain Python."""
