"""Approval: which calls a person is asked about, what they are asked, and what follows.

The question is in our own words, made from the function, its app, its effect and its arguments: a person can't be asked
to read code, and a text that came from elsewhere must not ask for itself. Whatever could move the cursor, turn the
direction of writing or hide is shown as an escape. Of a long argument both ends are shown and how long it is: what was
put behind the part that fits a line must not pass unseen.
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeGuard, cast

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.manifest_data import EFFECTS, CapabilityData, Effect
from ioconnect_codemode.messages import say

if TYPE_CHECKING:
    from ioconnect_codemode.values import JsonValue

_ARGUMENT_CHARACTERS = 80
_ARGUMENTS_CHARACTERS = 240
_ENDING_CHARACTERS = 20  # of an argument that is cut
_APP_CHARACTERS = 60
_APPS = 3
_LONGEST_S = 86_400
# Letters, signs and marks that nothing is seen of: fillers, the blank of braille, joiners, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRules:
    """Which calls a person is asked about. An effect that is not known counts as a write.

    Attributes:
        ask: Effects, or globs over full names: such a call waits for a person.
        deny: The same: such a capability is not in the catalog. Wins over `ask`.
        expires_s: Seconds after which a question that nobody has answered counts as refused.
    """

    ask: Sequence[str] = ()
    deny: Sequence[str] = ()
    expires_s: float = 600.0

    def __post_init__(self) -> None:
        for name in ("ask", "deny"):
            value: object = getattr(self, name)
            if not are_texts(value):
                raise UsageError(f"{name} must be a list of text")
            for rule in value:
                if not is_rule(rule):
                    raise UsageError(neither(rule))
        if not is_expiry(self.expires_s):
            raise UsageError(EXPIRY)

    def asks(self, name: str, effect: Effect) -> bool:
        """Say whether a call waits for a person."""
        return _named(name, effect, self.ask)

    def denies(self, name: str, effect: Effect) -> bool:
        """Say whether a capability is kept out of the catalog."""
        return _named(name, effect, self.deny)


EXPIRY = f"expires_s must be a number of seconds above 0 and up to {_LONGEST_S:,}"


def are_texts(value: object) -> TypeGuard[Sequence[str]]:
    """Whether a value is a list of texts, and not one text: a policy would take that for its characters."""
    is_list = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
    return is_list and all(isinstance(one, str) for one in cast("Sequence[object]", value))


def is_rule(rule: str) -> bool:
    """Whether a rule can mean anything: an effect, or a glob over full names."""
    return rule in EFFECTS or is_name(rule)


def is_name(rule: str) -> bool:
    """Whether a rule can be a glob over full names."""
    return "." in rule or "*" in rule


def neither(rule: str, other: str = "an effect") -> str:
    """Say that a rule means nothing."""
    return f'"{rule}" is neither {other} nor a name like "crm.add_*"'


def is_expiry(seconds: object) -> bool:
    """Whether a question can wait that long."""
    return isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 < seconds <= _LONGEST_S


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """What a person is asked.

    Attributes:
        capability: Full Python name.
        arguments: By parameter name, as they will be sent; whole, and not masked as in the sentence.
        effect: What the capability does.
        sentence: The question in our own words, bounded, on one line.
        expires_s: Seconds until it counts as refused.
    """

    capability: str
    arguments: Mapping[str, JsonValue]
    effect: Effect
    sentence: str
    expires_s: float


OnApproval: TypeAlias = Callable[[ApprovalRequest], Awaitable[bool]]
"""Asks a person; true approves, anything else refuses."""


def request_of(
    name: str,
    entry: CapabilityData,
    arguments: Mapping[str, JsonValue],
    *,
    expires_s: float,
    shown: Mapping[str, JsonValue] | None = None,
) -> ApprovalRequest:
    """Give the question about one call.

    Args:
        name: Full Python name.
        entry: The capability.
        arguments: As they will be sent.
        expires_s: Seconds until it counts as refused.
        shown: The arguments as the sentence may show them, where that is not as they are.
    """
    apps = " or ".join(harmless(app, characters=_APP_CHARACTERS) for app in entry["apps"][:_APPS]) or "an app"
    sentence = say(
        "approval_needed", entry["effect"], app=apps, call=call_text(name, arguments if shown is None else shown)
    )
    return ApprovalRequest(
        capability=name, arguments=arguments, effect=entry["effect"], sentence=sentence, expires_s=expires_s
    )


async def ask(on_approval: OnApproval, request: ApprovalRequest) -> bool | None:
    """Have a person asked; None where nobody answered in time."""
    asked = asyncio.ensure_future(on_approval(request))
    try:
        # Unlike wait_for, this never raises what the callback raised: a TimeoutError of its own stays its own.
        await asyncio.wait({asked}, timeout=request.expires_s)
        if not asked.done():
            return None
        return False if asked.cancelled() else asked.result() is True
    finally:
        asked.cancel()
        asked.add_done_callback(lambda done: done.cancelled() or done.exception())


def call_text(name: str, arguments: Mapping[str, JsonValue]) -> str:
    """Give a call as text, `crm.add_note(client_id="CL-10024", text="...")`, bounded and on one line."""
    shown: list[str] = []
    room = _ARGUMENTS_CHARACTERS
    for key, value in arguments.items():
        text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
        part = f"{harmless(key, characters=40)}={_argument(text)}"
        room -= len(part)
        if room < 0:
            shown.append(f"and {len(arguments) - len(shown)} more")
            break
        shown.append(part)
    return f"{name}({', '.join(shown)})"


def _argument(text: str) -> str:
    if len(text) <= _ARGUMENT_CHARACTERS:
        return harmless(text, characters=_ARGUMENT_CHARACTERS)
    begin = text[: _ARGUMENT_CHARACTERS - _ENDING_CHARACTERS - 3]
    return f"{_visible(begin)}...{_visible(text[-_ENDING_CHARACTERS:])} ({len(text):,} characters)"


def harmless(text: str, *, characters: int) -> str:
    """Give a text of somebody else's, bounded; what is not plainly visible is an escape."""
    cut = text if len(text) <= characters else f"{text[: characters - 3]}..."
    return _visible(cut)


def _visible(text: str) -> str:
    return "".join(one if one.isprintable() and not _UNSEEN.match(one) else _escape(one) for one in text)


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if character > "\x7e" else f"\\u{ord(character):04x}"


def _named(name: str, effect: Effect, rules: Sequence[str]) -> bool:
    effects = {effect, "write"} if effect == "unknown" else {effect}
    return any(rule in effects or fnmatch.fnmatchcase(name, rule) for rule in rules)
