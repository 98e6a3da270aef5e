"""The texts of `UnavailableError`: what was the matter, and what to do; one function a cause.

The reader is a person at a terminal or a model that has to decide whether to call again. Each text says so where an app
may have acted, because nothing stops an app that was called.
"""

from __future__ import annotations

from collections.abc import Sequence

from ioconnect_codemode.errors import UnavailableError
from ioconnect_codemode.transports.base import Route

SHOWN_CHARACTERS = 200
"""Names and reasons come from apps: no more of one than this goes into a message."""

SHOWN_APPLICATIONS = 5


def not_offered(route: Route) -> UnavailableError:
    """Say that no running app offers the method, or handles the intent."""
    verb = "offers" if route.kind in ("method", "stream") else "handles"
    return UnavailableError(
        f"No running app {verb} the {_named(route)}. Start an app that {verb} it.", was_sent=False, is_running=False
    )


def target_not_there(route: Route, target: str, offering: Sequence[str]) -> UnavailableError:
    """Say that apps offer it, and the one that was named is not among them."""
    shown = ", ".join(bounded(name) for name in offering[:5]) or "apps without a name"
    return UnavailableError(
        f'No running app or instance "{bounded(target)}" offers the {_named(route)}; offered by: {shown}.',
        was_sent=False,
    )


def is_for_a_person(route: Route, applications: Sequence[str]) -> UnavailableError:
    """Say that an intent has no handler that runs, and that several apps could be started for it."""
    choices = tuple(bounded(name) for name in applications[:SHOWN_APPLICATIONS])
    shown = ", ".join(f'"{name}"' for name in choices)
    return UnavailableError(
        f"No running app handles the {_named(route)}, and {len(applications)} apps declare it: {shown}. Which of them is "
        "for the user to choose: ask, then name it as target=, or start it and raise the intent again.",
        was_sent=False,
        is_running=False,
        choices=choices,
    )


def not_started(route: Route, application: str, reason: str) -> UnavailableError:
    """Say that the platform did not start the app that an intent needs."""
    return UnavailableError(
        f'The app "{bounded(application)}", which declares the {_named(route)}, was not started: {bounded(reason)}.',
        was_sent=False,
    )


def handler_did_not_come(route: Route, application: str, wait_s: float) -> UnavailableError:
    """Say that an app was started for an intent and doesn't handle it yet."""
    return UnavailableError(
        f'The app "{bounded(application)}" was asked to start for the {_named(route)} and does not handle it after '
        f"{wait_s:.1f} s. It was not stopped: look before you raise the intent again."
    )


def signature_changed(route: Route) -> UnavailableError:
    """Say that the name is there, the signature of the definitions is not."""
    return UnavailableError(
        f"The {_named(route)} is offered with another signature than in the definitions; generate them anew.",
        was_sent=False,
    )


def is_stream(route: Route) -> UnavailableError:
    """Say that the name belongs to a stream."""
    return UnavailableError(f"The {_named(route)} is a stream, which can't be called.", was_sent=False)


def is_no_stream(route: Route) -> UnavailableError:
    """Say that the name belongs to a method that is called."""
    return UnavailableError(f"The {_named(route)} is none any more: it is called.", was_sent=False)


def app_left(route: Route, application: str | None) -> UnavailableError:
    """Say that the app went away during the call."""
    who = f'app "{bounded(application)}"' if application else "app"
    return UnavailableError(
        f"The {who} left before it answered the {_named(route)}. What it has done is not known: look before you "
        "repeat the call."
    )


def not_delivered(route: Route, reason: str) -> UnavailableError:
    """Say that the gateway answered instead of the app."""
    return UnavailableError(f"The gateway did not deliver the call of the {_named(route)}: {bounded(reason)}.")


def no_answer(route: Route, timeout_s: float) -> UnavailableError:
    """Say that the time is over."""
    return UnavailableError(
        f"The {_named(route)} did not answer within {timeout_s:g} s. The app was not stopped and may still finish: "
        "look before you repeat the call."
    )


def unanswered(route: Route) -> str:
    """Say of one of several apps that the time of the call is over."""
    return (
        f"The {_named(route)} was not answered in the time of the call; the app was not stopped and may still finish."
    )


def connection_lost(route: Route, reason: str, *, to: str = "the gateway") -> UnavailableError:
    """Say that the connection went away during the call."""
    return UnavailableError(
        f"The connection to {to} was lost before the {_named(route)} answered ({bounded(reason)}). What the "
        "app has done is not known: look before you repeat the call, which connects anew."
    )


def connection_gone(route: Route, reason: str, *, to: str = "the gateway") -> UnavailableError:
    """Say that the connection went away before the call was sent."""
    return UnavailableError(
        f"The connection to {to} was lost before the {_named(route)} was called ({bounded(reason)}). Nothing was "
        "sent; the next call connects anew.",
        was_sent=False,
    )


def not_reached(address: str, reason: str) -> UnavailableError:
    """Say that there is no gateway, or no way to it."""
    return UnavailableError(
        f"No io.Connect gateway could be reached at {bounded(address)} ({bounded(reason)}); start io.Connect or "
        "mend the url.",
        was_sent=False,
    )


def login_refused(address: str, who: str, reason: str) -> UnavailableError:
    """Say that the gateway is there and does not want this user."""
    return UnavailableError(
        f"The gateway at {bounded(address)} refused {bounded(who)} ({bounded(reason)}); mend the "
        "user, the secret or the token.",
        was_sent=False,
    )


def agent_not_reached(address: str, reason: str) -> UnavailableError:
    """Say that there is no FDC3 desktop agent, or no way to it."""
    return UnavailableError(
        f"No FDC3 desktop agent could be reached at {bounded(address)} ({bounded(reason)}); start it or mend the url.",
        was_sent=False,
    )


def agent_refused(address: str, identity_url: str, reason: str) -> UnavailableError:
    """Say that the agent is there and does not know this app."""
    return UnavailableError(
        f"The desktop agent at {bounded(address)} does not know the app {bounded(identity_url)} ({bounded(reason)}); "
        "give it an entry in the agent's app directory, or mend the identity: the part of the url behind #.",
        was_sent=False,
    )


def agent_failed(route: Route, error: str) -> UnavailableError:
    """Say that the agent could not bring an intent to an app."""
    return UnavailableError(
        f"The desktop agent did not deliver the {_named(route)}: {bounded(error)}. An app may have been opened: look "
        "before you repeat it."
    )


def nobody_chose(route: Route) -> UnavailableError:
    """Say that the user was asked for an app and chose none."""
    return UnavailableError(f"The user chose no app for the {_named(route)}.", was_sent=False)


def transport_closed() -> UnavailableError:
    """Say that there is no transport any more."""
    return UnavailableError("The connection to io.Connect was closed on this side; open a new one.", was_sent=False)


def _named(route: Route) -> str:
    if route.kind == "context":
        return f"shared contexts ({bounded(route.name)})"
    what = route.kind if route.kind in ("method", "stream") else "intent"
    return f'{what} "{bounded(route.name)}"'


def bounded(text: str) -> str:
    """Give a text of an app as a message may show it: one line of what can be printed, and no more than some words."""
    text = "".join(one if one.isprintable() else " " for one in text[: 2 * SHOWN_CHARACTERS]).strip().rstrip(".")
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
