"""Library functions that ask for the class of what they are given, or for what is behind it: each has been looked at.

A snippet may give a class in the place of an object. `type(x)(...)` and `x.__class__(...)` then make a class, or give one out
that makes classes. It may put a method of the host's where its own is expected: `x.__next__.__self__` is then the host's.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest

from runtime.policy.test_every_python import ROOTS, pythons  # noqa: TID251 - the tests of the runtime, not its sources

LOOKED_AT: Final = {
    "a property that no class can be given: `classmethod` refuses it": "collections.ChainMap.parents",
    "given plain numbers alone": "statistics._convert statistics._exact_ratio statistics._ss statistics._sum",
    "given classes of the snippet's own, or objects of those": (
        "dataclasses.replace dataclasses._replace dataclasses.is_dataclass dataclasses._is_dataclass_instance "
        "dataclasses._get_field dataclasses._init_fn dataclasses._is_classvar dataclasses._is_initvar "
        "dataclasses._add_slots dataclasses._process_class abc.update_abstractmethods inspect._static_getmro "
        "inspect.get_annotations"
    ),
    "tell the name of the class": (
        "base64._bytes_from_decode_data difflib._check_types fractions.Fraction.from_decimal "
        "fractions.Fraction.from_float json.loads"
    ),
    "ends in what `__next__` is bound to, of generators of ours": "heapq.merge",
    "keep the class in a key": "re._compile",
    "given names that are plain texts": "collections.namedtuple",
}
"""What makes them harmless, and which they are."""


@pytest.mark.parametrize("python", pythons())
def test_every_library_function_that_asks_what_is_behind_an_object_has_been_looked_at(python: str) -> None:
    script = Path(__file__).with_name("library_types.py")

    done = subprocess.run([python, "-I", "-S", str(script), *map(str, ROOTS)], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["walked"] > 400
    assert {"statistics._convert", "collections.ChainMap.parents", "heapq.merge"} <= set(found["asking"])
    assert set(found["asking"]) - {name for names in LOOKED_AT.values() for name in names.split()} == set()
