"""What the generator raises, below the tree of `ioconnect_codemode.errors`.

CodeModeError
  EnvironmentInvalid     the environment document is not one; all its problems at once
  SourceError            a description is of no known kind
  OutputError            the target folder is not ours to write into
  AssetsError            third-party files of the browser's folder are missing, tampered with, or can't be fetched
  UnsafeModelError       generated source holds something that our own form never has; nothing of it is used
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ioconnect_codemode.errors import CodeModeError
from ioconnect_codemode.messages import counted

_FILES_SHOWN = 3  # where one is missing, most are
_CAPTURE = "codemode capture FILE -o environment.json"
_SHOWN_IN_LINE = 3
_SHOWN = 20  # a document with more problems than this is of another kind altogether


class EnvironmentInvalid(CodeModeError):
    """An environment document can't be used.

    Attributes:
        problems: One line each, `$.methods[3].name: expected str, got int`, in document order.
    """

    def __init__(self, problems: Sequence[str], *, are_of_entries: bool = False, is_unmarked: bool = False) -> None:
        self.problems = tuple(problems)
        mend = ""
        if is_unmarked:
            mend = f"; is it another kind of description, make an environment of it: {_CAPTURE}"
        elif are_of_entries:
            mend = f"; mend them, or leave these entries out: {_CAPTURE}"
        if is_unmarked or len(self.problems) <= _SHOWN_IN_LINE:
            super().__init__(f"this is no environment document, {_joined(self.problems, '; ', _SHOWN_IN_LINE)}{mend}")
            return
        shown = _joined(self.problems, "\n  ", _SHOWN)
        super().__init__(f"the environment document has {counted(len(self.problems), 'problem')}{mend}:\n  {shown}")


def _joined(problems: Sequence[str], between: str, limit: int) -> str:
    rest = len(problems) - limit
    return between.join([*problems[:limit], *([f"and {rest} more"] if rest > 0 else [])])


class SourceError(CodeModeError):
    """A description of an environment is of no known kind."""


class OutputError(CodeModeError):
    """The target folder holds files that no manifest of ours lists."""


class AssetsError(CodeModeError):
    """Third-party files of the browser's folder are missing, are not the pinned ones, or can't be fetched.

    Attributes:
        folder: Where they were looked for; None where the tool that fetches them is missing.
        problems: One line each.
    """

    def __init__(self, folder: Path | None, problems: Sequence[str]) -> None:
        self.folder = folder
        self.problems = tuple(problems)
        shown = "; ".join(self.problems[:_FILES_SHOWN])
        rest = len(self.problems) - _FILES_SHOWN
        more = f"; and {rest} more" if rest > 0 else ""
        mend = "" if folder is None else f"; fetch them with: codemode web fetch {folder}"
        super().__init__(f"the assets of the browser{'' if folder is None else f' in {folder}'}: {shown}{more}{mend}")


class UnsafeModelError(CodeModeError):
    """Generated source holds a statement, an import or a name that the generator never writes."""
