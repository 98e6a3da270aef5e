"""The `codemode` command: its parser, and how each command ends. What a command does is in `commands/`.

Exit status: 0 it holds; 1 the snippet failed or `--check` or `--strict` found something; 2 wrong usage or unreadable
input, with one line that says what is wrong and how to mend it. Rooms are imported by the command that needs them:
`codemode --help` must answer within 150 ms.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ioconnect_codegen.commands.learning import add_learn
from ioconnect_codegen.commands.making import add_makers
from ioconnect_codegen.commands.parsing import Parser, add_command, complain
from ioconnect_codegen.commands.reading import add_readers
from ioconnect_codegen.commands.running import add_runners
from ioconnect_codegen.commands.serving import add_serve
from ioconnect_codegen.commands.streams import give_up_output, settle
from ioconnect_codegen.commands.web import add_web
from ioconnect_codemode.errors import CodeModeError
from ioconnect_codemode.version import VERSION


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status."""
    try:
        settle()
        options = parser().parse_args(arguments)
        status = int(options.command(options))
        sys.stdout.flush()
        return status
    except CodeModeError as error:
        return complain(str(error))
    except OSError as error:
        if error.filename is None:
            give_up_output()
        return complain(f"{'the output' if error.filename is None else error.filename}: {error.strerror or error}")
    except KeyboardInterrupt:
        return complain("interrupted")


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command line; the documents are held to it."""
    made = Parser(
        prog="codemode",
        description="Code Mode for io.Connect: typed stubs of an environment, and a sandbox for a model's snippet.",
        epilog="Start with `codemode demo`. PACKAGE is a folder that `codemode generate` wrote.",
    )
    made.add_argument("--version", action="version", version=f"ioconnect-codemode {VERSION}")
    commands = made.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="name_of_command")

    demo = add_command(commands, "demo", help="the whole story on the embedded wealth desk")
    demo.set_defaults(command=_demo)

    add_makers(commands)
    add_learn(commands)
    add_readers(commands)
    add_runners(commands)
    add_serve(commands)
    add_web(commands)
    return made


def _demo(options: argparse.Namespace) -> int:
    import asyncio

    from ioconnect_codegen import demo

    del options
    return asyncio.run(demo.tell(sys.stdout.write))


if __name__ == "__main__":
    sys.exit(main())
