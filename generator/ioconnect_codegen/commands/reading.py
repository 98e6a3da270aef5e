"""Commands that show a package as a model sees it, and run nothing."""

from __future__ import annotations

import argparse
import sys

from ioconnect_codegen.commands.given import add_package, add_policy, policy_of
from ioconnect_codegen.commands.parsing import Commands, add_command


def add_readers(commands: Commands) -> None:
    """Add `list` and `show`."""
    listing = add_command(commands, "list", help="what a package offers, as the model sees it")
    add_package(listing)
    listing.add_argument("query", metavar="QUERY", nargs="*", default=[], help="words of a task; without: all of it")
    listing.add_argument("--namespace", metavar="N", help="only this namespace")
    listing.add_argument(
        "--kind", choices=("method", "stream", "intent", "fdc3_intent", "context"), help="only functions of this kind"
    )
    listing.add_argument("--limit", type=int, default=20, metavar="K", help="the most functions, 1 to 200; default: 20")
    add_policy(listing)
    listing.set_defaults(command=_list)

    show = add_command(commands, "show", help="definitions, as the model sees them")
    add_package(show)
    show.add_argument("names", metavar="NAME", nargs="+", help="crm.get_client, get_client, crm or 'crm.find_*'")
    show.add_argument(
        "--detail",
        choices=("signature", "full"),
        default="signature",
        help="full: also what each parameter and field is, and the app's own name; default: signature",
    )
    add_policy(show)
    show.set_defaults(command=_show)


def _list(options: argparse.Namespace) -> int:
    from ioconnect_codemode import Manifest
    from ioconnect_codemode.lookup import list_text

    manifest = policy_of(options).apply(Manifest.read(options.package))
    text = list_text(
        manifest, " ".join(options.query), namespace=options.namespace, kind=options.kind, limit=options.limit
    )
    sys.stdout.write(f"{text}\n")
    return 0 if options.namespace is None or options.namespace in manifest.namespaces else 1


def _show(options: argparse.Namespace) -> int:
    from ioconnect_codemode import Manifest
    from ioconnect_codemode.lookup import definitions_text, resolved, type_named

    manifest = policy_of(options).apply(Manifest.read(options.package))
    sys.stdout.write(definitions_text(manifest, options.names, detail=options.detail) + "\n")
    return 0 if all(resolved(manifest, name) or type_named(manifest, name) for name in options.names) else 1
