"""Descriptions of an environment, of every known kind, and how they become one environment document.

    document --detect--> kind --read--> Part --merge--> environment document

One room a kind. What is no description is left out of a part, entry by entry: one bad entry never costs the others.
"""

from __future__ import annotations

from ioconnect_codegen.sources.detect import KINDS, detect, read
from ioconnect_codegen.sources.merge import Source, merge
from ioconnect_codegen.sources.part import Part
from ioconnect_codegen.sources.schema_files import SchemaFiles, addresses

__all__ = ["KINDS", "Part", "SchemaFiles", "Source", "addresses", "detect", "merge", "read"]
