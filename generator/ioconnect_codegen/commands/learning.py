"""The command that proposes result schemas where none are declared."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ioconnect_codegen.commands.given import (
    add_login,
    add_policy,
    document_of,
    gateway_of,
    policy_of,
    progress,
    remark,
)
from ioconnect_codegen.commands.parsing import Commands, add_command
from ioconnect_codemode.messages import counted

if TYPE_CHECKING:
    from ioconnect_codegen.probing import Examples
    from ioconnect_codemode.values import JsonValue


def add_learn(commands: Commands) -> None:
    """Add `learn`."""
    learn = add_command(commands, "learn", help="propose result schemas of what reads and declares none")
    learn.add_argument("url", metavar="URL", help="a running gateway, ws://127.0.0.1:8385 for instance")
    learn.add_argument("package", metavar="PACKAGE", type=Path, help="its codemode.toml says what only reads")
    learn.add_argument("-o", "--output", type=Path, metavar="FILE", required=True, help="overlay, to be reviewed")
    learn.add_argument("--examples", metavar="FILE", help='arguments, {"crm.get_client": [{"id": "CL-10024"}]}; or -')
    add_policy(learn)
    add_login(learn)
    learn.set_defaults(command=_learn)


def _learn(options: argparse.Namespace) -> int:
    import asyncio

    return asyncio.run(_learn_from(options))


async def _learn_from(options: argparse.Namespace) -> int:
    """Call what reads, write the overlay, say what is next; 1 where nothing could be learnt."""
    from ioconnect_codegen.learn import learn, overlay_text, read_examples
    from ioconnect_codegen.output import put_document
    from ioconnect_codemode import Manifest

    policy = policy_of(options)
    manifest = policy.apply(Manifest.read(options.package))
    transport = gateway_of(options, options.url)
    examples: Examples = (
        {} if options.examples is None else read_examples(cast("JsonValue", document_of(options.examples)))
    )
    try:
        await transport.describe()  # where nothing can be reached, that is said once
        learned = await learn(manifest, policy, transport, examples=examples, progress=progress)
    finally:
        await transport.close()
    for line in learned.remarks:
        remark(line)
    if not learned.count:
        remark(
            "nothing learnt: no capability that reads was asked without a declared result; see codemode learn --help"
        )
        return 1
    put_document(options.output, overlay_text(learned.overlay))
    remark(
        f"{options.output}: {counted(learned.count, 'result')} proposed; review keys, types and what is required, "
        f"then: codemode generate ENVIRONMENT {options.output}"
    )
    return 0
