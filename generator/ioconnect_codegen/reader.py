"""Environment document -> `Environment`, checked; and again where a document follows an earlier one."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from ioconnect_codegen.environment import Environment, GatewayInfo
from ioconnect_codegen.errors import EnvironmentInvalid
from ioconnect_codegen.facts import (
    Facts,
    app_in,
    contradiction_in,
    gateway_in,
    intent_in,
    method_in,
    result_in,
    tool_in,
    working_value_in,
    workspace_in,
)
from ioconnect_codegen.kept import span
from ioconnect_codegen.problems import LISTS, are_of_entries, problems_of
from ioconnect_codemode.values import JsonValue

T = TypeVar("T")

_NEWER = frozenset({"workingContext", "results"})
"""Lists that count in a digest where there is something in them: documents without them keep theirs."""
_FEW = 50  # changed entries; to put more of them into an ordered list one by one takes longer than to order it anew


def read_environment(source: object) -> Environment:
    """Read an environment.

    Args:
        source: The path of a JSON file, or the document itself, parsed.

    Raises:
        EnvironmentInvalid: The text is no JSON, or the document doesn't fit the schema; lists all problems.
        OSError: The file can't be read.
    """
    return EnvironmentReader().read(source)


class EnvironmentReader:
    """Reads environments that follow each other: what an entry says is the same object for as long as it says the same.

    What a method, tool, app, intent or workspace says is compared as text; one that is the same object as in the
    document before is not looked at again, so a document is never changed in place.
    """

    def __init__(self) -> None:
        self._entries: dict[str, _Entries] = {}
        self._gateway: GatewayInfo | None = None

    def read(self, source: object) -> Environment:
        """Read an environment, as `read_environment` does."""
        document = _parse(source.read_text(encoding="utf-8-sig")) if isinstance(source, Path) else source
        if problems := self._problems(document):
            raise EnvironmentInvalid(
                problems,
                are_of_entries=are_of_entries(problems),
                is_unmarked=not isinstance(document, dict) or "schemaVersion" not in document,
            )
        facts = Facts(document)
        before = self._entries
        self._entries = {key: _Entries(facts.items(key), before.get(key)) for key in LISTS}
        return Environment(
            name=facts.text("name"),
            description=facts.text("description"),
            methods=self._entries["methods"].read(method_in),
            tools=self._entries["tools"].read(tool_in),
            applications=self._entries["applications"].read(app_in),
            intents=self._entries["intents"].read(intent_in),
            workspaces=self._entries["workspaces"].read(workspace_in),
            working_context=self._entries["workingContext"].read(working_value_in),
            results=self._entries["results"].read(result_in),
            contradictions=self._entries["contradictions"].read(contradiction_in),
            gateway=self._gateway_of(facts),
            digest=self._digest(facts),
        )

    def _problems(self, document: object) -> list[str]:
        """Give what is wrong with a document; of the entries of the one before it is known that they are in order."""
        whole = document
        if isinstance(document, dict):
            changed = dict(cast("dict[str, object]", document))
            for key, before in self._entries.items():
                if isinstance(changed.get(key), list):
                    items = cast("list[object]", changed[key])
                    start, _, end = span(before.items, items)
                    changed[key] = items[start:end]
            if not problems_of(changed):
                return []
        return problems_of(whole)

    def _gateway_of(self, facts: Facts) -> GatewayInfo | None:
        """Give what the gateway keeps, the same object for as long as it says the same."""
        found = gateway_in(facts.inside("gateway")) if facts.mapping("gateway") else None
        if found != self._gateway:
            self._gateway = found
        return self._gateway

    def _digest(self, facts: Facts) -> str:
        # The lists are sets: an environment that answers in another order is still the same environment.
        parts = [_canonical(facts.others(LISTS))]
        said = {key: entries.digests for key, entries in self._entries.items() if key not in _NEWER or entries.digests}
        parts += [" ".join([key, *digests]) for key, digests in said.items()]
        return _sha256("\n".join(parts))


class _Entries:
    """The entries of one list of a document, with what they say as far as it was read.

    Attributes:
        items: The list.
        digests: Digest of every entry, in their own order.
    """

    def __init__(self, items: Sequence[JsonValue], before: _Entries | None) -> None:
        known: tuple[_Entry, ...] = () if before is None else before._entries
        start, end_known, end = span(() if before is None else before.items, items)
        left = known[start:end_known]
        by_identity = {id(entry.item): entry for entry in left}  # an entry holds its item: the identity stays its own
        alike = {entry.digest: entry for entry in left}
        come = tuple([by_identity.get(id(item)) or _entry(item, alike) for item in items[start:end]])
        self.items: Sequence[JsonValue] = items
        self.digests: list[str] = _exchanged(
            [] if before is None else before.digests, [one.digest for one in left], [one.digest for one in come]
        )
        self._entries: tuple[_Entry, ...] = (*known[:start], *come, *known[end_known:])
        self._said: tuple[object, ...] | None = None
        self._said_before: tuple[object, ...] | None = None if before is None else before._said
        self._changed = start, end_known, end

    def read(self, make: Callable[[Facts], T]) -> tuple[T, ...]:
        """Give what the entries say; `make` is the same for a list every time."""
        if self._said is None:
            start, end_known, end = self._changed
            before, self._said_before = self._said_before, None
            first, last = (0, len(self._entries)) if before is None else (start, end)
            said = [entry.read(make) for entry in self._entries[first:last]]
            self._said = tuple(said) if before is None else (*before[:start], *said, *before[end_known:])
        return cast("tuple[T, ...]", self._said)


def _entry(item: JsonValue, alike: dict[str, _Entry]) -> _Entry:
    """Give a new entry; what one that says the same has said already is not read again."""
    digest = _sha256(_canonical(item))
    same = alike.get(digest)
    alike[digest] = entry = _Entry(item=item, digest=digest, said=[] if same is None else same.said)
    return entry


def _exchanged(ordered: Sequence[str], gone: Sequence[str], come: Sequence[str]) -> list[str]:
    """Give an ordered list without some of its items and with some others."""
    if len(gone) + len(come) > _FEW:
        left = Counter(ordered)
        left.subtract(gone)
        return sorted([*left.elements(), *come])
    found = list(ordered)
    for one in gone:
        del found[bisect_left(found, one)]
    for one in come:
        insort(found, one)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One entry, the digest of its text, and what it says once it was read: a list that entries alike share."""

    item: JsonValue
    digest: str
    said: list[object]

    def read(self, make: Callable[[Facts], object]) -> object:
        if not self.said:
            self.said.append(make(Facts(self.item)))
        return self.said[0]


def _parse(text: str) -> object:
    def refuse(word: str) -> object:
        raise EnvironmentInvalid([f"$: {word} is not JSON"])

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        problem = f"$: not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise EnvironmentInvalid([problem]) from error
    except RecursionError as error:
        raise EnvironmentInvalid(["$: nested too deeply"]) from error


def _canonical(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
