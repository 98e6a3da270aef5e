from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from ioconnect_codemode.audit_file import AuditFile
from ioconnect_codemode.audit_summary import summarise
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.values import JsonValue


def ran(day: str, who: str | None, *, error: str | None = None, kind: str = "value", bytes_: int = 10) -> JsonValue:
    return {
        "type": "run",
        "run": "r1",
        "at": f"{day}T08:00:00.000Z",
        "who": who,
        "kind": "run",
        "ok": error is None,
        "error": error,
        "left": {"kind": kind, "bytes": bytes_, "masked_fields": ["Client.taxId"]},
    }


def called(number: int, state: str = "finished", *, type_: str = "call") -> JsonValue:
    return {
        "type": type_,
        "at": "2026-11-02T08:00:00.000Z",
        "run": "r1",
        "call": number,
        "capability": "crm.get",
        "effect": "read",
        "state": state,
    }


def write(path: Path, *records: JsonValue | str) -> Path:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_runs_calls_and_what_left_are_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "audit.jsonl",
        called(1),
        called(2, "failed"),
        ran("2026-11-02", "ann"),
        ran("2026-11-02", "ann", error="app_error", kind="error", bytes_=5),
        ran("2026-11-03", None),
    )
    assert summarise(path).text() == (
        "2026-11-02T08:00:00.000Z to 2026-11-03T08:00:00.000Z, 1 file\n"
        "\n"
        "runs: 3 (3 run), 1 failed (1 app_error)\n"
        "  2026-11-02  ann: 2 runs, 1 failed, 15 bytes left\n"
        "  2026-11-03  -: 1 run, 0 failed, 10 bytes left\n"
        "\n"
        "calls: 2\n"
        "        1  crm.get (read): finished\n"
        "        1  crm.get (read): failed\n"
        "\n"
        "left the machine: 25 bytes (2 value, 1 error)\n"
        "  masked fields that came in answers, by runs (3 Client.taxId)\n"
    )


def test_rotated_files_are_read_first_and_in_order(tmp_path: Path) -> None:
    write(tmp_path / "a.2", called(1, type_="sending"))
    write(tmp_path / "a.10", ran("2026-11-01", "ann"))
    write(tmp_path / "a.1", called(1))
    write(tmp_path / "a.key", "not of it")
    found = summarise(write(tmp_path / "a", ran("2026-11-03", "ann")))
    assert (found.files, found.unfinished, found.unreadable_count, sum(found.kinds.values())) == (4, 0, 0, 2)


def test_a_call_that_was_sent_and_has_no_end_is_said(tmp_path: Path) -> None:
    found = summarise(write(tmp_path / "a", called(1, type_="sending"), called(2, type_="sending"), called(1)))
    assert found.unfinished == 1
    assert "sent without a line of their end, so what they did is not known: 1 call" in found.text()


def test_a_run_whose_host_was_ended_is_said(tmp_path: Path) -> None:
    found = summarise(write(tmp_path / "a", called(1), called(2)))
    ended = summarise(write(tmp_path / "b", called(1), called(2), ran("2026-11-02", "ann")))
    assert (found.unended, ended.unended) == (1, 0)
    assert "called without a line of their end, so under way, or their host was ended: 1 run" in found.text()
    assert "no line of their end" not in ended.text()


def test_lines_that_can_not_be_read_are_counted_and_named(tmp_path: Path) -> None:
    broken = [
        "",
        "{",
        "[1]",
        '{"type": "run"}',
        '{"type": "other", "at": "x"}',
        "[" * 100_000,
        '{"at": 5, "type": "run"}',
    ]
    found = summarise(write(tmp_path / "a", *broken, called(1)))
    assert (found.unreadable_count, sum(found.calls.values())) == (7, 1)
    assert "7 lines can't be read: a line 1, a line 2, a line 3, a line 4, a line 5, ..." in found.text()


def test_lines_that_could_not_be_written_are_said(tmp_path: Path) -> None:
    gap: JsonValue = {"type": "gap", "at": "2026-11-02T08:00:00.000Z", "missing": 3}
    assert "could not be written: 3 lines" in summarise(write(tmp_path / "a", gap)).text()


@pytest.mark.parametrize("wrong", [None, 5, [], "x"])
def test_parts_of_the_wrong_type_do_no_harm(tmp_path: Path, wrong: JsonValue) -> None:
    document = ran("2026-11-02", "ann")
    assert isinstance(document, dict)
    for key in ("left", "who", "ok", "error", "kind"):
        assert summarise(write(tmp_path / "a", {**document, key: wrong})).files == 1


def test_what_could_move_a_terminal_s_cursor_is_not_printed(tmp_path: Path) -> None:
    assert "\x1b" not in summarise(write(tmp_path / "a", ran("2026-11-02", "\x1b[2Jann"))).text()


def test_an_empty_file_has_nothing_yet(tmp_path: Path) -> None:
    assert summarise(write(tmp_path / "a")).text().startswith("nothing yet, 1 file\n")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        summarise(tmp_path / "a")


def test_a_file_of_which_no_line_can_be_read_is_no_audit(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no audit: none of its lines can be read, such as a line 1"):
        summarise(write(tmp_path / "a", "hello", "{}"))


def test_what_else_is_called_like_a_rotated_file_is_none(tmp_path: Path) -> None:
    write(tmp_path / "a.01", called(1))
    write(tmp_path / "a.\u0661", called(1))
    (tmp_path / "a.3").symlink_to(tmp_path / "gone")
    assert summarise(write(tmp_path / "a", called(1))).files == 1


def test_files_that_move_on_while_they_are_read_are_each_read_once(tmp_path: Path) -> None:
    path, is_over = tmp_path / "a", threading.Event()
    written = 0

    def write_on() -> None:
        nonlocal written
        file = AuditFile(path, rotate_bytes=2_000, keep=1_000)
        while not is_over.is_set() and written < 5_000:
            file.append((json.dumps(called(1)) + "\n").encode())
            written += 1
        file.close()

    write(path)
    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        while writer.is_alive() and written < 2_000:
            before = written
            found = sum(summarise(path).calls.values())
            assert before <= found <= written + 1
    finally:
        is_over.set()
        writer.join()


def test_a_line_that_is_too_long_is_one_line_that_can_not_be_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a"
    forged = json.dumps(called(1)).encode()
    path.write_bytes(b" " * (64 * 1024 * 1024) + forged + b"\n" + forged + b"\n")
    found = summarise(path)
    assert (found.unreadable, sum(found.calls.values())) == (["a line 1"], 1)


def test_a_line_of_more_parts_than_a_call_can_have_is_not_read(tmp_path: Path) -> None:
    many: JsonValue = {**as_record(called(1)), "arguments": list(range(600_000))}
    most: JsonValue = {**as_record(called(1)), "arguments": list(range(240_000))}
    found = summarise(write(tmp_path / "a", many, most))
    assert (found.unreadable, sum(found.calls.values())) == (["a line 1"], 1)


def test_very_many_names_that_a_worker_made_up_are_counted_together(tmp_path: Path) -> None:
    forged = [{**as_record(called(1)), "capability": f"x{number}"} for number in range(10_100)]
    found = summarise(write(tmp_path / "a", *forged, forged[0]))
    assert (len(found.calls), found.calls["(others)", "-", "-"]) == (10_001, 100)
    assert found.calls["x0", "read", "finished"] == 2


def as_record(value: JsonValue) -> dict[str, JsonValue]:
    assert isinstance(value, dict)
    return value
