"""What a snippet is told of a call that gave it nothing: in whose words, how much of them, and what to do.

What an app says is its own words: one line of them, bounded, and names as literals.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ioconnect_codemode.admit import Admitted, Refusal
from ioconnect_codemode.egress import CUT_CHARACTERS
from ioconnect_codemode.errors import CallError, UnavailableError
from ioconnect_codemode.messages import say

START = "platform.start_application"
"""What starts an app that declares a capability and isn't running, where the catalog has it and policy leaves it."""
MESSAGE_CHARACTERS = CUT_CHARACTERS
"""Characters of the text of an error that a snippet gets."""
NAME_CHARACTERS = 120
"""Characters of a name that somebody else gave."""
_APPS_TOLD = 5  # of those that declare a capability


def refusal_of(error: CallError, admitted: Admitted, *, can_start: bool) -> Refusal:
    """Tell what a call ended in that its app, or the way to it, has failed; `can_start`: the snippet may start apps."""
    message = str(error)[:MESSAGE_CHARACTERS]
    app = " or ".join(admitted.entry["apps"][:3]) or "the app"
    hint: str | None = None
    if error.kind == "app_error":
        message = in_one_line(message)
        text = "answered" if message else "without_text"
        message = say("app_error", text, function=admitted.name, app=app, reason=message)
        hint = say("app_error", "uncaught_hint")
    else:
        message = f"{admitted.name}: {message}"
        if isinstance(error, UnavailableError) and error.was_sent and admitted.entry["effect"] != "read":
            hint = say("app_unavailable", "effect_unknown_hint")
        elif isinstance(error, UnavailableError) and error.choices:
            apps = ", ".join(json.dumps(app[:NAME_CHARACTERS]) for app in error.choices)
            hint = say("app_unavailable", "choice_hint", apps=apps)
        elif isinstance(error, UnavailableError) and not error.is_running and admitted.entry["apps"]:
            hint = _start_hint(admitted.entry["apps"], can_start=can_start)
    return Refusal(kind=error.kind, message=message, signature=admitted.entry["signature"], hint=hint)


def denied(text: str, function: str, **values: str) -> Refusal:
    """Tell that a person or a limit of approvals has refused a call; `text` is the one of `denied` in messages.json."""
    message = say("denied", text, function=function, **values)
    return Refusal(kind="denied", message=message, hint=say("denied", "final_hint"))


def in_one_line(text: str) -> str:
    """Give an app's own words without what would begin a line, or hide one, in the message that they go into."""
    return "".join(one if one.isprintable() else " " for one in text).strip()


def _start_hint(apps: Sequence[str], *, can_start: bool) -> str:
    """Say how an app that declares a capability is started; names are the apps' own words, so they are shown as literals."""
    shown = [json.dumps(app[:NAME_CHARACTERS]) for app in apps[:_APPS_TOLD]]
    if len(apps) == 1:
        text = "start_hint" if can_start else "not_running_hint"
        return say("app_unavailable", text, app=shown[0], function=START)
    text = "start_one_hint" if can_start else "none_running_hint"
    named = ", ".join(shown) + (", ..." if len(apps) > len(shown) else "")
    return say("app_unavailable", text, app=shown[0], apps=named, count=len(apps), function=START)
