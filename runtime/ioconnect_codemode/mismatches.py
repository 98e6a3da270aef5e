"""What is said of arguments that do not fit: by the host on the desktop, by the worker in the browser."""

from __future__ import annotations

from collections.abc import Sequence

from ioconnect_codemode.check import Mismatch
from ioconnect_codemode.manifest_data import ParameterData
from ioconnect_codemode.messages import say
from ioconnect_codemode.records import nearest

_MOST = 3


def message_of(function: str, mismatches: Sequence[Mismatch]) -> str:
    """Say what does not fit, the first three of it."""
    return "; ".join(_text(function, one) for one in mismatches[:_MOST])


def hint_of(parameters: Sequence[ParameterData], mismatches: Sequence[Mismatch]) -> str:
    """Say what to do: the nearest parameter where there is none of that name."""
    unknown = next((one for one in mismatches if one.problem == "unknown"), None)
    near = nearest(unknown.parameter, [one["name"] for one in parameters]) if unknown else []
    if near:
        return say("argument", "did_you_mean_hint", names=", ".join(near))
    return say("argument", "number_hint" if any(map(_is_number_as_text, mismatches)) else "not_sent_hint")


def _is_number_as_text(mismatch: Mismatch) -> bool:
    return mismatch.got == "str" and mismatch.expected.partition(" | ")[0] in ("float", "int")


def wrong_type_text(function: str, path: str, expected: str, got: str) -> str:
    """Say what was expected somewhere and what came."""
    return say("argument", "wrong_type", function=function, path=path, expected=expected, got=got)


def _text(function: str, mismatch: Mismatch) -> str:
    match mismatch.problem:
        case "missing":
            return say("argument", "missing_argument", function=function, name=mismatch.parameter)
        case "unknown":
            return say("argument", "unknown_argument", function=function, name=mismatch.parameter)
        case "type":
            path = f"{mismatch.parameter}{mismatch.path}"
            return wrong_type_text(function, path, mismatch.expected, mismatch.got)
