"""Everything that a snippet gets hold of by reads that no guard sees: a walk from what it can name and make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, cast

from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.policy.builtins import make_builtins
from ioconnect_codemode.policy.namespaces import Namespace, members_of
from ioconnect_codemode.policy.native import is_native

MAKES: Final = r"""
import abc, asyncio, collections, contextlib, csv, difflib, io, numbers, pprint, string, types, unicodedata
import dataclasses, datetime, decimal, enum, fractions, functools, hashlib, heapq
import itertools, json, random, re, statistics, time, typing, uuid, zoneinfo
@dataclasses.dataclass
class D:
    x: int = dataclasses.field(default=1, metadata={'u': 2})
class E(enum.Enum):
    A = 1
class F(enum.IntFlag):
    A = 1
class N(typing.NamedTuple):
    x: int
class X(Exception): pass
class L(list): pass
class S(str): pass
class W(dict): pass
class T(typing.TypedDict): pass
class A(abc.ABC):
    @abc.abstractmethod
    def m(self): pass
class G(typing.Generic): pass
class J(json.JSONEncoder): pass
class O(types.SimpleNamespace): pass
class X2(ExceptionGroup): pass
@contextlib.contextmanager
def managed(): yield
@contextlib.asynccontextmanager
async def waited(): yield
class P:
    @property
    def p(self): return 1
    @classmethod
    def c(cls): return 1
    @staticmethod
    def s(): return 1
    @functools.cached_property
    def q(self): return 1
    def m(self): return 1
def g(): yield 1
async def a(): return 1
async def ag(): yield 1
def errors():
    for fail in (
        lambda: 1 / 0, lambda: [].x, lambda: {}[1], lambda: json.loads('x'), lambda: b'\xff'.decode(),
        lambda: '\u00e9'.encode('ascii'), lambda: re.compile('('), lambda: next(iter([])), lambda: undefined,
        lambda: decimal.Decimal('x'), lambda: zoneinfo.ZoneInfo('x'), lambda: int('x'), lambda: statistics.mean([]),
        lambda: asyncio.Queue().get_nowait(), lambda: getattr(json, 'x'), lambda: len.x,
    ):
        try:
            fail()
        except Exception as error:
            yield error
async def fails(): raise ValueError
async def grouped():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())
    except Exception as error:
        return error
task = asyncio.create_task(a())
waits = [
    task, asyncio.gather(), asyncio.sleep(0), asyncio.Queue(), asyncio.Queue[int], asyncio.Lock(), asyncio.Event(),
    asyncio.Semaphore(), asyncio.TaskGroup(), asyncio.timeout(1), asyncio.wait_for(task, 1), asyncio.as_completed([task]),
    asyncio.shield(task), a(),
]
for one in waits:
    if asyncio.iscoroutine(one):
        one.close()
[
    D, D(), dataclasses.fields(D), E, E.A, E.__members__, F.A | F(0), N, N(1), X(), P, P(), P.p, P().m, vars(P()), L(), S(),
    W(), T, g, g(), a, ag(), list(errors()), await grouped(), waits, task.result(), lambda: 0,
    re.match('(?P<a>a)', 'a'), re.finditer('a', 'a'), re.compile('a').scanner('a'), re.I | re.M,
    functools.partial(print, 1), functools.lru_cache(g), functools.cmp_to_key(g)(1), functools.wraps(g),
    datetime.datetime.now(), datetime.date.today().isocalendar(), datetime.timezone.utc, datetime.time(), datetime.timedelta(),
    decimal.getcontext(), decimal.localcontext(), fractions.Fraction(1), uuid.uuid4(), uuid.UUID(int=1).is_safe,
    hashlib.sha256(b''), zoneinfo.ZoneInfo('UTC'), time.gmtime(), random.Random(1), statistics.linear_regression([1, 2], [1, 2]),
    collections.Counter('a'), collections.deque(), collections.ChainMap({}), collections.defaultdict(list),
    collections.OrderedDict(), collections.namedtuple('Q', 'x'), list[int], dict[str, int] | None,
    collections.abc.Callable[[int], str], {}.keys(), {}.items(), {}.values(), range(1), slice(1), iter([]), zip([]),
    map(str, []), enumerate([]), reversed([]), itertools.tee([1]), itertools.groupby([1]), itertools.chain([1]),
    contextlib.suppress(X), contextlib.nullcontext(), contextlib.closing(g()), contextlib.contextmanager(g)(),
    heapq.merge([1]), typing.Any, typing.Optional[int], typing.NewType('Z', int), typing.TypeVar('T'), enum.auto(),
    dataclasses.MISSING, dataclasses.KW_ONLY, dataclasses.InitVar[int], int.real, str.join, print, type(print), type,
    staticmethod(g), classmethod(g), property(g), b'', bytearray(), 1j, frozenset(), ..., A, A.m, G[int], J, J(), O(x=1), types.SimpleNamespace,
    io.StringIO('a'), csv.reader(['a']), csv.DictReader(['a', 'b']), csv.writer(io.StringIO()), csv.Error('x'),
    csv.DictWriter(io.StringIO(), []), string.Template('$a'), difflib.SequenceMatcher(None, 'a', 'b'), difflib.ndiff('a', 'b'),
    contextlib.ExitStack(), contextlib.redirect_stdout(io.StringIO()), managed, managed(), waited, waited(),
    ExceptionGroup('g', [X()]), X2('g', [X()]).split(X), numbers.Number, numbers.Rational.numerator, NotImplemented, object.__setattr__,
]
"""
"""A snippet that makes one of everything that it can make."""

_STEPS: Final = 6


def reachable() -> list[tuple[object, str]]:
    """Give each object once, with the way to it."""
    program = policy.translate(policy.parse(MAKES), facades=policy.FACADES)
    made = sandbox.run(program, names={}, inputs={}, facades=policy.FACADES, print_limit=0)
    assert isinstance(made, sandbox.Finished), made
    builtins = {name: value for name, value in make_builtins(print).items() if name not in _NOT_BY_NAME}
    found: dict[int, tuple[object, str]] = {}
    waiting: list[tuple[object, str]] = [
        (made.value, "made"),
        (builtins, "builtins"),
        *((make(), name) for name, make in policy.FACADES.items()),
    ]
    while waiting:
        value, way = waiting.pop()
        if id(value) not in found:
            found[id(value)] = value, way
            if way.count(" ") < _STEPS:
                waiting += [(part, f"{way} {step}") for part, step in _next(value)]
    return list(found.values())


_NOT_BY_NAME = {
    "__build_class__",
    "__import__",
    "super",
    "print",
}  # `super` is only taken as `super()`; print is ours here


def _next(value: object) -> Iterator[tuple[object, str]]:
    yield from _parts(value)
    if isinstance(value, Namespace):
        return
    for name in sorted({*dir(value), *dir(type(value))}):
        if is_native(name):
            try:
                yield getattr(value, name), f".{name}"
            except Exception:
                continue  # what can't be read isn't reached


def _parts(value: object) -> Iterator[tuple[object, str]]:
    if isinstance(value, Namespace):
        yield from ((member, f".{name}") for name, member in members_of(value).items())
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from ((item, "[]") for item in cast("Iterable[object]", value))
    elif isinstance(value, (dict, MappingProxyType)):
        items = cast("Mapping[object, object]", value).items()
        yield from ((part, "{}") for item in items for part in item)
