"""What is wrong with an environment document: it is held to `environment.schema.json`, and all is told at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

import jsonschema_rs

import ioconnect_schemas
from ioconnect_codegen.errors import EnvironmentInvalid
from ioconnect_codegen.prose import one_line

LISTS = (
    *("methods", "tools", "applications", "intents", "workspaces", "workingContext", "results"),
    *("sources", "contradictions"),
)
"""The lists of a document; an entry of one of them can be left out."""

_ENTRY = re.compile(rf"(?P<entry>\$\.(?:{'|'.join(LISTS)})\[\d+\])(?P<inside>.*?): (?P<message>.*)", re.DOTALL)
_PYTHON_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict",
    "array": "list",
}


def problems_of(document: object) -> list[str]:
    """Give what is wrong with a document, one line each with its path; nothing where it is in order."""
    try:
        return [_problem(error, document) for error in _validator().iter_errors(document)]
    except (ValueError, TypeError) as error:
        return [f"$: not a JSON document: {one_line(str(error), limit=200)}"]


def are_of_entries(problems: Sequence[str]) -> bool:
    """Tell whether all of it is wrong with entries of lists, which can be left out."""
    return all(map(_ENTRY.match, problems))


def broken_entries(document: object) -> dict[str, str]:
    """Give the entries of a document's lists that are none, `$.tools[3]`, each with what is wrong with it."""
    found: dict[str, str] = {}
    for problem in filter(None, map(_ENTRY.match, problems_of(document))):
        found.setdefault(problem["entry"], f"{problem['inside'].lstrip('.')}: {problem['message']}".lstrip(": "))
    return found


def refuse_beyond_entries(document: object) -> None:
    """Refuse a document in which more is wrong than entries that can be left out.

    Raises:
        EnvironmentInvalid: There is; lists all problems.
    """
    problems = problems_of(document)
    if not are_of_entries(problems):
        raise EnvironmentInvalid(problems)


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(ioconnect_schemas.read("environment.schema.json")))


def _problem(error: jsonschema_rs.ValidationError, document: object) -> str:
    path = "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    kind = error.kind
    match kind:
        case jsonschema_rs.ValidationErrorKind.Type():
            expected = " or ".join(sorted(_PYTHON_TYPES.get(name, name) for name in kind.types))
            return f"{path}: expected {expected}, got {_type_at(document, error.instance_path)}"
        case jsonschema_rs.ValidationErrorKind.Required():
            return f"{path}: {kind.property!r} is missing"
        case jsonschema_rs.ValidationErrorKind.Constant():
            return f"{path}: expected {json.dumps(kind.expected_value)}"
        case jsonschema_rs.ValidationErrorKind.Enum():
            return f"{path}: expected one of {', '.join(json.dumps(option) for option in kind.options)}"
        case jsonschema_rs.ValidationErrorKind.MinLength():
            return f"{path}: must not be empty"
        case _:
            return f"{path}: does not fit {kind.name!r} of the schema"


def _type_at(document: object, path: Sequence[str | int]) -> str:
    value = document
    for part in path:
        if isinstance(value, Mapping | Sequence):  # it always is: the validator has walked this way
            value = cast("Mapping[str | int, object]", value)[part]
    return "None" if value is None else type(value).__name__
