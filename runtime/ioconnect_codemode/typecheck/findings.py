"""What of the server's findings is told, in our words.

Only listed rules report, and of those only what can't be anything but a slip: a record is a dict at run time and an
answer needs no `await`, which a type checker can't know. A value that may be of several types is taken to be the right
one: `{"name": "Amelia", "amount": 3}["amount"]` is `str | int` to a checker and a number to everybody else, and in
`crm.find_clients(**{"name": "Amelia"})` the text is for the name, and not for every parameter. Of values that may be
None the pre-flight check speaks, which sees where a snippet is prepared for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.messages import say
from ioconnect_codemode.policy.waiting import FUTURE_ATTRIBUTES
from ioconnect_codemode.records import likely_fields
from ioconnect_codemode.typecheck.fitting import may_fit
from ioconnect_codemode.typecheck.server import Diagnostic

_FUNCTION = re.compile(r"\bfunction `([a-z_A-Z0-9]+\.[a-z_A-Z0-9]+)`")
_OWN_FUNCTION = re.compile(r"\bfunction `(\w+)`")
_TYPES = re.compile(r"Expected `([^`]+)`, found `([^`]+)`")
_ATTRIBUTE = re.compile(r"Object of type `([^`]+)` has no attribute `([^`]+)`")
_OPERATOR = re.compile(r"Operator `([^`]+)` is not supported between objects of type `([^`]+)` and `([^`]+)`")
_PREPARED = re.compile(r"\bexcept\b|\bsuppress\b|\bhasattr\b|\bgetattr\b|\bsetattr\b|\bisinstance\b|\btype\(")
_LITERAL = re.compile(r"^Literal\[(.+)\]$")
_MEMBER = re.compile(r'b?"(?:[^"\\]|\\.)*"|[^",\s]+')
_WRITTEN = re.compile(r'b?"|-?\d|True$|False$')  # a member of a Literal that is no member of an enumeration
_PLAIN = re.compile(r"(str|int|float|bool|bytes|Literal|list|dict|set|tuple)\b(?!\.)")  # not a class of the snippet's
_UNSURE = ("None", "Unknown", "Any", "Never", "@", "&", "~", " | ")
_TYPE_CHARACTERS = 80

_ARGUMENT_WORDS = (
    (re.compile(r"^No argument provided for required parameter `(?P<name>\w+)`"), "missing_argument"),
    (re.compile(r"^No arguments provided for required parameters `(?P<names>[\w`, ]+)`"), "missing_arguments"),
    (re.compile(r"^Argument `(?P<name>\w+)` does not match"), "unknown_argument"),
    (re.compile(r"^Multiple values provided for parameter `(?P<name>\w+)`"), "repeated_argument"),
    (
        re.compile(r"^Too many positional arguments .*expected (?P<expected>\d+), got (?P<got>\d+)"),
        "too_many_arguments",
    ),
)
_Words = tuple[str, str, "str | None"]


def problem_of(finding: Diagnostic, manifest: Manifest, source: str) -> Problem | None:
    """Give a finding in our words, at its place in the snippet; None where it is not told.

    Args:
        finding: What the server says; its text has one line more than the snippet, at the beginning.
        manifest: The catalog.
        source: The snippet.
    """
    say_it = _RULES.get(finding.rule)
    is_told = say_it is not None and finding.line >= 1 and not _is_spread(finding, source)
    words = say_it(finding.message, manifest, source) if say_it is not None and is_told else None
    if words is None:
        return None
    kind, message, hint = words
    column = finding.column
    read = _ATTRIBUTE.search(finding.message)
    if read is not None and finding.end_column > column + len(read[2]):
        column = finding.end_column - len(read[2])  # the attribute itself
    function = _FUNCTION.search(finding.message)
    entry = manifest.capabilities.get(function[1]) if function else None
    return Problem(
        kind=kind,
        message=message,
        line=finding.line,
        column=column + 1,
        end_column=max(finding.end_column, column + 1) + 1,
        hint=hint,
        signature=entry["signature"] if entry else None,
    )


def _is_spread(finding: Diagnostic, source: str) -> bool:
    """Whether this is `*items` or `**options`: to a checker any of the values may be given for any of the parameters."""
    lines = source.split("\n")
    at = lines[finding.line - 1][finding.column :] if finding.line <= len(lines) else ""
    return finding.rule == "invalid-argument-type" and at.startswith("*")


def _wrong_type(text: str, manifest: Manifest, source: str) -> _Words | None:
    found = _TYPES.search(text)
    if found is None or not _is_of_catalog(text, manifest):
        return None
    expected, got = found[1], found[2]
    records = [name for name in _types_of_catalog(manifest, source) if manifest.types[name]["kind"] == "record"]
    if _is_unsure(got) or may_fit(expected, got, records):
        return None
    literal = _LITERAL.match(got)
    if "Literal[" in expected and literal:
        choices = ", ".join(re.findall(r'"[^"]*"', expected))[:200]
        return "type_error", say("type_error", "not_a_choice", got=literal[1][:60], expected=choices), None
    return "type_error", say("type_error", "wrong_type", expected=_short(expected), got=_short(got)), None


def _arguments(text: str, manifest: Manifest, source: str) -> _Words | None:
    if not _is_of_catalog(text, manifest) and not _is_own(text, source):
        return None
    for pattern, words in _ARGUMENT_WORDS:
        found = pattern.search(text)
        if found is not None:
            return (
                "type_error",
                say("type_error", words, **{key: part.replace("`", "") for key, part in found.groupdict().items()}),
                None,
            )
    return None


def _attribute(text: str, manifest: Manifest, source: str) -> _Words | None:
    found = _ATTRIBUTE.search(text)
    if found is None or _PREPARED.search(source) or _is_unsure(found[1]):
        return None
    owner, name = found[1], found[2]
    if name in FUTURE_ATTRIBUTES:  # of what is awaited later; the projection gives the result at once
        return None
    if re.search(rf"""["']{re.escape(name)}["']""", source):  # a key that the snippet may have added
        return None
    data = manifest.types[owner] if owner in _types_of_catalog(manifest, source) else None
    if data is None and not _PLAIN.match(owner):
        return None
    if data is None:
        return "type_error", say("type_error", "no_attribute", got=_short(owner), name=name[:60]), None
    names = [one["name"] for one in data.get("fields", [])]
    if hasattr(dict, name):
        return None
    near = likely_fields(name, names)
    hint = (
        say("unknown_name", "did_you_mean_hint", names=", ".join(near))
        if near
        else say("unknown_name", "fields_hint", type=owner, names=", ".join(names[:12]))
    )
    return "unknown_name", say("unknown_name", "field", type=owner, name=name[:60]), hint


def _operator(text: str, manifest: Manifest, source: str) -> _Words | None:
    found = _OPERATOR.search(text)
    operands = found.groups()[1:] if found else ()
    if found is None or _PREPARED.search(source) or any(_is_unsure(one) for one in operands):
        return None
    known = _types_of_catalog(manifest, source)
    if not all(_PLAIN.match(one) or one in known for one in operands):
        return None
    message = say("type_error", "operands", operator=found[1], expected=_short(found[2]), got=_short(found[3]))
    return "type_error", message, None


_RULES: Mapping[str, Callable[[str, Manifest, str], _Words | None]] = {
    "invalid-argument-type": _wrong_type,
    "missing-argument": _arguments,
    "unknown-argument": _arguments,
    "too-many-positional-arguments": _arguments,
    "parameter-already-assigned": _arguments,
    "missing-attribute": _attribute,
    "unsupported-operator": _operator,
}
LISTED = tuple(_RULES)
"""The rules that report; the server is told to leave all others out."""


def _is_of_catalog(text: str, manifest: Manifest) -> bool:
    function = _FUNCTION.search(text)
    return function is not None and function[1] in manifest.capabilities


def _types_of_catalog(manifest: Manifest, source: str) -> set[str]:
    """Give the types that a finding names by their plain name: those of which the snippet makes none of its own."""
    own = re.findall(r"\bclass\s+(\w+)|\b(\w+)\s*(?::[^=\n]*)?=(?!=)", source)
    return set(manifest.types).difference(*own)


def _is_own(text: str, source: str) -> bool:
    """Whether a function is one that the snippet defines once and plainly, and calls without being prepared for an error."""
    function = _OWN_FUNCTION.search(text)
    if function is None or _PREPARED.search(source):
        return False
    defined = re.findall(rf"^(.*)\n[ \t]*(?:async[ ]+)?def {function[1]}\(", f"\n{source}", re.MULTILINE)
    return len(defined) == 1 and not defined[0].lstrip().startswith(("@", ")"))


def _is_unsure(text: str) -> bool:
    literal = _LITERAL.match(text)
    if literal:  # whose members are the snippet's own text: only whether they are of one kind is asked
        members = _MEMBER.findall(literal[1])
        return not all(map(_WRITTEN.match, members)) or len({one.startswith('"') for one in members}) > 1
    return any(part in text for part in _UNSURE)


def _short(text: str) -> str:
    literal = _LITERAL.match(text)
    if literal:
        text = "str" if literal[1][:1] in "\"'" else "bool" if literal[1] in ("True", "False") else "int"
    return text[:_TYPE_CHARACTERS]
