"""Everything that this package raises, as one tree.

CodeModeError
  UsageError                    the API was used wrongly (also a ValueError)
  PackageError                  a generated package can't be read, or its parts do not fit together
  PolicyError                   a policy file can't be used
  CaptureError                  a running environment can't be described
  FrameError                    a frame between worker and session breaks the protocol
  WorkerLost                    a worker ended or broke the protocol before its run was over
  ObserverError                 an observer of runs stops the run: what it does must not go unrecorded
  CallError                     a bridge call did not give a result; a snippet can catch these
    AppError(RuntimeError)          the app answered with an error of its own
    ArgumentError(TypeError)        the arguments do not fit the definition; nothing was sent
    ResultError(ValueError)         the app's answer does not fit its declaration
    DeniedError(PermissionError)    policy refused the call; nothing was sent
    UnavailableError(LookupError)   no running app offers the capability, it left, it did not answer in time,
                                    or the connection is gone

Each class has a stable `kind`: the word used in an outcome's error (`docs/outcome.md`).
The five call errors exist under the same names inside the sandbox, so `except AppError` in a snippet catches
what the transport raised.
"""

from __future__ import annotations

from typing import ClassVar


class CodeModeError(Exception):
    """Base of everything that this package raises."""

    kind: ClassVar[str] = "internal"


class UsageError(CodeModeError, ValueError):
    """The API was used wrongly; the message says what is wrong and how to mend it."""


class PackageError(CodeModeError):
    """A generated package can't be read, is incomplete, or was made for another version."""


class PolicyError(CodeModeError):
    """A policy can't be read, or asks for something that this version doesn't enforce."""


class CaptureError(CodeModeError):
    """A running environment can't be reached or doesn't describe itself."""


class FrameError(CodeModeError):
    """A frame is malformed, too large, or not allowed at this point of the conversation."""

    kind = "worker_lost"


class WorkerLost(CodeModeError):
    """A worker ended or broke the protocol before its run was over, or none can be started."""

    kind = "worker_lost"


class ObserverError(CodeModeError):
    """An observer of runs stops the run; its message goes into the outcome, so it names no path and no content."""


class CallError(CodeModeError):
    """A bridge call did not give a result."""


class AppError(CallError, RuntimeError):
    """The app answered with an error; the message is the app's own, bounded."""

    kind = "app_error"


class ArgumentError(CallError, TypeError):
    """The arguments do not fit the definition; nothing was sent to the app."""

    kind = "argument"


class ResultError(CallError, ValueError):
    """The app's answer does not fit the declared result."""

    kind = "result_shape"


class DeniedError(CallError, PermissionError):
    """Policy refused the call; nothing was sent to the app."""

    kind = "denied"


class UnavailableError(CallError, LookupError):
    """No running app offers the capability, it left, it did not answer in time, or the connection is gone.

    Attributes:
        was_sent: Whether the call may have reached an app: then what the app has done is not known.
        is_running: Whether an app that offers it runs, as far as that is known.
        choices: The apps that the user has to choose from; empty where there is nothing to choose.
    """

    kind = "app_unavailable"

    def __init__(
        self, message: str = "", *, was_sent: bool = True, is_running: bool = True, choices: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.was_sent = was_sent
        self.is_running = is_running
        self.choices = choices


CALL_ERRORS: tuple[type[CallError], ...] = (AppError, ArgumentError, ResultError, DeniedError, UnavailableError)
"""The errors that a snippet can catch by name."""
