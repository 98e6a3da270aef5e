"""A desktop to try things on: a gateway and a CRM app; with `--platform` also a platform and its apps in Chromium.

    python examples/live_desktop/desk.py [--platform]

Prints the address of the gateway and runs until it is interrupted, or standard input closes.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "runtime")]

from live.processes import running, what_a_desktop_misses, what_is_missing  # noqa: E402

USER = "dev"
"""Whom the apps run as: a gateway shows a peer only the apps of the same user."""


def main() -> int:
    """Start everything and wait."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", action="store_true", help="apps that intents start, in Chromium")
    options = parser.parse_args()
    if missing := what_a_desktop_misses() if options.platform else what_is_missing():
        print(missing, file=sys.stderr)
        return 2
    with ExitStack() as stack:
        gateway = running("desktop.py", "--user", USER) if options.platform else running("gateway.mjs")
        url = stack.enter_context(gateway).facts["url"]
        stack.enter_context(running("crm_app.mjs", "--url", url, "--user", USER))
        print(f"{url}", flush=True)
        print(f"user {USER}; stop with Ctrl-C, or by ending the input", file=sys.stderr)
        try:
            for _ in sys.stdin:
                pass
        except KeyboardInterrupt:
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
