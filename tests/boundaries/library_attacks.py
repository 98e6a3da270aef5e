"""Further families of attacks on the language layer, as in `attacks.py`: what library code does with names and classes."""

from __future__ import annotations

from typing import Final

_MAKER = (
    "import collections\nclass C: pass\ndef make(name, bases, members):\n    C.maps = [bases, members]\n"
    "    return collections.ChainMap.new_child(C, name)\n"
)
_TEMPLATE = "'{0.__class__.__base__}'"
_ADDED = "class H:\n    def __radd__(self, other):\n        global r\n        r = other\n        return 1\n"
_FORMAT: Final = "@dataclass(init=False)\nclass S({base}):\n    format: int"
_USED_FIELD: Final = (
    "from dataclasses import dataclass, field\nf = field(default=1)\n@dataclass(init=False)\nclass M:\n    x: int = f\n"
)
_FORMATS: Final = (
    "@dataclass(init=False)\nclass S(M, str): pass\nmatch S('{0.__class__.__mro__}'):\n    case S(f): r = f(1)\nr"
)
_TEXT = "import dataclasses\n@dataclasses.dataclass(init=False)\nclass S(str):\n    format: object\n"

ATTACKS: Final[dict[str, list[str]]] = {
    "functions of library classes": [
        "import collections\nclass C: pass\ncollections.Counter.copy(C)",
        "import collections\nclass C: pass\ncopy = collections.Counter.copy\ncopy(C)('X', (), {})",
        "import collections\nclass C: pass\ngetattr(collections.Counter, 'copy')(C)",
        "import collections, operator\nclass C: pass\noperator.methodcaller('copy')(collections.Counter)(C)",
        "import collections, operator\nclass C: pass\noperator.attrgetter('Counter.copy')(collections)(C)",
        "import collections, functools\nclass C: pass\nfunctools.partial(collections.Counter.copy, C)()",
        "import collections\nclass C: pass\n[*map(collections.Counter.copy, [C])][0]",
        "import collections\nclass C:\n    copy = classmethod(collections.Counter.copy)\nC.copy()",
        "import collections\nclass K(collections.Counter):\n    copied = classmethod(collections.Counter.copy)\nK.copied()",
        "import collections\nclass K(collections.Counter): pass\nK.copy(K)",
        "import collections\nclass K(collections.Counter):\n    @classmethod\n    def f(cls): return super().copy\nK.f()(K)",
        "import collections\nclass K(collections.Counter):\n    @classmethod\n    def f(cls): return super().copy(cls)\nK.f()",
        "import collections\nclass C: pass\nmatch collections.Counter:\n    case object(copy=f): r = f(C)\nr",
        "import collections\nclass C: pass\ncollections.Counter[int].copy(C)",
        f"{_ADDED}import collections\nclass C: pass\nclass K(collections.Counter): pass\nK.copy += H()\nr(C)",
        f"{_ADDED}import collections\nclass C: pass\nclass K(collections.Counter):\n    def copy(self): pass\n"
        "del K.copy\nK.copy += H()\nr(C)",
        "import collections\nclass C:\n    maps = [{}]\ncollections.ChainMap.copy(C)",
        f"{_MAKER}make('X', (), {{'__getattr__': lambda self, name: name}})().reached",
        f"{_MAKER}make('S', (str,), {{'__snippet_hidden__': frozenset()}})({_TEMPLATE}).format(1)",
        f"{_MAKER}collections.ChainMap[int, int].new_child(C, 'X')",
        f"{_MAKER}C.maps = [(), {{}}]\nmatch collections.ChainMap:\n    case object(new_child=f): r = f(C, 'X')\nr",
        f"{_MAKER}T = collections.Counter.copy(C)\nM = make('M', (T,), {{'__instancecheck__': lambda cls, x: True}})\n"
        "M = M('N', (), {'__match_args__': ('__subclasses__',)})\nmatch object:\n    case M(f): r = f()\nr",
        "from collections.abc import Generator\nr = []\nclass X:\n    def throw(self, *a): r.extend(a)\n"
        "try:\n    Generator.close(X())\nexcept RuntimeError: pass\nr[0]",
        "from collections.abc import Coroutine\nr = []\nclass X:\n    def throw(self, *a): r.extend(a)\n"
        "try:\n    Coroutine.close(X())\nexcept RuntimeError: pass\nr[0]",
        "from collections.abc import Generator\nr = []\nclass X:\n    def throw(self, *a): r.extend(a)\n"
        "try:\n    getattr(Generator, 'close')(X())\nexcept RuntimeError: pass\nr[0]",
        "import re\nr = {}\nclass H:\n    def __eq__(self, other): r.update(real=other)\np = re.compile('(?P<a>x)')\n"
        "p.groupindex == H()\nr['real']['b'] = 1\np.groupindex['b']",
        f"{_ADDED.replace('__radd__', '__ror__')}import re\np = re.compile('(?P<a>x)')\np.groupindex | H()\nr['b'] = 1\n"
        "p.groupindex['b']",
        "from functools import lru_cache\n@lru_cache(typed=True)\ndef f(*a, **k): return 'reached'\nf(1)",
        "from functools import lru_cache\n@lru_cache(None, True)\ndef f(*a, **k): return 'reached'\nf(1)",
    ],
    "fields of dataclasses": [
        *(
            f"from dataclasses import dataclass, asdict, astuple\n{declared}\n{read}"
            for declared, read in (
                (_FORMAT.format(base="str"), "asdict(S('{0.__class__.__mro__}'))['format'](1)"),
                (_FORMAT.format(base="str"), "astuple(S('{0.__class__.__mro__}'))[0](1)"),
                (_FORMAT.format(base="str"), "match S('{0.__class__.__mro__}'):\n    case S(f): r = f(1)\nr"),
                (_FORMAT.format(base="Exception").replace("format", "with_traceback"), "asdict(S())['with_traceback']"),
                (
                    f"{_FORMAT.format(base='object')}\nclass T(S, str): pass",
                    "asdict(T('{0.__class__.__mro__}'))['format'](1)",
                ),
                (
                    f"{_FORMAT.format(base='object')}\nclass T(str, S): pass",
                    "match T('{0.__class__.__mro__}'):\n    case S(f): r = f(1)\nr",
                ),
                (
                    "class S:\n    format: int\nclass T(S, str): pass\nS = dataclass(init=False)(S)",
                    "asdict(T('{0.__class__.__mro__}'))['format'](1)",
                ),
                (
                    "from enum import Enum\nclass S:\n    _value2member_map_: int\nclass T(S, Enum):\n    A = 1\n"
                    "S = dataclass(init=False)(S)",
                    "asdict(T.A)['_value2member_map_']",
                ),
                (
                    "import json\n@dataclass(init=False)\nclass S(json.JSONEncoder):\n    _options: int",
                    "match S():\n    case S(f): r = f\nr",
                ),
            )
        ),
        *(
            "from dataclasses import dataclass, asdict, field\nf = field()\n"
            "@dataclass(init=False)\nclass M:\n    x: int = f\n"
            f"try:\n    @dataclass\n    class N:\n        format: int = {again}\nexcept TypeError: pass\n"
            f"{derived}class S(M, str): pass\n{read}"
            for again, derived, read in (
                ("f", "", "asdict(S('{0.__class__.__mro__}'))['format'](1)"),
                ("M.__dataclass_fields__['x']", "", "asdict(S('{0.__class__.__mro__}'))['format'](1)"),
                (
                    "f",
                    "@dataclass(init=False)\n",
                    "match S('{0.__class__.__mro__}'):\n    case S(f): r = f(1)\nr",
                ),
            )
        ),
        *(
            f"{_USED_FIELD}{again}{_FORMATS}"
            for again in (
                "@dataclass\nclass N:\n    format: int = staticmethod(f)\n",
                "class B:\n    format = f\n@dataclass\nclass N(B):\n    format: int\n",
                "class B:\n    format = staticmethod(f)\n@dataclass\nclass N(B):\n    format: int\n",
                "class B: pass\nB.format = f\n@dataclass\nclass N(B):\n    format: int\n",
                "class N:\n    format: int\nsetattr(N, 'format', staticmethod(f))\ndataclass(N)\n",
                "class N:\n    @classmethod\n    @property\n    def format(cls): return f\n    format: int = format\n"
                "try:\n    dataclass(N)\nexcept TypeError: pass\n",
            )
        ),
        "from dataclasses import dataclass, field, fields\n@dataclass\nclass M:\n    x: int = 1\nfields(M)[0].name = 'format'\nM",
        "from dataclasses import dataclass\n@dataclass\nclass M:\n    x: int = 1\nM.__match_args__ = ('format',)\nM",
        "from dataclasses import dataclass\n@dataclass\nclass M:\n    __class__: int = 1\nM",
        f"{_TEXT}match S({_TEMPLATE}):\n    case S(f): r = f(1)\nr",
        f"{_TEXT}dataclasses.asdict(S({_TEMPLATE}))['format'](1)",
        f"{_TEXT}dataclasses.astuple(S({_TEMPLATE}))[0](1)",
        f"{_TEXT}dataclasses.fields(S)[0].default({_TEMPLATE}, 1)",
        "import dataclasses\n@dataclasses.dataclass(init=False)\nclass S(str):\n"
        "    format_map: object\nmatch S('{x.__class__.__base__}'):\n    case S(f): r = f({'x': 1})\nr",
        "import dataclasses\n@dataclasses.dataclass(init=False)\nclass S(str):\n"
        f"    format: object = dataclasses.field(init=False)\nmatch S({_TEMPLATE}):\n    case S(f): r = f(1)\nr",
        "import dataclasses\n@dataclasses.dataclass(init=False)\nclass B:\n    format: object\nclass S(B, str): pass\n"
        f"match S({_TEMPLATE}):\n    case B(f): r = f(1)\nr",
        "import dataclasses\nclass B:\n    format: object\nclass S(B, str): pass\nB = dataclasses.dataclass(init=False)(B)\n"
        f"match S({_TEMPLATE}):\n    case B(f): r = f(1)\nr",
        "import dataclasses\nclass B:\n    format: object\nclass S(B, str): pass\nclass T(S): pass\n"
        f"B = dataclasses.dataclass(init=False)(B)\nmatch T({_TEMPLATE}):\n    case B(f): r = f(1)\nr",
        "import dataclasses\nclass B:\n    def format(self): return 'nothing'\nclass S(B, str): pass\ndel B.format\n"
        "B.format = 1\ndel B.format\nclass D:\n    format: object\nD = dataclasses.dataclass(init=False)(D)\nclass U(D, S): pass\n"
        f"match U({_TEMPLATE}):\n    case D(f): r = f(1)\nr",
        "import dataclasses, enum\nclass B:\n    format: object\nclass E(B, str, enum.Enum):\n"
        f"    A = {_TEMPLATE}\nB = dataclasses.dataclass(init=False)(B)\nmatch E.A:\n    case B(f): r = f(1)\nr",
        "import dataclasses\n@dataclasses.dataclass(init=False)\nclass C:\n    mro: object\ndataclasses.fields(C)[0].default()",
        "import dataclasses\n@dataclasses.dataclass(init=False)\nclass E(Exception):\n    mro: object\ndataclasses.fields(E)[0].default()",
        "import collections, dataclasses\n@dataclasses.dataclass(init=False)\nclass K(collections.Counter):\n    copy: object\n"
        "class C: pass\ndataclasses.fields(K)[0].default(C)",
        "import dataclasses\n@dataclasses.dataclass(init=False)\nclass E(Exception):\n    args: object\ndataclasses.fields(E)[0].default",
        "import dataclasses\n@dataclasses.dataclass(init=False)\nclass E(AttributeError):\n    obj: object\ndataclasses.fields(E)[0].default",
        "import dataclasses, json\n@dataclasses.dataclass(init=False)\nclass J(json.JSONEncoder):\n    _options: object\ndataclasses.fields(J)[0].default",
    ],
}
"""Family to attacks."""

CONTROLS: Final[dict[str, tuple[str, object]]] = {
    "functions of library classes": (
        "from collections import ChainMap, Counter\nfrom functools import lru_cache\nclass K(Counter):\n"
        "    def copy(self): return super().copy()\n@lru_cache(maxsize=None)\ndef f(x): return x\n"
        "[K('aab').copy()['a'], Counter.copy(Counter('a'))['a'], ChainMap({1: 2}).new_child({1: 3})[1], "
        "[*map(dict.copy, [{1: 2}])], f(4)]",
        [2, 1, 3, [{1: 2}], 4],
    ),
    "fields of dataclasses": (
        "from dataclasses import asdict, dataclass, fields\n@dataclass\nclass D:\n    format: str\n    copy: bool = False\n"
        "    __x: int = 1\nclass U(D): pass\nclass M:\n    def format(self, x): return 'own' + x\nclass S(M, str): pass\n"
        "class T(str): pass\nmatch U('a'):\n    case D(f): pass\n"
        "[f, asdict(U('a')), [one.name for one in fields(D)], S().format('x'), T('{:>2}').format(1)]",
        ["a", {"format": "a", "copy": False, "_D__x": 1}, ["format", "copy", "_D__x"], "ownx", " 1"],
    ),
}
"""Family to the nearest legal thing and its value."""

WITHOUT_LANGUAGE: Final = {
    "functions of library classes": "import collections\nclass C: pass\ncollections.Counter.copy(C)",
    "fields of dataclasses": f"{_TEXT}match S({_TEMPLATE}):\n    case S(f): r = f(1)\nr",
}
"""Family to an attack that does reach something where snippets are run as plain Python."""
