"""A worker without the language: raw Python text, executed after the lock. For the tests only.

Run as `python -I -S raw_worker.py`, with one JSON document on standard input: `paths` to import from, `user` to become or
null, a `folder` with things to reach, and `jobs`, each with its `code`, its `cpu_s` and the layers to leave `off`. Each job runs in a
forked child, as workers do, and finds as globals what an attacker could wish for: modules that are loaded already,
ctypes among them, the secret's path and an open descriptor of it, a process of the same user, a listening port. What it
leaves in `reached` is its loot. One JSON list on standard output gives loot, error and exit status by job.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import importlib
import json
import linecache
import mimetypes
import mmap
import multiprocessing
import os
import pathlib
import pty
import resource
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from typing import TypedDict
from urllib import request as url_request

_PATIENCE_S = (
    120  # an attack takes milliseconds, three seconds of processor time at most; a busy machine stretches that
)
_PR_SET_DUMPABLE = 4
_MODULES = (asyncio, ctypes, fcntl, importlib, mmap, multiprocessing, os, pathlib, pty, resource, select, shutil)
_MORE_MODULES = (linecache, mimetypes, url_request, signal, socket, sqlite3, subprocess, sys, tempfile, threading)


class Job(TypedDict):
    code: str
    off: list[str]
    cpu_s: int


def main() -> None:
    request = json.load(sys.stdin)
    sys.path[:0] = request["paths"]
    importlib.import_module("ioconnect_codemode.confine").load_steps()  # another user may not read it later
    libc = ctypes.CDLL(None, use_errno=True)
    "loads a codec".encode("idna")
    if request["user"] is not None:
        os.setgroups([])
        os.setgid(request["user"])
        os.setuid(request["user"])
        libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)  # a change of user takes it away; the lock's own step is under test
    folder = request["folder"]
    marked = ctypes.create_string_buffer(b"victim!")
    victim = os.fork()
    if victim == 0:
        signal.pause()
    listener = socket.create_server(("127.0.0.1", 0))
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(f"\0raw-worker-{os.getpid()}")
    abstract.listen(64)
    variables = {
        **{module.__name__: module for module in (*_MODULES, *_MORE_MODULES)},
        "libc": libc,
        "legacy": _legacy(),
        "folder": folder,
        "secret": f"{folder}/secret",
        "loot": f"{folder}/loot/new",
        "loot_file": f"{folder}/loot/file",
        "library": f"{folder}/{request['library']}",
        "marked": ctypes.addressof(marked),
        "marked_text": marked,
        "held": os.open(f"{folder}/secret", os.O_RDWR),
        "host": os.getpid(),
        "victim": victim,
        "port": listener.getsockname()[1],
        "abstract": abstract.getsockname(),
    }
    answers = [_serve(job, variables) for job in request["jobs"]]
    os.kill(victim, signal.SIGKILL)
    json.dump(answers, sys.stdout)


def _legacy() -> Callable[[int], int]:
    """Give a function that makes a system call by the table of 32-bit programs: `int 0x80`, as x86_64 still has it."""
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex("89f8 cd80 c3"))  # mov eax, edi; int 0x80; ret
    _PAGES.append(page)
    return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))


_PAGES: list[mmap.mmap] = []


def _serve(job: Job, variables: Mapping[str, object]) -> dict[str, object]:
    result_fd, write_fd = os.pipe()
    read_fd, idle_fd = os.pipe()
    host = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(idle_fd)
        _attack(job, variables, (read_fd, write_fd, host))
    for fd in (write_fd, read_fd, idle_fd):
        os.close(fd)
    data = b""
    while select.select([result_fd], [], [], _PATIENCE_S)[0] and (part := os.read(result_fd, 65_536)):
        data += part
    os.close(result_fd)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    answer: dict[str, object] = json.loads(data) if data else {"reached": None, "error": "ended", "layers": {}}
    return {**answer, "status": os.waitstatus_to_exitcode(status)}


def _attack(job: Job, variables: Mapping[str, object], fds: tuple[int, ...]) -> None:
    confine = importlib.import_module("ioconnect_codemode.confine")
    read_fd, write_fd, host = fds
    all_steps = confine.load_steps()
    steps = {name: step for name, step in all_steps.items() if name not in job["off"]}
    bounds = confine.Bounds(
        read_fd=read_fd, write_fd=write_fd, memory_bytes=512 * 1024 * 1024, cpu_s=job["cpu_s"], parent=host
    )
    layers = confine.take(steps, bounds)
    error = None
    names: dict[str, object] = {**variables, "answer": write_fd, "asked": read_fd}
    try:
        exec(compile(job["code"], "<attack>", "exec"), names)
    except BaseException as raised:
        error = f"{type(raised).__name__}: {raised}"[:200]
    reached = names.get("reached")
    answer = {
        "reached": reached if isinstance(reached, (str, int)) else repr(reached),
        "error": error,
        "layers": layers,
    }
    os.write(write_fd, json.dumps(answer).encode())
    os._exit(0)


if __name__ == "__main__":
    main()
