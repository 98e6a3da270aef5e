"""What a process rehearses: snippets of our own, a catalog of one function for them, and its answer.

A rehearsal fills what Python makes on first use. Before a fork its children then share that. After it, it touches what most
runs touch: shared memory costs three microseconds a page when it is first written, two milliseconds in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ioconnect_codemode.values import JsonValue

SHORT: Final = "1 + 1"
LONG: Final = """
import datetime
import json
import re

class Row:
    def __init__(self, name, amount):
        self.name = name
        self.amount = amount

def total(rows):
    totals = {}
    for row in rows:
        totals[row.name] = totals.get(row.name, 0) + row.amount
    return totals

totals = total([Row(f"r{index}", index * 1.5) for index in range(3)])
try:
    totals["missing"]
except KeyError as error:
    print("warm", error, sorted(totals, key=lambda name: -totals[name]))
json.dumps({"when": str(datetime.date(2026, 1, 2)), "found": bool(re.search(r"r\\d", "r1")), **totals})
"""
RAISES: Final = "def divide(x):\n    return 1 / x\ndivide(0)"
USUAL: Final = """
def grown(item, by=1):
    return item["size"] + by

first = rehearsal.find(text="i0")
items = [{"name": f"i{place}", "size": place} for place in range(3)]
most, names = 0, [first.name]
for item in items:
    if item["size"] > most and item["name"].startswith("i"):
        most = grown(item, by=2)
        names.append(item["name"])
print(most)
{"most": most, "names": sorted(names), "half": most / 2}
"""
"""The least, what models write with imports and a class, one that fails, and what every second snippet is made of, a call
of the catalog among it."""

KEY: Final = "rehearsal"
"""Names the catalog of the rehearsal; those of opened packages have sixteen hexadecimal digits."""

LIMITS: Final = {"printed_characters": 1_000, "memory_bytes": 0, "frame_bytes": 1_000_000}

STUBS: Final = """
from __future__ import annotations

from ioconnect_codemode.stubs import Record, call


class Place(Record):
    row: int


class Thing(Record):
    name: str
    place: Place | None = None


def find(text: str) -> Thing:
    return call("rehearsal.find", {"text": text}, Thing)
"""


def _field(name: str, type_: str, *, required: bool) -> dict[str, object]:
    return {"name": name, "key": name, "type": type_, "required": required}


def _record(definition: str, *fields: dict[str, object]) -> dict[str, object]:
    return {
        "kind": "record",
        "module": "rehearsal",
        "definition": definition,
        "open": True,
        "uses": [],
        "fields": list(fields),
    }


def catalog() -> dict[str, object]:
    """Give the catalog as `lookup.ahead_message` gives one."""
    return {
        "key": KEY,
        "modules": {"rehearsal": compile(STUBS, "<rehearsal>", "exec", dont_inherit=True)},
        "namespaces": {"rehearsal": {"module": "rehearsal", "functions": ["find"]}},
        "functions": {},
        "entries": {
            "rehearsal.find": {
                "parameters": [_field("text", "str", required=True)],
                "returns": "Thing",
                "signature": "rehearsal.find(text: str) -> Thing",
            }
        },
        "types": {
            "Place": _record("class Place: row: int", _field("row", "int", required=True)),
            "Thing": _record(
                "class Thing: name: str; place: Place | None",
                _field("name", "str", required=True),
                _field("place", "Place", required=False),
            ),
        },
        "types_of": {"rehearsal": ["Place", "Thing"]},
        "masks": {},
    }


def answer() -> dict[str, JsonValue]:
    """Give what `rehearsal.find` answers, each time anew: an answer is used up."""
    return {"name": "i0", "place": {"row": 1}}
