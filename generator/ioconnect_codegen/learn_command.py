"""What `codemode learn` does: call, propose, write, say what is next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from ioconnect_codegen.learn import learn, overlay_text, read_examples
from ioconnect_codegen.output import put_document
from ioconnect_codegen.probing import Examples
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.transports import Transport
from ioconnect_codemode.values import JsonValue


async def learn_into(
    output: Path,
    *,
    manifest: Manifest,
    policy: Policy,
    transport: Transport,
    examples: object,
    progress: Callable[[str], None],
    remark: Callable[[str], None],
) -> int:
    """Write an overlay; gives the exit status, 1 where nothing could be learnt.

    Args:
        output: Where the overlay goes.
        manifest: The catalog as policy leaves it.
        policy: Says what reads.
        transport: To the running environment; closed at the end.
        examples: The document with arguments, None where there is none.
        progress: Called with a line for each call.
        remark: Called with a line for each capability that taught nothing, and with what is next.

    Raises:
        UsageError: The examples are none.
        CaptureError: There is no gateway.
        OSError: The overlay can't be written.
    """
    given: Examples = {} if examples is None else read_examples(cast("JsonValue", examples))
    try:
        await transport.describe()  # where nothing can be reached, that is said once
        learned = await learn(manifest, policy, transport, examples=given, progress=progress)
    finally:
        await transport.close()
    for line in learned.remarks:
        remark(line)
    if not learned.count:
        remark(
            "nothing learnt: no capability that reads was asked without a declared result; see codemode learn --help"
        )
        return 1
    put_document(output, overlay_text(learned.overlay))
    remark(
        f"{output}: {learned.count} results proposed; review keys, types and what is required, "
        f"then: codemode generate ENVIRONMENT {output}"
    )
    return 0
