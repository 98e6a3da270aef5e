"""What a person should know about an environment before a model uses it: one finding a line, each with a mend."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ioconnect_codegen.catalog import Catalog
from ioconnect_codegen.drafts import Omission
from ioconnect_codegen.environment import Environment
from ioconnect_codegen.platform_names import intent_of_method, is_system_method
from ioconnect_codegen.prose import one_line

Kind: TypeAlias = Literal[
    "misdeclared",
    "no_answer",
    "left_out",
    "contradiction",
    "instruction",
    "look_alike",
    "unread",
    "renamed",
    "no_result",
    "not_offered",
    "no_caption",
    "hidden",
]

STRICT: frozenset[Kind] = frozenset({"left_out", "contradiction"})
"""What `--strict` fails on."""

SHOWN = 10
"""Findings that `codemode generate` shows; `codemode doctor` shows all."""

_HEADINGS: dict[Kind, tuple[str, str]] = {
    "misdeclared": (
        "answers that are not as declared",
        "Correct the declaration or the app: snippets are checked against what is declared.",
    ),
    "no_answer": ("read-only methods that did not answer", "See the reason; a snippet gets the same."),
    "left_out": ("left out", "Nothing calls it until the declaration is corrected: see the reason."),
    "contradiction": ("contradictions", "Correct the source that is wrong, and capture again. The first is used."),
    "instruction": (
        "text that reads like an instruction",
        "A model will read it: have its owner describe what the method does, or deny it.",
    ),
    "look_alike": (
        "names with letters of several alphabets",
        "A letter may only look like another one, and the name like another app's: have it renamed, or deny it.",
    ),
    "unread": (
        "not read",
        "Correct the declaration; give `codemode capture` the file that a reference leads to. Until then the value"
        " may be anything, and nothing checks it.",
    ),
    "renamed": (
        "other names",
        "Use the Python name in snippets. A tool name of the app's own (ioIntelMCPTool) settles it.",
    ),
    "no_result": (
        "no declared result",
        "Declare `returns`, an outputSchema of its tool or app definition, or the resultType of an intent: a model"
        " writes blind else.",
    ),
    "no_caption": (
        "apps without a caption",
        "Say in `caption` what the app does: a model finds its namespace and starts it by these words.",
    ),
    "hidden": (
        "hidden",
        "Nothing, if it is meant so: these are called with commands that can do anything. What is safe of them is"
        " offered under platform; intents are offered under intents.",
    ),
    "not_offered": (
        "not offered by the platform's calls",
        "Have an app offer an interop method that does it: a method can be called, a client library's call can't.",
    ),
}
KINDS: frozenset[Kind] = frozenset(_HEADINGS)
"""Every kind of finding."""

_ALIKE = frozenset({"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK"})  # have letters that look like Latin ones
_READ = 400_000  # characters of a text; every note of a schema of a thousand properties stands in them
INSTRUCTIONS = tuple(
    (words, re.compile(pattern, re.IGNORECASE))
    for words, pattern in (
        (
            ("ignore", "disregard", "forget", "override"),
            r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|other|all|any)\b.{0,30}"
            r"(?:instruction|prompt|rule|message|context|polic|guid)",
        ),
        (("you ",), r"\byou (?:must|should|shall|have to|need to|are now|will now)\b"),
        (
            ("as a", "system prompt", "dear "),
            r"\b(?:as an? (?:ai|assistant|language model)|system prompt|dear (?:ai|assistant|model))\b",
        ),
        (
            ("do not ", "don't ", "never "),
            r"\b(?:do not|don't|never) (?:tell|inform|mention|reveal|show|ask)\b.{0,30}\b(?:user|human|person)",
        ),
        (
            ("://",),
            r"\b(?:send|post|forward|upload|submit|report|transmit|exfiltrate)\b.{0,60}\b(?:https?|ftp|wss?)://",
        ),
        (("://",), r"\b(?:https?|ftp|wss?)://\S+.{0,40}\b(?:send|post|forward|upload|submit)\b"),
        (("ignore", "disregard", "override"), r"\b(?:ignore|disregard|override)\b.{0,20}\buser\b"),
        (
            ("the assistant ", "the model ", "the agent ", "the ai ", "the llm "),
            r"\bthe (?:assistant|model|agent|ai|llm) (?:must|should|shall|has to|needs to|will)\b",
        ),
        (("when",), r"\bwhen(?:ever)? you (?:see|read|find)\b"),
        (
            ("must be ", "should be "),
            r"\b(?:must|should) be (?:called|used|run) (?:first|before (?:any|all|each|every|other))\b",
        ),
        (("always ",), r"\balways (?:prefer|use|call|run)\b.{0,40}\b(?:this|first|over|instead)\b"),
        (
            ("assistant", "human", "##", "new instruction"),
            r"(?:^|[.!?]\s*)(?:assistant|human)\s*:|#{2,}\s*(?:instruction|system|assistant)|\bnew instructions?\s*:",
        ),
        (
            ("~/", "/etc/", ".ssh", "id_rsa", "api", "password"),
            r"\b(?:read|open|include|pass|append|attach|copy|print)\b.{0,40}"
            r"(?:~/|/etc/|\.ssh\b|id_rsa|\bapi.?keys?\b|\bpassword)",
        ),
        (
            ("calling", "using", "answering"),
            r"\b(?:before|after|instead of) (?:calling|using|answering)\b.{0,60}\b(?:always|first|must|call|read)\b",
        ),
        (("<", "inst]"), r"<\s*/?\s*(?:system|important|instructions?|assistant)\s*>|\[/?INST\]|<\|"),
    )
)
"""Patterns, each with words of which one is there wherever it matches: to look for words takes a tenth of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to know.

    Attributes:
        kind: What sort of thing it is.
        where: The method, app or capability that it is about.
        message: What was found, on one line.
        detail: The text that was read, with a caret below the place; may be empty.
    """

    kind: Kind
    where: str
    message: str
    detail: str = ""

    def __str__(self) -> str:
        """Give where and what on one line, and the detail below it."""
        line = f"{one_line(self.where, limit=120)}: {one_line(self.message)}"
        return f"{line}\n{self.detail}" if self.detail else line


def report(environment: Environment, catalog: Catalog) -> tuple[Finding, ...]:
    """Give everything to know about an environment and the catalog made of it, the gravest kinds first."""
    found = [
        *map(_omission, catalog.omissions),
        *_contradictions(environment),
        *_diagnostics(catalog),
        *_instructions(environment),
        *_look_alikes(catalog),
        *(
            Finding(kind="no_result", where=one.name, message=f"of {one.wire}")
            for one in catalog.capabilities
            if not one.is_result_declared and one.origin != "platform"
        ),
    ]
    return ordered(found)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give each finding once, the gravest kinds first."""
    order = list(_HEADINGS)
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: order.index(one.kind)))


def _look_alikes(catalog: Catalog) -> Iterator[Finding]:
    for one in catalog.capabilities:
        for word in () if one.name.isascii() else one.name.partition(".")[2].split("_"):
            letters = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
            alike = sorted(letters & _ALIKE)
            if "LATIN" in letters and alike:
                message = f"Latin letters beside {', '.join(alike).title()} ones in one word"
                yield Finding(kind="look_alike", where=one.wire, message=message)


def more_to_know(environment: Environment) -> tuple[Finding, ...]:
    """Give what concerns the desktop as a whole and no single declaration: only `codemode doctor` says it."""
    missing = [app for app in environment.applications if not app.caption.strip()]
    hidden = sorted({one.name for one in environment.methods if is_system_method(one.name)})
    carriers = sorted({one.name for one in environment.methods if intent_of_method(one.name) is not None})
    found = [Finding(kind="no_caption", where=app.name, message=app.title or "no title either") for app in missing]
    found += [Finding(kind="hidden", where=name, message="a method of io.Connect's own") for name in hidden]
    found += [Finding(kind="hidden", where=name, message="carries an intent") for name in carriers]
    return tuple(found)


def short_text(findings: Sequence[Finding]) -> str:
    """Give the first ten findings and the count of each kind: what `codemode generate` says."""
    if not findings:
        return ""
    lines = [f"{_HEADINGS[one.kind][0]}: {str(one).splitlines()[0]}" for one in findings[:SHOWN]]
    counts = ", ".join(f"{_HEADINGS[kind][0]}: {len(group)}" for kind, group in _grouped(findings).items())
    return "\n".join([*lines, f"{counts}; all of it: codemode doctor"]) + "\n"


def full_text(findings: Iterable[Finding]) -> str:
    """Give all findings by kind, each kind with its mend: what `codemode doctor` says."""
    parts: list[str] = []
    for kind, group in _grouped(findings).items():
        heading, mend = _HEADINGS[kind]
        body = "\n".join("  " + str(one).replace("\n", "\n  ") for one in group)
        parts.append(f"{heading} ({len(group)})\n{body}\n  mend: {mend}\n")
    return "\n".join(parts)


def heading_of(kind: Kind) -> tuple[str, str]:
    """Give what findings of a kind are called, and how they are mended."""
    return _HEADINGS[kind]


def is_instruction(text: str) -> bool:
    """Tell whether text of an app reads like an instruction to a model."""
    return _matches(one_line(text, limit=_READ), INSTRUCTIONS)


def _matches(line: str, patterns: Iterable[tuple[Sequence[str], re.Pattern[str]]]) -> bool:
    if not line.isascii():  # a pattern takes some other letters for s, k and i
        return any(pattern.search(line) for _, pattern in INSTRUCTIONS)
    lower = line.lower()
    for words, pattern in patterns:
        for word in words:
            if word in lower:
                if pattern.search(line):
                    return True
                break
    return False


def _possible(lines: Iterable[str]) -> list[tuple[Sequence[str], re.Pattern[str]]]:
    """Give the patterns of which any of these lines has a word, with just the words that are there."""
    together = "\n".join(lines).lower()
    there = (([word for word in words if word in together], pattern) for words, pattern in INSTRUCTIONS)
    return [(words, pattern) for words, pattern in there if words]


def _grouped(findings: Iterable[Finding]) -> dict[Kind, list[Finding]]:
    groups: dict[Kind, list[Finding]] = defaultdict(list)
    for one in findings:
        groups[one.kind].append(one)
    return groups


def _omission(one: Omission) -> Finding:
    return Finding(kind="left_out", where=one.name or "(no name)", message=one.reason)


def _contradictions(environment: Environment) -> Iterator[Finding]:
    for one in environment.contradictions:
        said = "; ".join(f"{value!r} ({', '.join(sources)})" for value, sources in one.said)
        yield Finding(kind="contradiction", where=one.about, message=said)


def _diagnostics(catalog: Catalog) -> Iterator[Finding]:
    for one in catalog.diagnostics:
        detail = "\n".join(str(one).splitlines()[1:])
        at = f", column {one.position + 1}" if detail else ""
        yield Finding(kind=one.kind, where=f"{one.where}{at}", message=one.message, detail=detail)


def _instructions(environment: Environment) -> Iterator[Finding]:
    texts = [(where, text, one_line(text, limit=_READ)) for where, text in _texts(environment) if text]
    possible = _possible(line for _, _, line in texts)
    for where, text, line in texts:
        if _matches(line, possible):
            yield Finding(kind="instruction", where=where, message=one_line(text, limit=160))


def _texts(environment: Environment) -> Iterator[tuple[str, str]]:
    """Give every text that may reach a model, with whose it is."""
    yield "the environment", environment.description
    for method in environment.methods:
        flags = repr(dict(method.flags)) if method.flags else ""
        yield from ((method.name, text) for text in (method.description, method.display_name, flags))
        yield from ((f"{method.name} signature", text) for text in (method.accepts, method.returns))
    for tool in environment.tools:
        schemas = repr((tool.input_schema, tool.output_schema))
        yield from ((f"tool {tool.name}", text) for text in (tool.title, tool.description, schemas))
    for app in environment.applications:
        yield from ((f"app {app.name}", text) for text in (app.title, app.caption))
        for declared in app.methods:
            schemas = repr((declared.input_schema, declared.output_schema))
            yield from ((f"app {app.name}, {declared.name}", text) for text in (declared.description, schemas))
        yield from ((f"app {app.name}, intent {one.name}", one.display_name) for one in app.intents)
    for intent in environment.intents:
        yield from ((f"intent {intent.name}", one.display_name) for one in intent.handlers)
    for value in environment.working_context:
        yield f"working context {value.name}", repr((value.path, value.value_schema))
    for workspace in environment.workspaces:
        yield f"workspace {workspace.name}", f"{workspace.description} {workspace.context_schema!r}"
