"""Write what in the documents comes from the code: `make docs`; a test holds them to it.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`, an example of `error_examples.py` between
`<!-- example: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

from error_examples import drawn

from ioconnect_codemode.language import HELPERS, SAFE_MODULES
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.messages import table

HERE = Path(__file__).parent
_TABLE = re.compile(r"<!-- table: (?P<name>\w+) -->\n.*?<!-- end -->", re.DOTALL)
_EXAMPLE = re.compile(r"<!-- example: (?P<name>\w+) -->\n.*?<!-- end -->", re.DOTALL)


def kinds() -> list[Sequence[str]]:
    """Kinds of errors by stage."""
    rows: list[Sequence[str]] = [("kind", "stage", "a snippet can catch", "meaning")]
    for kind, data in table()["kinds"].items():
        exception = (
            f"`{data['exception']}`"
            if data["exception"]
            else "no"
            if data["stage"] != "in_the_snippet"
            else "its own class"
        )
        rows.append((f"`{kind}`", data["stage"].replace("_", " "), exception, data["meaning"]))
    return rows


def limits() -> list[Sequence[str]]:
    """Limits with their defaults."""
    meanings = dict(
        re.findall(r"^ {4}(\w+): (.+?)(?=\n {4}\w+: |\n\Z|\Z)", _attributes(Limits), re.DOTALL | re.MULTILINE)
    )
    defaults = Limits()
    rows: list[Sequence[str]] = [("limit", "default", "meaning")]
    for item in fields(Limits):
        value = getattr(defaults, item.name)
        rows.append(
            (
                f"`{item.name}`",
                f"{value:,g}" if isinstance(value, float) else f"{value:,}",
                " ".join(meanings[item.name].split()),
            )
        )
    return rows


def modules() -> list[Sequence[str]]:
    """Safe modules and helpers."""
    return [
        ("what", "names"),
        ("safe modules", ", ".join(f"`{name}`" for name in SAFE_MODULES)),
        ("helpers", ", ".join(f"`{name}`" for name in HELPERS if name != "inputs")),
    ]


def attacks() -> list[Sequence[str]]:
    """Attacks by family: on the language, alone and with all layers, and with the lock alone."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    from boundaries import attacks as language  # noqa: PLC0415 - the tests' own data, on no path but the tests'
    from boundaries import raw_attacks as raw  # noqa: PLC0415

    families = {family: len(found) for family, found in language.ATTACKS.items()}
    raw_families = Counter(attack.family for attack in raw.ATTACKS)
    return [
        ("family", "attacks", "modes"),
        *((family, str(count), "language alone; all layers") for family, count in families.items()),
        *((family, str(count), "lock alone") for family, count in raw_families.items()),
        ("all", str(sum(families.values()) + raw_families.total()), ""),
    ]


TABLES: dict[str, Callable[[], list[Sequence[str]]]] = {
    "kinds": kinds,
    "limits": limits,
    "modules": modules,
    "attacks": attacks,
}


def built(text: str) -> str:
    """Give a document's text with its tables and examples as the code has them now."""

    def one(found: re.Match[str]) -> str:
        rows = TABLES[found["name"]]()
        lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
        drawn = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
        return f"<!-- table: {found['name']} -->\n{drawn}\n<!-- end -->"

    return _EXAMPLE.sub(_example, _TABLE.sub(one, text))


def _example(found: re.Match[str]) -> str:
    return f"<!-- example: {found['name']} -->\n{drawn(found['name'])}\n<!-- end -->"


def _attributes(cls: type) -> str:
    return inspect.cleandoc(cls.__doc__ or "").partition("Attributes:\n")[2]


if __name__ == "__main__":
    for path in sorted(HERE.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if built(text) != text:
            path.write_text(built(text), encoding="utf-8")
            sys.stdout.write(f"{path.name} written\n")
