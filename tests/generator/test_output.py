"""Writing a package: what is ours is replaced, what is not is never touched."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ioconnect_codegen.errors import OutputError
from ioconnect_codegen.output import compare, write
from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.manifest import Manifest


def package(**files: str) -> dict[str, str]:
    texts = {name.replace("__", "/") + ".py": text for name, text in files.items()}
    manifest = json.dumps({"catalog": "00000000", "files": dict.fromkeys(texts, "")})
    return {**texts, "manifest.json": manifest, "codemode.toml": "[effects]\n"}


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def texts(folder: Path) -> dict[str, str]:
    return {path: (folder / path).read_text(encoding="utf-8") for path in tree(folder)}


def test_first_write_makes_every_file(tmp_path: Path) -> None:
    files = package(crm="a\n", definitions__crm="b\n")

    written = write(files, tmp_path / "new" / "desk")

    assert written.added == ("codemode.toml", "crm.py", "definitions/crm.py", "manifest.json")
    assert tree(tmp_path / "new" / "desk") == set(files)


def test_second_write_of_the_same_changes_nothing(tmp_path: Path) -> None:
    write(package(crm="a\n"), tmp_path)

    assert len(write(package(crm="a\n"), tmp_path)) == 0
    assert compare(package(crm="a\n"), tmp_path).text == ""


def test_compare_tells_the_change_and_writes_nothing(tmp_path: Path) -> None:
    write(package(crm="one\ntwo\n"), tmp_path)

    difference = compare(package(crm="one\n2\n"), tmp_path)

    assert (difference.added, difference.changed, difference.removed) == ((), ("crm.py",), ())
    assert difference.text == "--- crm.py (now)\n+++ crm.py (generated)\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
    assert (tmp_path / "crm.py").read_text(encoding="utf-8") == "one\ntwo\n"


def test_file_of_a_vanished_namespace_is_removed_and_its_folder_too(tmp_path: Path) -> None:
    write(package(crm="a\n", definitions__oms="b\n"), tmp_path)

    written = write(package(crm="a\n"), tmp_path)

    assert written.removed == ("definitions/oms.py",)
    assert tree(tmp_path) == {"crm.py", "manifest.json", "codemode.toml"}
    assert not (tmp_path / "definitions").exists()


def test_folder_of_the_package_that_is_a_link_is_refused(tmp_path: Path) -> None:
    files = package(crm="a\n", definitions__crm="b\n")
    write(files, tmp_path / "desk")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "crm.py").write_text("mine\n", encoding="utf-8")
    for path in (tmp_path / "desk" / "definitions").iterdir():
        path.unlink()
    (tmp_path / "desk" / "definitions").rmdir()
    (tmp_path / "desk" / "definitions").symlink_to(elsewhere)

    for now in (files, package(crm="a\n")):  # it would write there, and it would remove there
        with pytest.raises(OutputError, match="definitions is a link to another folder; remove it"):
            write(now, tmp_path / "desk")
    assert (elsewhere / "crm.py").read_text(encoding="utf-8") == "mine\n"


def test_package_folder_that_is_a_link_itself_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "desk").symlink_to(tmp_path / "real")

    write(package(crm="a\n"), tmp_path / "desk")

    assert (tmp_path / "real" / "crm.py").read_text(encoding="utf-8") == "a\n"


def test_foreign_file_beside_ours_is_never_touched(tmp_path: Path) -> None:
    write(package(crm="a\n", oms="b\n"), tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")

    write(package(crm="a\n"), tmp_path)

    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_policy_is_written_once_and_then_its_owner_s(tmp_path: Path) -> None:
    write(package(crm="a\n"), tmp_path)
    (tmp_path / "codemode.toml").write_text("# reviewed\n", encoding="utf-8")

    assert len(write(package(crm="a\n"), tmp_path)) == 0
    assert (tmp_path / "codemode.toml").read_text(encoding="utf-8") == "# reviewed\n"


def test_policy_alone_may_wait_for_its_package(tmp_path: Path) -> None:
    (tmp_path / "codemode.toml").write_text("# reviewed\n", encoding="utf-8")

    write(package(crm="a\n"), tmp_path)

    assert (tmp_path / "codemode.toml").read_text(encoding="utf-8") == "# reviewed\n"


@pytest.mark.parametrize("manifest", [None, "{}", "not json", '{"files": {}}'])
def test_folder_of_others_is_refused(tmp_path: Path, manifest: str | None) -> None:
    (tmp_path / "main.py").write_text("mine", encoding="utf-8")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")

    with pytest.raises(OutputError, match=r"holds main\.py.* but no manifest\.json of ours"):
        write(package(crm="a\n"), tmp_path)
    assert "crm.py" not in tree(tmp_path)


def test_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("x", encoding="utf-8")

    with pytest.raises(OutputError, match="is a file"):
        write(package(), tmp_path / "desk")


@pytest.mark.parametrize("path", ["../outside.py", "/tmp/outside.py", "a/../../outside.py"])
def test_manifest_cannot_have_a_file_outside_removed(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside.py").write_text("x", encoding="utf-8")
    folder = tmp_path / "desk"
    write(package(crm="a\n"), folder)
    (folder / "manifest.json").write_text(json.dumps({"catalog": "0", "files": {path: ""}}), encoding="utf-8")

    assert write(package(crm="a\n"), folder).removed == ()
    assert (tmp_path / "outside.py").exists()


def test_long_diff_of_one_file_is_bounded(tmp_path: Path) -> None:
    write(package(crm="".join(f"{n}\n" for n in range(500))), tmp_path)

    text = compare(package(crm=""), tmp_path).text

    assert text.count("\n") == 41
    assert text.endswith(" more lines\n")


@pytest.mark.parametrize("path", ["../outside.py", "/tmp/outside.py", "a/../../outside.py", ""])
def test_path_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutputError, match="is no path inside a package"):
        write({**package(crm="a\n"), path: "x"}, tmp_path / "desk")
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize("text", [b"my own work\n", b"\xff\xfe"])
def test_foreign_file_in_the_place_of_a_new_one_is_refused_and_nothing_is_written(tmp_path: Path, text: bytes) -> None:
    write(package(crm="a\n"), tmp_path)
    (tmp_path / "oms.py").write_bytes(text)

    with pytest.raises(OutputError, match=r"holds oms\.py, which no manifest of ours lists; move it away"):
        write(package(crm="b\n", oms="c\n"), tmp_path)

    assert (tmp_path / "oms.py").read_bytes() == text
    assert (tmp_path / "crm.py").read_text(encoding="utf-8") == "a\n"


@pytest.mark.parametrize("left", ["new\n", '"""Orders.\n\nGenerated by ioconnect-codemode 0.1.0 from desk.\n"""\n'])
def test_what_a_run_that_was_cut_off_has_left_is_mended(tmp_path: Path, left: str) -> None:
    write(package(crm="a\n"), tmp_path)
    (tmp_path / "oms.py").write_text(left, encoding="utf-8")  # the manifest, which is written last, doesn't list it

    write(package(crm="a\n", oms="new\n"), tmp_path)

    assert (tmp_path / "oms.py").read_text(encoding="utf-8") == "new\n"


def test_a_run_that_was_cut_off_is_mended_by_one_that_makes_something_else(tmp_path: Path) -> None:
    write(package(crm="a\n"), tmp_path)
    whole = texts(tmp_path)
    manifest = json.dumps({"catalog": "", "files": {"crm.py": "", "definitions/oms.pyi": "", "oms.py": ""}})
    left = {"manifest.json": manifest, "definitions/oms.pyi": "half\n", ".codemode-new-x/0": "c\n"}
    for path, text in left.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match="is not a manifest; make it with `codemode generate"):
        Manifest.read(tmp_path)

    write(package(crm="a\n"), tmp_path)

    assert texts(tmp_path) == whole


def test_first_run_that_was_cut_off_before_anything_stood_in_its_place_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".codemode-new-x").mkdir()
    (tmp_path / ".codemode-new-x" / "0").write_text("half", encoding="utf-8")

    write(package(crm="a\n"), tmp_path)

    assert texts(tmp_path) == package(crm="a\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_text_that_the_disk_does_not_take_leaves_the_package_as_it_was(tmp_path: Path) -> None:
    write(package(crm="a\n"), tmp_path)
    whole = texts(tmp_path)
    files = package(crm="b\n", oms="c" * 100_000)
    program = (
        "import json, resource, sys; from pathlib import Path; from ioconnect_codegen.output import write\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); write(json.load(sys.stdin), Path(sys.argv[1]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        input=json.dumps(files),
        text=True,
        capture_output=True,
        check=False,
    )

    assert "File too large" in done.stderr
    assert texts(tmp_path) == whole


@pytest.mark.skipif(sys.platform == "win32", reason="runs keep out of each other's way where folders can be locked")
def test_runs_into_one_folder_go_one_after_another(tmp_path: Path) -> None:
    packages = [package(**{f"app{number}_{at}": f"{at}\n" for at in range(30)}) for number in range(4)]
    with ThreadPoolExecutor() as several:
        list(several.map(write, packages * 5, [tmp_path] * 20))

    assert texts(tmp_path) in packages
