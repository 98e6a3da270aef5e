"""Commands for the browser: fetch, build and serve its folder."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from ioconnect_codegen.commands.given import progress, say
from ioconnect_codegen.commands.parsing import Commands, add_command


def add_web(commands: Commands) -> None:
    """Add `web fetch`, `web build` and `web serve`."""
    web = add_command(commands, "web", help="the same in a browser: fetch, build and serve its folder")
    commands = web.add_subparsers(title="commands", required=True, metavar="COMMAND")
    fetch = add_command(commands, "fetch", help="Pyodide, the wheels and the validator, with npm and pip; pinned, once")
    fetch.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="default: .cache/web-assets")
    fetch.set_defaults(command=_fetch)
    build = add_command(commands, "build", help="one folder of plain files, for any web server")
    build.add_argument("out", metavar="OUT", type=Path, help="new folder, or one that was built before")
    build.add_argument(
        "packages", metavar="PACKAGE", type=Path, nargs="*", default=[], help="generated packages that pages open"
    )
    build.add_argument("--assets", metavar="DIR", type=Path, help="what `web fetch` made; default: .cache/web-assets")
    build.add_argument("--without-playground", action="store_true", help="neither the page nor the example's package")
    build.add_argument("--without-compression", action="store_true", help="no .br and .gz beside the files")
    build.add_argument("--check", action="store_true", help="write nothing; 1 where something would change")
    build.set_defaults(command=_build)
    serve = add_command(commands, "serve", help="serve a built folder on this machine, as a strict host would")
    serve.add_argument("out", metavar="OUT", type=Path, help="folder that `web build` wrote")
    serve.add_argument("--port", type=int, default=8890, help="default: 8890; 0 for any that is free")
    serve.add_argument("--isolated", action="store_true", help="send COOP and COEP as well")
    serve.set_defaults(command=_serve)


def _fetch(options: argparse.Namespace) -> int:
    from ioconnect_codegen.web.assets import DEFAULT_FOLDER
    from ioconnect_codegen.web.fetch import fetch

    folder = options.folder or DEFAULT_FOLDER
    is_new = fetch(folder, progress=progress)
    sys.stderr.write(f"{folder}: {'fetched' if is_new else 'complete, nothing fetched'}\n")
    return 0


def _build(options: argparse.Namespace) -> int:
    from ioconnect_codegen.web.assets import DEFAULT_FOLDER
    from ioconnect_codegen.web.build import Order, build, check

    order = Order(
        assets=options.assets or DEFAULT_FOLDER,
        packages=options.packages,
        with_playground=not options.without_playground,
        with_compression=not options.without_compression,
    )
    if options.check:
        lines = check(order, options.out, progress=progress)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 1 if lines else 0
    built = build(order, options.out, progress=progress)
    sys.stderr.write(f"{built.text(options.out)}; next: codemode web serve {options.out}\n")
    return 0


def _serve(options: argparse.Namespace) -> int:
    from ioconnect_codegen.web.serve import Site, serve

    with contextlib.suppress(KeyboardInterrupt):
        site = Site.open(options.out, is_isolated=options.isolated)
        serve(site, port=options.port, on_ready=lambda url: say(f"serving {url}"))
    return 0
