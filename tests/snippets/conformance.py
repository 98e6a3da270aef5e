"""Runs the corpus and the attacks under whatever Python runs this file, with nothing but the runtime's own needs.

    python conformance.py ROOT...       the roots go in front of sys.path

Prints one line of JSON: how many snippets and attacks were run, and what differed.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import sys
import warnings
from pathlib import Path

ACCEPTED = Path(__file__).parent / "accepted"


def header(source: str, name: str) -> str | None:
    """Give what the snippet's header says under a name."""
    found = re.search(rf"^# {name}: (.*)$", source, re.MULTILINE)
    return found.group(1) if found else None


def run_plain(source: str) -> tuple[object, str]:
    """Run a snippet as plain Python; gives its last expression's value and what it printed."""
    tree = ast.parse(source)
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    tree.body[-1] = ast.copy_location(ast.Assign([ast.Name("the_value", ast.Store())], last.value), last)
    variables: dict[str, object] = {"__name__": "__main__"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.fix_missing_locations(tree), "<plain>", "exec", dont_inherit=True), variables)
    return variables["the_value"], printed.getvalue()


def main() -> None:
    """Compare everything."""
    sys.path[:0] = sys.argv[1:]
    from boundaries.attacks import ATTACKS, reached  # noqa: PLC0415
    from ioconnect_codemode import policy, sandbox  # noqa: PLC0415
    from ioconnect_codemode.values import to_json  # noqa: PLC0415

    warnings.simplefilter("ignore", RuntimeWarning)
    differing: list[str] = []
    paths = sorted(ACCEPTED.glob("*.py"))
    for path in paths:
        source = path.read_text(encoding="utf-8")
        program = policy.translate(policy.parse(source), facades=policy.FACADES)
        result = sandbox.run(program, names={}, inputs={}, facades=policy.FACADES, print_limit=4_000)
        if not isinstance(result, sandbox.Finished):
            differing.append(f"{path.stem}: {result.type_name}: {result.message}")
            continue
        got = (to_json(result.value), result.printed)
        stated = (json.loads(header(source, "value") or ""), json.loads(header(source, "printed") or '""'))
        if got != stated:
            differing.append(f"{path.stem}: {got} instead of {stated}")
        if "# own:" not in source:
            value, printed = run_plain(source)
            if got != (to_json(value), printed):
                differing.append(f"{path.stem}: {got}, plain Python {(value, printed)}")
    attacks = [attack for family in ATTACKS.values() for attack in family]
    differing += [f"reached: {attack}" for attack in attacks if reached(attack)]
    print(json.dumps({"snippets": len(paths), "attacks": len(attacks), "differing": differing}))


if __name__ == "__main__":
    main()
