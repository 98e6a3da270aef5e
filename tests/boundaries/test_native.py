"""Attribute reads that are native: the tables of `policy/native.py` against every type that a worker has loaded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import RestrictedPython

from boundaries.attacks import reached
from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.policy.native import GUARDED, HARMLESS, is_native
from runtime.policy.test_every_python import ROOTS, pythons  # noqa: TID251 - the tests of the runtime, not its sources

UNREACHABLE = {
    "the parser, the import system, files and processes": (
        "ast importlib io codecs encodings os posix posixpath ntpath pathlib sys signal errno zipimport tokenize token "
        "dis opcode inspect linecache traceback warnings locale platform select tempfile shutil fnmatch subprocess "
        "bz2 lzma zlib _compression _lzma _bz2 _distutils_hack __future__ struct _struct binascii unicodedata sysconfig "
        "site _sitebuiltins marshal pickle copyreg reprlib _io _frozen_importlib _frozen_importlib_external _abc mmap"
    ),
    "what only host code of the standard library holds": (
        "calendar difflib ipaddress json.encoder json.scanner json.decoder.JSONDecoder string textwrap urllib weakref _weakrefset _weakref _thread threading typing "
        "contextlib _contextvars contextvars _strptime zoneinfo._tzpath zoneinfo._common._TZifHeader importlib_metadata _sha512 _sha1 "
        "_sha2 _sha3 _md5 _blake2 _hashlib _json _random _opcode numbers copy queue _queue _symtable symtable _pylong "
        "_suggestions _colorize _collections_abc_private re._parser re._compiler re._constants _tokenize _uuid _pyrepl "
        "annotationlib _interpreters _template concurrent asyncio _asyncio logging _typing statistics.NormalDist _statistics socket "
        "_csv.reader _csv.writer _csv.Dialect csv.Dialect csv.excel csv.excel_tab csv.unix_dialect csv.DictReader csv.DictWriter csv.Sniffer pprint"
    ),
    "rooms of ours whose objects are never handed to a snippet": (
        "RestrictedPython ioconnect_codemode.frames ioconnect_codemode.manifest_data ioconnect_codemode.messages "
        "ioconnect_codemode.preflight ioconnect_codemode.stub_form ioconnect_codemode.stubs ioconnect_codemode.worker "
        "ioconnect_codemode.pipe ioconnect_codemode.channel "
        "ioconnect_codemode.values ioconnect_codemode.sandbox ioconnect_schemas ioconnect_codemode.policy.transformer ioconnect_codemode.policy.printing ioconnect_codemode.spinning "
        "ioconnect_codemode.policy.classes._Body "
        "ioconnect_codemode.policy.members ioconnect_codemode.policy.syntax "
        "ioconnect_codemode.policy.scopes ioconnect_codemode.policy.program ioconnect_codemode.policy.formatting "
        "ioconnect_codemode.policy.runtime ioconnect_codemode.policy.violations ioconnect_codemode.policy.context "
        "ioconnect_codemode.policy.clock ioconnect_codemode.policy.limits.Reached ioconnect_codemode.policy.open_classes ioconnect_codemode.policy.twins "
        "ioconnect_codemode.policy.concurrency ioconnect_codemode.policy.trees ioconnect_codemode.confine "
        "ioconnect_codemode.preload ioconnect_codemode.meanings boundaries"
    ),
    "types that the interpreter and the standard library keep to themselves": (
        "builtins.EncodingMap builtins.InstructionSequence builtins.UnraisableHookArgs builtins.asyncgen_hooks "
        "builtins.hamt builtins.stderrprinter builtins.symtable collections.UserString collections._Link "
        "dataclasses._DataclassParams dataclasses._FuncBuilder enum.EnumCheck enum.FlagBoundary enum.EnumDict "
        "enum.property glob grp pwd random.SystemRandom re.Scanner"
    ),
    "protocols, and what is kept under a private name": (
        "ioconnect_codemode.policy.facades.text._Hash ioconnect_codemode.policy.groups._Waiters "
        "ioconnect_codemode.policy.waiting.Channel ioconnect_codemode.policy.waiting.Scheduler "
        "ioconnect_codemode.policy.waiting.Twins ioconnect_codemode.policy.waiting.NoChannel"
    ),
}
"""Why no object of a type in these modules is ever held by a snippet; a type anywhere else counts as reachable."""

UNREACHABLE_TYPES = (
    "FrameType CodeType TracebackType ModuleType CellType SimpleNamespace GetSetDescriptorType MemberDescriptorType "
    "MappingProxyType"
)
"""Types of `types` that are only reached by a guarded name."""

WALK = """
import json, sys, types, typing
roots, unreachable, unreachable_types = sys.argv[1].split("|"), sys.argv[2].split(), sys.argv[3].split()
sys.path[:0] = roots
from ioconnect_codemode import preload, worker
preload.preload()
from ioconnect_codemode.policy.shown import EXCEPTION_ATTRIBUTES, FORMATS, READABLE
hidden_types = {getattr(types, name) for name in unreachable_types} | {memoryview}
hidden_types |= {type(sys.flags), type(sys.version_info), type(sys.float_info), type(sys.int_info)}
found, seen, todo = {}, set(), [object]
while todo:
    for cls in type.__subclasses__(todo.pop()):
        if cls not in seen:
            seen.add(cls)
            todo.append(cls)
for cls in seen:
    full = f"{cls.__module__}.{cls.__qualname__}"
    if cls in hidden_types or any(full.startswith((one + ".", one + " ")) or full == one for one in unreachable):
        continue
    shown = READABLE.get(cls, EXCEPTION_ATTRIBUTES if issubclass(cls, BaseException) else frozenset())
    for name in dir(cls) + (dir(type(cls)) if type(cls) is not type else []):
        owner = next((base for base in cls.__mro__ if name in vars(base)), cls)
        if not name.startswith("_") and name not in shown and name not in READABLE.get(owner, ()):
            found.setdefault(name, []).append(full)
print(json.dumps(found))
"""


@pytest.mark.parametrize("python", pythons())
def test_every_public_name_that_the_guard_hides_on_a_reachable_type_is_in_a_table(python: str) -> None:
    roots = "|".join(map(str, [*ROOTS, Path(RestrictedPython.__file__).parents[1]]))
    unreachable = " ".join(UNREACHABLE.values())

    done = subprocess.run(
        [python, "-I", "-S", "-c", WALK, roots, unreachable, UNREACHABLE_TYPES], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    hidden: dict[str, list[str]] = json.loads(done.stdout)
    assert len(hidden) > 50
    assert {name: types for name, types in hidden.items() if is_native(name) and name not in HARMLESS} == {}


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_guarded_name_is_read_by_the_guard_and_gives_nothing_of_the_interpreter(name: str) -> None:
    things = "[1, 'a', {}, print, Exception('e'), (n for n in []), int, json, property(len), random.Random(1)]"
    source = (
        f"found = []\nfor thing in {things}:\n    try:\n        found.append(type(thing.{name}).__name__)\n"
        "    except AttributeError:\n        pass\nsorted({f for f in found if f not in ('function', 'method', 'str', "
        "'builtin_function_or_method')}) or 'nothing'"
    )

    assert not reached(source)
    assert not is_native(name)


def test_name_that_is_native_is_read_without_a_guard() -> None:
    program = policy.translate(policy.parse("class C: pass\nc = C()\nc.total = 1\n[c.total, 'a'.upper()]"), facades=())

    result = sandbox.run(program, names={}, inputs={}, facades=(), print_limit=1)

    assert isinstance(result, sandbox.Finished)
    assert result.value == [1, "A"]
    assert not any(is_native(name) for name in ["_x", "__class__", "gi_new", "tb_x", "co_x", "format", "mro"])


def test_tables_do_not_overlap() -> None:
    assert frozenset() == GUARDED & HARMLESS
    assert not [name for name in GUARDED | HARMLESS if not re.fullmatch(r"[A-Za-z]\w*", name)]
    assert sys.version_info >= (3, 11)
