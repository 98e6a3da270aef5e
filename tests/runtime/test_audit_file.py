from __future__ import annotations

import json
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ioconnect_codemode.audit_file import AuditFile

WRITER = """
import json, sys
from pathlib import Path
from ioconnect_codemode.audit_file import AuditFile
path, name, count, size, rotate_bytes, keep = sys.argv[1:]
file = AuditFile(Path(path), rotate_bytes=int(rotate_bytes), keep=int(keep))
for index in range(int(count)):
    line = json.dumps({"name": name, "index": index, "text": name * (int(size) * (index % 7 + 1) // 7)})
    file.append(line.encode() + b"\\n")
"""


def opened(path: Path, *, rotate_bytes: int = 2**30, keep: int = 2) -> AuditFile:
    return AuditFile(path, rotate_bytes=rotate_bytes, keep=keep)


def write(path: Path, *, size: int, count: int, rotate_bytes: int = 2**30, keep: int = 2) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, *map(str, (path, name, count, size, rotate_bytes, keep))])
        for name in "abcd"
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]


def read(*paths: Path) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            assert set(record["text"]) <= {record["name"]}
            found.append((record["name"], record["index"]))
    return found


@pytest.mark.parametrize("size", [100, 20_000])
def test_lines_of_several_processes_never_interleave(tmp_path: Path, size: int) -> None:
    path = tmp_path / "audit.jsonl"
    write(path, size=size, count=200)
    found = read(path)
    assert [[index for name, index in found if name == one] for one in "abcd"] == [list(range(200))] * 4


def test_no_line_is_lost_where_several_processes_rotate(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    write(path, size=2_000, count=150, rotate_bytes=20_000, keep=100)
    files = sorted(tmp_path.iterdir())
    assert len(files) > 10
    assert sorted(read(*files)) == sorted((name, index) for name in "abcd" for index in range(150))
    assert all(file.stat().st_size <= 20_000 for file in files)


def test_the_oldest_file_beyond_those_to_keep_goes(tmp_path: Path) -> None:
    file = opened(tmp_path / "audit.jsonl", rotate_bytes=10, keep=2)
    for index in range(5):
        file.append(f"line {index}\n".encode())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "audit.jsonl": "line 4\n",
        "audit.jsonl.1": "line 3\n",
        "audit.jsonl.2": "line 2\n",
    }


def test_a_record_larger_than_a_file_may_be_has_a_file_of_its_own(tmp_path: Path) -> None:
    file = opened(tmp_path / "audit.jsonl", rotate_bytes=10)
    for record in (b"a\n", b"b" * 100 + b"\n", b"c\n"):
        file.append(record)
    assert [(tmp_path / f"audit.jsonl{end}").read_bytes()[:1] for end in ("", ".1", ".2")] == [b"c", b"b", b"a"]


def test_the_file_is_its_owner_s_only_and_one_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    made, there = tmp_path / "made", tmp_path / "there"
    there.touch(mode=0o640)
    for path in (made, there):
        opened(path).append(b"x\n")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (made, there)] == [0o600, 0o640]


def test_a_file_that_somebody_moved_away_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    file = opened(path)
    file.append(b"1\n")
    path.rename(tmp_path / "moved")
    file.append(b"2\n")
    path.unlink()
    file.append(b"3\n")
    assert (path.read_bytes(), (tmp_path / "moved").read_bytes()) == (b"3\n", b"1\n")


def test_a_line_that_a_process_was_ended_in_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"whole\nhal")
    file = opened(path)
    file.append(b"next\n")
    file.append(b"last\n")
    assert path.read_bytes() == b"whole\nhal\nnext\nlast\n"


def test_a_full_disk_is_an_error() -> None:
    with pytest.raises(OSError, match="No space left"):
        opened(Path("/dev/full")).append(b"x\n")


LIMITED = """
import resource, sys
from pathlib import Path
from ioconnect_codemode.audit_file import AuditFile
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
file = AuditFile(Path(sys.argv[1]), rotate_bytes=2**30, keep=1)
for _ in range(4):
    try:
        file.append(b"x" * 299 + b"\\n")
    except OSError as error:
        print(error.strerror)
"""


def test_what_a_limit_cuts_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    ended = subprocess.run([sys.executable, "-c", LIMITED, path], capture_output=True, text=True, check=True)
    assert (ended.stdout, path.read_bytes()) == ("File too large\n", (b"x" * 299 + b"\n") * 3)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        opened(tmp_path / "no" / "audit.jsonl").append(b"x\n")


def test_line_that_another_process_was_ended_in_takes_no_line_of_an_open_file_with_it(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    file = opened(path)
    file.append(b'{"n":1}\n')
    with path.open("ab") as other:
        other.write(b'{"n":')
    file.append(b'{"n":2}\n')
    file.append(b'{"n":3}\n')
    file.close()
    assert path.read_bytes().splitlines() == [b'{"n":1}', b'{"n":', b'{"n":2}', b'{"n":3}']
