"""Count the tokens of the story's texts with the o200k vocabulary; `--write` stores them beside the environment.

`codemode demo` prints the stored counts; a test counts again and compares.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import bpe_openai

import ioconnect_schemas
from ioconnect_codegen import demo


def count() -> dict[str, dict[str, int]]:
    """Play the story and count the tokens of its texts, by way and step."""
    with tempfile.TemporaryDirectory() as folder:
        story = asyncio.run(demo.play(Path(folder) / "wealth_desk"))
    tokenizer = bpe_openai.get_encoding("o200k_base")
    return {
        way: {step: len(tokenizer.encode(text)) for step, text in steps.items()} for way, steps in story.spent.items()
    }


if __name__ == "__main__":
    counts = count()
    print(json.dumps(counts, indent=2))
    if "--write" in sys.argv:
        ioconnect_schemas.path(demo.COUNTS).write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
