"""The cache changes how long generating takes and nothing else."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from environments import make_environment, with_one_change

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.cache import Cache
from ioconnect_codegen.catalog import build_catalog
from ioconnect_codegen.environment import Environment
from ioconnect_codegen.package import render_package


def environment(*, changed: bool = False) -> Environment:
    document = make_environment(12)
    return read_environment(with_one_change(document, number=3) if changed else document)


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

    assert kept == generate(environment())
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
    assert Cache(tmp_path).package(environment().digest) == cold


def test_entry_whose_text_was_changed_counts_for_nothing(tmp_path: Path) -> None:
    cold = generate(environment(), cache=Cache(tmp_path))
    for path in entries(tmp_path):
        path.write_bytes(path.read_bytes().replace(b"str", b"int"))

    assert generate(environment(), cache=Cache(tmp_path)) == cold


def test_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert generate(environment(), cache=Cache(tmp_path / "file" / "cache")) == generate(environment())


def test_only_the_last_packages_are_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(12):
        cache.keep_package(str(number), {"a": "b"})

    assert len(entries(tmp_path)) == 8
    assert cache.package("11") == {"a": "b"}


def write_many(folder: Path) -> None:
    for number in range(30):
        Cache(folder).keep_package("same", {"text": str(number) * 5000})


def test_writers_at_the_same_time_leave_a_whole_entry(tmp_path: Path) -> None:
    writers = [multiprocessing.get_context("spawn").Process(target=write_many, args=(tmp_path,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert Cache(tmp_path).package("same") == {"text": "29" * 5000}
    assert len(entries(tmp_path)) == 1


def test_cache_of_the_user_is_where_the_platform_keeps_such_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    Cache.of_user().keep_package("one", {})

    assert [path.parent.name for path in tmp_path.rglob("package-*.json")] == ["ioconnect-codemode"]


def test_render_package_takes_shapes_from_the_cache() -> None:
    cache = Cache()
    catalog = build_catalog(environment())

    assert render_package(catalog, cache=cache) == render_package(catalog, cache=cache) == render_package(catalog)
