"""`python -m ioconnect_codegen` is the `codemode` command."""

from __future__ import annotations

import sys

from ioconnect_codegen.cli import main

if __name__ == "__main__":
    sys.exit(main())
