"""What `codemode doctor --probe` finds: answers of read-only methods that their declarations don't describe."""

from __future__ import annotations

from collections.abc import Callable

from ioconnect_codegen.package import Builder
from ioconnect_codegen.probing import Probe
from ioconnect_codegen.reader import read_environment
from ioconnect_codegen.report import Finding
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.transports import Transport

_SHOWN = 3  # misfits of one method: the first tells its owner where to look


async def probed(document: object, transport: Transport, *, progress: Callable[[str], None]) -> list[Finding]:
    """Call the read-only methods without required arguments that declare a result, and give what doesn't fit.

    What reads is what its app says of itself (`readOnlyHint`): no person has reviewed an environment that was just
    captured.

    Args:
        document: The environment.
        transport: To it; closed at the end.
        progress: Called with a line for each call.
    """
    package = Builder(is_held_to_form=False).update(read_environment(document))
    manifest = Manifest.of(package.manifest, package.texts)
    try:
        probe = Probe(manifest, Policy(), transport)
        observed = await probe.observe(probe.callable_names({}, declared=True), {}, progress)
    finally:
        await transport.close()
    found: list[Finding] = []
    for one in observed:
        if one.problem is not None:
            found.append(Finding(kind="no_answer", where=one.name, message=one.problem))
        for misfit in list(probe.misfits(one))[:_SHOWN]:
            message = f"{misfit.path} is {misfit.got}, declared is {misfit.expected}"
            found.append(Finding(kind="misdeclared", where=one.name, message=message))
    return found
