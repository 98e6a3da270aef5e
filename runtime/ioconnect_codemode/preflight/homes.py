"""Names that a snippet uses without having imported them: which safe module has them, or what stands in their place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from ioconnect_codemode.language import YIELDING_MODULES
from ioconnect_codemode.messages import say
from ioconnect_codemode.policy.names import MODULE_ADVICE

HOMES: Final = {
    name: module
    for module, members in {
        "abc": "ABC abstractmethod",
        "bisect": "bisect_left bisect_right insort",
        "collections": "ChainMap Counter OrderedDict defaultdict deque namedtuple",
        "contextlib": "ExitStack asynccontextmanager contextmanager nullcontext redirect_stdout suppress",
        "copy": "deepcopy",
        "dataclasses": "asdict astuple dataclass field fields replace",
        "datetime": "date timedelta timezone",
        "decimal": "Decimal ROUND_HALF_EVEN ROUND_HALF_UP",
        "enum": "Enum Flag IntEnum StrEnum auto",
        "fractions": "Fraction",
        "functools": "cache cached_property lru_cache partial reduce total_ordering wraps",
        "heapq": "heappop heappush nlargest nsmallest",
        "io": "StringIO",
        "itertools": "accumulate chain combinations groupby islice pairwise permutations product zip_longest",
        "math": "ceil floor isclose sqrt",
        "operator": "attrgetter itemgetter",
        "pprint": "pformat pprint",
        "random": "choice randint shuffle",
        "re": "findall",
        "statistics": "fmean mean median mode pstdev stdev variance",
        "time": "perf_counter sleep",
        "types": "SimpleNamespace",
        "typing": "Any Generic Literal NamedTuple NewType Optional Protocol TYPE_CHECKING TypeVar TypedDict Union cast",
        "uuid": "UUID uuid4",
        "zoneinfo": "ZoneInfo",
    }.items()
    for name in members.split()
}
"""Members of safe modules that snippets use as if they were there without an import."""

_WORDS: Final = {
    "true": "True",
    "false": "False",
    "null": "None",
    "undefined": "None",
    "nil": "None",
    "NaN": "None",
    "console": "print(...)",
}
"""Words of other languages, and of JSON, for what Python has."""

_TOOLS: Final = frozenset(
    ("list_python_definitions", "get_python_definitions", "execute_python_code", "inspect_python_api")
)
"""What a model calls, and not its snippet."""

_LANGUAGE: Final = frozenset(("python", "python3", "py"))
"""What a fence said of its code, where the fence has gone."""

_USUAL: Final = {"np": "numpy", "pd": "pandas", "plt": "matplotlib", "Path": "pathlib", "environ": "os"}
"""Names under which modules are known that snippets don't have, and what is known of them."""


def home_hint(name: str, known: Collection[str], near: Sequence[str] = ()) -> str | None:
    """Say what to write for a name that is not defined; None where nothing is known of it.

    Args:
        name: What was written.
        known: The names that exist; a module that an administrator has switched off is not among them.
        near: Names of the snippet and of namespaces that it may be a slip of: said too, where only a module is known.
    """
    word = _WORDS.get(name)
    if word is not None:
        return say("unknown_name", "write_hint", replacement=word)
    if name in _LANGUAGE:
        return say("unknown_name", "leave_out_hint", name=name)
    if name in _TOOLS:
        return say("unknown_name", "tool_hint", name=name)
    found = _module_hint(name, known)
    slips = [one for one in near if one.lower() != name.lower()]
    if found is None or not slips:
        return found
    return f"{found}; {say('unknown_name', 'did_you_mean_hint', names=', '.join(slips))}"


def _module_hint(name: str, known: Collection[str]) -> str | None:
    module = HOMES.get(name)
    if module is not None and (module in known or module in YIELDING_MODULES):
        return say("unknown_name", "import_hint", module=module, name=name)
    module = _USUAL.get(name, name)
    if module in MODULE_ADVICE:
        return say("unknown_name", "module_hint", module=module, replacement=MODULE_ADVICE[module])
    return None
