"""A desktop of more than 1,000 capabilities for measuring the search: what many desks of one bank would declare.

Its parts: `search_data/capabilities.txt` (desks described by hand), the wealth desk's environment, the tools of
`tool_set.py`, and every operation of `_OPERATIONS` on every subject of `_SUBJECTS`, the crowd among which the others must
be found. Nothing is random.

`questions()` gives what `search_data/questions.txt` asks. Every third question is unseen: nothing may be tuned on it.
`later_questions()` gives those of another hand, written when the search was there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tool_set import TOOLS

import ioconnect_schemas
from ioconnect_codegen.naming import snake
from ioconnect_codemode.values import JsonValue

_DATA = Path(__file__).parent / "search_data"
_BARE = 12  # every so many methods of the crowd, one has a name only: about the share of real desktops

_SUBJECTS = (
    *("Lease", "Vendor", "SupplierInvoice", "Budget", "Branch", "Employee", "Trust", "Guarantee", "LetterOfCredit"),
    *("Commodity", "Future", "StructuredProduct", "Warrant", "InsurancePolicy", "Mortgage", "Property", "Artwork"),
    *("CryptoWallet", "SafeBox", "Cheque", "DirectDebit", "CashPool", "TermDeposit", "SavingsPlan", "PensionScheme"),
    *("StockLoan", "Repo", "Securitisation", "Covenant", "Syndicate", "Pitchbook", "Campaign", "Survey", "Complaint"),
    *("Incident", "ChangeRequest", "Licence", "Dashboard", "Widget", "Theme", "Shortcut", "Bookmark", "Checklist"),
    *("DataFeed", "Backtest", "Signal", "Algorithm", "Venue"),
)
_OPERATIONS = (
    ("Get", "Details of one {one}, by number.", "number", "number, title, state, owner"),
    ("List", "All {many} that the user may see, by date.", "branch, limit", "number, title, date"),
    ("Search", "Finds {many} by text.", "text, limit", "number, title, relevance"),
    ("Create", "Enters a new {one}.", "title, amount, currency", "number"),
    ("Update", "Changes what is said of a {one}.", "number, field, value", "number, version"),
    ("Delete", "Removes a {one} for good.", "number", "removedAt"),
    ("Approve", "Approves a {one} that waits for a second pair of eyes.", "number, remark", "approvedBy, approvedAt"),
    ("Reject", "Declines a {one} and tells its owner why.", "number, reason", "rejectedAt"),
    ("Archive", "Puts a {one} away without losing it.", "number", "archivedAt"),
    ("Restore", "Brings an archived {one} back.", "number", "restoredAt"),
    ("Export", "Writes {many} to a file.", "format, branch", "fileName, rows"),
    ("Import", "Reads {many} from a file that a partner sent.", "fileName", "imported, skipped"),
    ("Assign", "Makes somebody responsible for a {one}.", "number, person", "owner, since"),
    ("Compare", "Shows where two {many} differ.", "first, second", "field, left, right"),
    ("Validate", "Checks a {one} for mistakes before it is used.", "number", "isValid, problems"),
    ("GetHistory", "Earlier states of a {one}, latest first.", "number, since", "version, author, at"),
    ("Count", "How many {many} there are, by state.", "branch", "state, count"),
    ("Share", "Lets a colleague see a {one}.", "number, person, until", "link"),
    ("Comment", "Adds a remark to a {one}.", "number, text", "commentId"),
    ("Summarise", "Key figures of a {one} over a period.", "number, from, to", "total, average, trend"),
)

Json = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks, and the functions of which each is an answer."""

    text: str
    answers: tuple[str, ...]


def environment() -> Json:
    """Give the environment document."""
    desk: Json = json.loads(ioconnect_schemas.read("examples/wealth_desk.environment.json"))
    methods = cast("list[JsonValue]", desk["methods"])
    listed: list[JsonValue] = [*methods, *_described(), *_crowd(), *_tools()]
    return {**desk, "name": "search-desktop", "methods": listed}


def questions(*, unseen: bool) -> list[Question]:
    """Give every third question, or the others."""
    found = [_question(line) for line in _lines("questions.txt")]
    return [one for number, one in enumerate(found, 1) if (number % 3 == 0) == unseen]


def later_questions(*, unseen: bool) -> list[Question]:
    """Give the questions of another hand: those that words were added after, or those that none was."""
    return [_question(line) for line in _lines("later_unseen.txt" if unseen else "later_seen.txt")]


def _lines(file: str) -> Iterator[str]:
    for line in (_DATA / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _question(line: str) -> Question:
    text, _, answers = line.partition(" | ")
    return Question(text=text, answers=tuple(answers.split(", ")))


def _described() -> Iterator[Json]:
    for line in _lines("capabilities.txt"):
        name, description, parameters, results = line.split(" | ")
        yield _method(name, description, parameters, results)


def _crowd() -> Iterator[Json]:
    number = 0
    for subject in _SUBJECTS:
        one = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in subject).strip()
        many = f"{one[:-1]}ies" if one.endswith("y") else f"{one}es" if one.endswith("ch") else f"{one}s"
        for operation, description, parameters, results in _OPERATIONS:
            number += 1
            name = f"{subject}Desk.{operation}{subject}"
            if number % _BARE == 0:
                yield {"name": name, "servers": [_server(subject)]}
            else:
                yield _method(name, description.format(one=one, many=many), parameters, results)


def _tools() -> Iterator[Json]:
    for tool in TOOLS:
        schemas: Json = {key: json.dumps(tool[key]) for key in ("inputSchema", "outputSchema") if key in tool}
        yield {
            "name": f"Assist.{tool['name']}",
            "description": tool.get("description", ""),
            "servers": [_server("Assist")],
            "flags": {"ioIntelMCPTool": {"name": tool["name"], **schemas}},
        }


def _method(name: str, description: str, parameters: str, results: str) -> Json:
    tool: Json = {
        "name": "_".join(snake(part) for part in name.split(".")),
        "inputSchema": json.dumps(_object(() if parameters == "none" else parameters.split(", "))),
        "outputSchema": json.dumps(_object(results.split(", "))),
    }
    return {
        "name": name,
        "description": description,
        "servers": [_server(name.partition(".")[0])],
        "flags": {"ioIntelMCPTool": tool},
    }


def _server(name: str) -> Json:
    return {"application": name.lower(), "instance": f"{name.lower()}-1"}


def _object(keys: object) -> Json:
    named = list(cast("list[str]", keys))
    fields: Json = {key: {"type": "string"} for key in named}
    return {"type": "object", "properties": fields, "required": list[JsonValue](named)}
