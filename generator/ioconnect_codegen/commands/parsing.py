"""The parser of one command: says what is wrong in one line, and takes options anywhere among the rest."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # pyright: ignore[reportPrivateUsage]
"""Where commands are added; argparse has no public name for its type."""


class Parser(argparse.ArgumentParser):
    """A parser that ends in the command's own words."""

    _is_parsing = False

    def error(self, message: str) -> NoReturn:
        """End with status 2."""
        self.exit(complain(f"{message}; see {self.prog} --help"))

    def parse_known_args(  # type: ignore[override]  # its overloads say the same of each kind of namespace
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Take `list PACKAGE --limit 5 QUERY` too: argparse alone takes what is optional together with what precedes it."""
        given = argparse.Namespace() if namespace is None else namespace
        if self._is_parsing or self._subparsers is not None:
            return super().parse_known_args(args, given)
        self._is_parsing = True  # what follows comes back here for the options, then for the rest
        try:
            return self.parse_known_intermixed_args(args, given)
        finally:
            self._is_parsing = False


def add_command(commands: Commands, name: str, *, help: str) -> Parser:
    """Add a command, whose own help begins with what the list of commands says of it."""
    return commands.add_parser(name, help=help, description=f"{help[:1].upper()}{help[1:]}.")


def complain(text: str) -> int:
    """Say on standard error what is wrong, and give the status of wrong usage and unreadable input."""
    sys.stderr.write(f"codemode: {text}\n")
    return 2
