"""The cache changes how long generating takes and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from environments import make_environment, with_one_change

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.cache import Cache, Made
from ioconnect_codegen.environment import Environment
from ioconnect_codegen.package import Builder, make
from ioconnect_codegen.report import Finding
from ioconnect_codemode.values import JsonValue


def environment(*, changed: bool = False) -> Environment:
    document = make_environment(12)
    return read_environment(with_one_change(document, number=3) if changed else document)


def made(**files: str) -> Made:
    return Made(files=files, findings=(Finding(kind="left_out", where="a", message="b"),))


def poison(folder: Path, pattern: str, change: Callable[[JsonValue], JsonValue]) -> None:
    """Change the one entry of this kind as somebody does who knows the form, its digest included."""
    (path,) = folder.glob(pattern)
    text = json.dumps(change(json.loads(path.read_bytes().partition(b"\n")[2])))
    path.write_text(f"{hashlib.sha256(text.encode('ascii')).hexdigest()}\n{text}", encoding="utf-8")


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_cached_package_is_the_one_that_is_generated(tmp_path: Path) -> None:
    cold = generate(environment())

    assert generate(environment(), cache=Cache(tmp_path)) == cold
    assert generate(environment(), cache=Cache(tmp_path)) == cold
    assert generate(environment(), cache=Cache()) == cold


def test_cached_package_is_not_made_again(tmp_path: Path) -> None:
    generate(environment(), cache=Cache(tmp_path))
    kept = Cache(tmp_path).package(environment().digest)

    assert kept is not None and kept.files == generate(environment())
    assert Cache(tmp_path).package(environment(changed=True).digest) is None


def test_changed_environment_finds_the_shapes_of_the_old_one(tmp_path: Path) -> None:
    generate(environment(), cache=Cache(tmp_path))
    cache = Cache(tmp_path)
    known = dict(cache.shapes)

    assert generate(environment(changed=True), cache=cache) == generate(environment(changed=True))
    assert dict(cache.shapes) == known != {}


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", b'0000\n{"key": ["str"]}'])
def test_damaged_entries_count_for_nothing(tmp_path: Path, damage: bytes) -> None:
    cold = generate(environment(), cache=Cache(tmp_path))
    for path in entries(tmp_path):
        path.write_bytes(damage)

    assert generate(environment(), cache=Cache(tmp_path)) == cold
    mended = Cache(tmp_path).package(environment().digest)
    assert mended is not None and mended.files == cold


def test_entry_whose_text_was_changed_counts_for_nothing(tmp_path: Path) -> None:
    cold = generate(environment(), cache=Cache(tmp_path))
    for path in entries(tmp_path):
        path.write_bytes(path.read_bytes().replace(b"str", b"int"))

    assert generate(environment(), cache=Cache(tmp_path)) == cold


@pytest.mark.parametrize(
    "text", ["__import__('os').system('x')", "str]; import os #", "Evil", "lambda: 0", "", "str\nimport os", "R0"]
)
def test_poisoned_shape_is_ignored_and_written_anew(tmp_path: Path, text: str) -> None:
    cold = generate(environment(), cache=Cache(tmp_path))
    poison(tmp_path, "shapes-*", lambda found: {key: [text] for key in found} if isinstance(found, dict) else None)
    for path in tmp_path.glob("package-*"):
        path.unlink()

    assert dict(Cache(tmp_path).shapes) == {}
    assert generate(environment(), cache=Cache(tmp_path)) == cold
    assert dict(Cache(tmp_path).shapes) != {}


@pytest.mark.parametrize(
    "entry",
    [
        {"files": {"../outside.py": ""}, "findings": []},
        {"files": {"/tmp/outside.py": ""}, "findings": []},
        {"files": {"a.py": 1}, "findings": []},
        {"files": {"a.py": ""}, "findings": [["unknown", "", "", ""]]},
        {"files": {"a.py": ""}, "findings": "none"},
        {"a.py": "of an earlier form"},
        [],
    ],
)
def test_poisoned_package_is_ignored_and_written_anew(tmp_path: Path, entry: JsonValue) -> None:
    cold = generate(environment(), cache=Cache(tmp_path))
    poison(tmp_path, "package-*", lambda found: entry)

    assert Cache(tmp_path).package(environment().digest) is None
    assert generate(environment(), cache=Cache(tmp_path)) == cold
    assert Cache(tmp_path).package(environment().digest) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="who may write a folder is not in its mode there")
def test_folder_that_others_can_write_counts_for_nothing(tmp_path: Path) -> None:
    generate(environment(), cache=Cache(tmp_path))
    tmp_path.chmod(0o777)

    assert Cache(tmp_path).package(environment().digest) is None
    assert dict(Cache(tmp_path).shapes) == {}


def test_oldest_shapes_make_room(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.shapes.update({str(number): ("str",) for number in range(20_010)})
    cache.keep_shapes()

    assert list(Cache(tmp_path).shapes) == [str(number) for number in range(10, 20_010)]


def test_findings_are_kept_with_the_package(tmp_path: Path) -> None:
    cold = make(environment())

    assert cold.findings
    assert make(environment(), cache=Cache(tmp_path)) == make(environment(), cache=Cache(tmp_path)) == cold


def test_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert generate(environment(), cache=Cache(tmp_path / "file" / "cache")) == generate(environment())


def test_only_the_last_packages_are_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(12):
        cache.keep_package(str(number), made(a="b"))

    assert len(entries(tmp_path)) == 8
    assert Cache(tmp_path).package("11") == made(a="b")


WRITE_MANY = """
import sys
from pathlib import Path
from ioconnect_codegen.cache import Cache, Made
from ioconnect_codegen.report import Finding
for number in range(30):
    made = Made(files={"text": str(number) * 5000}, findings=(Finding(kind="left_out", where="a", message="b"),))
    Cache(Path(sys.argv[1])).keep_package("same", made)
"""


def test_writers_at_the_same_time_leave_a_whole_entry(tmp_path: Path) -> None:
    environment_variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE_MANY, str(tmp_path)], env=environment_variables) for _ in range(3)
    ]

    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert Cache(tmp_path).package("same") == made(text="29" * 5000)
    assert len(entries(tmp_path)) == 1


def test_cache_of_the_user_is_where_the_platform_keeps_such_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    Cache.of_user().keep_package("one", made())

    assert [path.parent.name for path in tmp_path.rglob("package-*.json")] == ["ioconnect-codemode"]


def test_a_builder_takes_shapes_from_the_cache() -> None:
    cache = Cache()

    cold = Builder().update(environment()).files()
    filling, filled = (Builder(shapes=cache.shapes).update(environment()).files() for _ in range(2))

    assert filling == filled == cold
