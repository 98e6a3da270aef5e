"""How this peer proves who it is to a gateway.

A gateway knows three ways: a user's secret, an access token, and a gateway token. io.Connect Desktop gives an app that
it starts what it needs in the environment variable `_GD_STARTING_CONTEXT_` and in no file: a JSON object with `gwURL`,
`gwToken`, `instanceId`, `env`, `region` and `applicationConfig.name` (read in `@interopio/core` 6.10). Credentials go
into the log-in and nowhere else: no text shows them.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.values import JsonValue

STARTING_CONTEXT = "_GD_STARTING_CONTEXT_"
"""The environment variable of an app that io.Connect Desktop has started."""

_SAID = {"instanceId": "instance", "env": "environment", "region": "region"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSecret:
    """A user's name and secret. The open gateway believes any."""

    user: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token of an earlier log-in, good as long as that gateway runs, or of an identity provider."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayToken:
    """A token that io.Connect Desktop gives to an app that it starts; good for one log-in."""

    token: str = field(repr=False)


Credentials: TypeAlias = UserSecret | AccessToken | GatewayToken


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What io.Connect Desktop has told an app that it started.

    Attributes:
        url: Of the gateway.
        application: The app's name, None where it wasn't said.
        identity: What else a peer is to say of itself: the instance that io.Connect Desktop knows it by, its
            environment and region.
    """

    url: str
    credentials: GatewayToken
    application: str | None = None
    identity: Mapping[str, str] = field(default_factory=dict[str, str])


def authentication(credentials: Credentials) -> dict[str, JsonValue]:
    """Give the `authentication` of a hello."""
    match credentials:
        case UserSecret(user=user, secret=secret):
            return {"method": "secret", "login": user, "secret": secret}
        case AccessToken(token=token):
            return {"method": "access-token", "token": token}
        case GatewayToken(token=token):
            return {"method": "gateway-token", "token": token}


def secret_of(credentials: Credentials) -> str:
    """Give the text that must not be shown."""
    return credentials.secret if isinstance(credentials, UserSecret) else credentials.token


def start_of(environ: Mapping[str, str]) -> Start | None:
    """Give what io.Connect Desktop has told this process, None where it wasn't started by it.

    Raises:
        UsageError: The variable is there and can't be read; its content is not shown.
    """
    text = environ.get(STARTING_CONTEXT)
    if text is None:
        return None
    try:
        context: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        context = None
    match context:
        case {"gwURL": str(url), "gwToken": str(token), **rest}:
            config = rest.get("applicationConfig")
            name = config.get("name") if isinstance(config, dict) else None
            application = name if isinstance(name, str) else None
            said = {ours: one for theirs, ours in _SAID.items() if isinstance(one := rest.get(theirs), str) and one}
            return Start(url=url, credentials=GatewayToken(token=token), application=application, identity=said)
        case _:
            raise UsageError(f"{STARTING_CONTEXT} is not what io.Connect Desktop gives: it needs gwURL and gwToken.")


def token_of_file(path: Path) -> str:
    """Give the token that a file holds.

    Raises:
        UsageError: The file can't be read, or holds nothing.
    """
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise UsageError(f"The token file {path} can't be read: {reason}.") from None
    if not token:
        raise UsageError(f"The token file {path} is empty.")
    return token


def system_user() -> str:
    """Give the name of the operating system's user, which is what io.Connect Desktop logs its apps in with.

    Raises:
        UsageError: The system knows none.
    """
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:  # before Python 3.13 it was not always an OSError
        raise UsageError("The operating system knows no name of this user: name one, user= or --user NAME.") from error
