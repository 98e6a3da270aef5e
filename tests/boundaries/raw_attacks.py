"""Attacks in raw Python on a worker whose language is switched off; each leaves its loot in `reached`.

`stopped_by` names the layers each of which stops the attack on its own. With all layers on nothing is reached; with
these off and the others on, the attack works, so that none of them fails for a reason of its own. Globals of an attack:
see `raw_worker.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

SECRET = "the secret of the host"
"""Content of the secret file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack and what stops it."""

    family: str
    name: str
    code: str
    stopped_by: frozenset[str]
    expected: str | int | None = None
    """The loot; None for any that is true."""


_FILE = "seccomp landlock open_files"
_SOCKET = "seccomp open_files"
_SYSCALL = "seccomp"
_FORK = "seccomp processes"
_IOV = "b = ctypes.create_string_buffer(100)\niov = (ctypes.c_void_p * 2)(ctypes.addressof(b), 99)\n"


def _family(family: str, *attacks: tuple[str, str, str], expected: str | int | None = None) -> list[Attack]:
    return [
        Attack(family=family, name=name, stopped_by=frozenset(layers.split()), code=code, expected=expected)
        for name, layers, code in attacks
    ]


ATTACKS: tuple[Attack, ...] = (
    *_family(
        "read a file",
        ("open", _FILE, "reached = open(secret).read()"),
        ("os.open", _FILE, "reached = os.read(os.open(secret, os.O_RDONLY), 100).decode()"),
        ("pathlib", _FILE, "reached = pathlib.Path(secret).read_text()"),
        (
            "openat system call",
            _FILE,
            "fd = libc.syscall(257, -100, secret.encode(), 0)\nreached = os.pread(fd, 100, 0).decode()",
        ),
        ("mapped file", _FILE, "reached = mmap.mmap(os.open(secret, os.O_RDONLY), 0, prot=1)[:].decode()"),
        ("line by line", _FILE, "import linecache\nreached = linecache.getline(secret, 1).strip()"),
        ("url", _FILE, "import urllib.request\nreached = urllib.request.urlopen('file://' + secret).read().decode()"),
        ("interpreter's own reader", _FILE, "import _io\nreached = _io.FileIO(secret).read().decode()"),
        expected=SECRET,
    ),
    *_family(
        "look around",
        ("list a folder", _FILE, "reached = len(os.listdir('/'))"),
        ("walk", _FILE, "reached = len(next(os.walk('/proc'))[1])"),
        ("stat", _SYSCALL, "reached = os.stat(secret).st_size"),
        ("access", _SYSCALL, "reached = int(os.access(secret, os.R_OK))"),
        ("working folder", _SYSCALL, "reached = os.getcwd()"),
        ("read a link", _SYSCALL, "reached = os.readlink('/proc/self/exe')"),
        ("machine's name", _SYSCALL, "reached = os.uname().nodename"),
        ("own user", _SYSCALL, "reached = 1 + libc.syscall(102)"),
        ("own command line", _FILE, "reached = open('/proc/self/cmdline').read()"),
        ("own memory map", _FILE, "reached = open('/proc/self/maps').read()[:50]"),
        ("status of the host", _FILE, "reached = len(open(f'/proc/{host}/status').read())"),
        ("load average", _SYSCALL, "reached = int(libc.sysinfo(ctypes.create_string_buffer(512)) == 0)"),
    ),
    *_family(
        "change a file",
        ("write", f"{_FILE} files", "f = open(loot, 'w')\nf.write('x')\nf.close()\nreached = open(loot).read()"),
        ("truncate", "seccomp landlock", "os.truncate(loot_file, 1)\nreached = 1"),
        ("make a folder", "seccomp landlock", "os.mkdir(loot + 'dir')\nos.rmdir(loot + 'dir')\nreached = 1"),
        ("rename", "seccomp landlock", "os.rename(loot_file, loot_file)\nreached = 1"),
        ("link", "seccomp landlock", "os.symlink('/', loot + 'link')\nos.unlink(loot + 'link')\nreached = 1"),
        ("rights", _SYSCALL, "os.chmod(loot_file, 0o644)\nreached = 1"),
        ("times", _SYSCALL, "os.utime(loot_file)\nreached = 1"),
        (
            "anonymous file",
            "seccomp open_files files",
            "fd = os.memfd_create('x')\nos.write(fd, b'payload')\nreached = 1",
        ),
    ),
    *_family(
        "use what is open",
        ("read", "descriptors seccomp", "os.lseek(held, 0, 0)\nreached = os.read(held, 100).decode()"),
        ("read at a place", "descriptors seccomp", "reached = os.pread(held, 100, 0).decode()"),
        (
            "read in parts",
            "descriptors seccomp",
            "os.lseek(held, 0, 0)\nb = bytearray(100)\nreached = b[:os.readv(held, [b])].decode()",
        ),
        ("map", "descriptors seccomp open_files", "reached = mmap.mmap(held, 0, prot=1)[:].decode()"),
        ("copy of it", "descriptors seccomp open_files", "reached = os.pread(os.dup(held), 100, 0).decode()"),
        (
            "map by the C library",
            "descriptors",
            "libc.mmap.restype = ctypes.c_void_p\nat = libc.mmap(None, 4096, mmap.PROT_READ, mmap.MAP_PRIVATE, held, 0)\n"
            "assert at not in (None, 2**64 - 1)\nreached = ctypes.string_at(at, 22).decode()",
        ),
        (
            "under the number of the pipe",
            "descriptors seccomp open_files",
            "os.lseek(held, 0, 0)\nos.dup2(held, asked, inheritable=False)\nreached = os.read(asked, 100).decode()",
        ),
        (
            "through a pipe in the kernel",
            "descriptors seccomp open_files",
            "r, w = os.pipe()\nos.sendfile(w, held, 0, 100)\nreached = os.read(r, 100).decode()",
        ),
        (
            "opened again by its number",
            f"descriptors {_FILE}",
            "reached = open(f'/proc/self/fd/{held}').read()",
        ),
        (
            "read in parts at a place",
            "descriptors seccomp",
            "b = bytearray(100)\nreached = b[:os.preadv(held, [b], 0)].decode()",
        ),
        (
            "read as the worker looks at its pipe",
            "descriptors seccomp",
            f"{_IOV}assert libc.syscall(327, held, iov, 1, 0, 0, 0) == 22\nreached = b.value.decode()",
        ),
        (
            "read from where it stands",
            "descriptors seccomp",
            f"os.lseek(held, 0, 0)\n{_IOV}assert libc.syscall(327, held, iov, 1, ctypes.c_long(-1), ctypes.c_long(-1), 0) == 22\n"
            "reached = b.value.decode()",
        ),
        expected=SECRET,
    ),
    *_family(
        "write where it is not heard",
        ("standard error", "descriptors seccomp", "reached = os.write(2, b' ')"),
        ("held file", "descriptors seccomp files", "reached = os.pwrite(held, b't', 0)"),
        ("by sendfile", "descriptors seccomp", "reached = os.sendfile(2, held, 0, 1)"),
        ("gathered", "descriptors seccomp", "reached = os.writev(2, [b' ', b' '])"),
        (
            "mapped for writing",
            "descriptors",
            "libc.mmap.restype = ctypes.c_void_p\nat = libc.mmap(None, 4096, 3, mmap.MAP_SHARED, held, 0)\n"
            "assert at not in (None, 2**64 - 1)\nctypes.memmove(at, b't', 1)\nreached = ctypes.string_at(at, 1).decode()",
        ),
        ("copied in the kernel", "descriptors seccomp files", "reached = os.copy_file_range(held, held, 1, 0, 9)"),
        ("cut to its length", "descriptors seccomp", "os.ftruncate(held, 22)\nreached = 1"),
        ("room in a file", "descriptors seccomp", "os.posix_fallocate(held, 0, 1)\nreached = 1"),
        ("lock on a file", "descriptors seccomp", "fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)\nreached = 1"),
        ("flags of a descriptor", "descriptors seccomp", "reached = 1 + fcntl.fcntl(2, fcntl.F_GETFL)"),
        ("question to a device", "descriptors seccomp", "reached = len(fcntl.ioctl(2, 0x541B, bytes(4)))"),
    ),
    *_family(
        "network",
        ("connect", "seccomp landlock open_files", "socket.create_connection(('127.0.0.1', port), 2)\nreached = 1"),
        (
            "listen",
            "seccomp landlock open_files",
            "s = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\nreached = 1",
        ),
        (
            "datagram",
            _SOCKET,
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port))\nreached = 1",
        ),
        (
            "abstract socket",
            "seccomp landlock open_files",
            "s = socket.socket(socket.AF_UNIX)\ns.connect(abstract)\nreached = 1",
        ),
        ("socket pair", _SOCKET, "reached = len(socket.socketpair())"),
        ("netlink", _SOCKET, "reached = 1 + socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).fileno()"),
        ("local datagram", _SOCKET, "reached = 1 + socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).fileno()"),
        ("pipe of its own", _SOCKET, "reached = len(os.pipe())"),
        ("poller", _SOCKET, "reached = 1 + select.epoll().fileno()"),
        ("watcher of files", _SOCKET, "reached = 1 + libc.inotify_init1(0)"),
    ),
    *_family(
        "processes",
        ("fork", _FORK, "pid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)\nreached = 1"),
        (
            "clone",
            _FORK,
            "pid = libc.syscall(56, 17, 0, 0, 0, 0)\nif pid == 0:\n    os._exit(0)\nassert pid > 0\nreached = 1",
        ),
        (
            "program",
            f"{_FORK} landlock open_files",
            "import _posixsubprocess\nreached = int(subprocess.run(['/bin/true'], close_fds=False).returncode == 0)",
        ),
        (
            "exec",
            _FILE,
            "os.set_inheritable(answer, True)\nos.execv('/bin/sh', ['sh', '-c', f'printf \\'{{\"reached\": 1, \"error\": null, \"layers\": {{}}}}\\' >&{answer}'])",
        ),
        (
            "thread",
            _FORK,
            "import _thread, time\ndone = []\n_thread.start_new_thread(done.append, (1,))\nwhile not done:\n    time.sleep(0.001)\nreached = 1",
        ),
        ("terminal", _FILE, "reached = len(pty.openpty())"),
        ("namespace", _SYSCALL, "reached = int(libc.unshare(0) == 0)"),
        ("session", _SYSCALL, "os.setpgid(0, 0)\nreached = 1"),
        ("priority", _SYSCALL, "os.nice(1)\nreached = 1"),
        ("processors", _SYSCALL, "os.sched_setaffinity(0, os.sched_getaffinity(0))\nreached = 1"),
    ),
    *_family(
        "other processes",
        ("signal", "seccomp landlock", "os.kill(victim, 0)\nreached = 1"),
        ("signal by descriptor", _SOCKET, "reached = 1 + os.pidfd_open(victim)"),
        ("signal to the group", _SYSCALL, "reached = 1 + os.getpgid(victim)"),
        (
            "trace",
            "seccomp landlock",
            "assert libc.ptrace(16, victim, 0, 0) == 0\nreached = 1\nlibc.ptrace(17, victim, 0, 0)",
        ),
        ("be traced", _SYSCALL, "assert libc.ptrace(0, 0, 0, 0) == 0\nreached = 1"),
        (
            "read its memory",
            "seccomp landlock",
            "word = ctypes.create_string_buffer(b'victim!')\n"
            "ours, theirs = ctypes.create_string_buffer(8), (ctypes.c_void_p * 2)(marked, 8)\n"
            "local = (ctypes.c_void_p * 2)(ctypes.addressof(ours), 8)\n"
            "assert libc.process_vm_readv(victim, local, 1, theirs, 1, 0) == 8\nreached = ours.raw.decode()",
        ),
        ("its limits", _SYSCALL, "reached = len(resource.prlimit(victim, resource.RLIMIT_CORE))"),
        ("shared memory", _SYSCALL, "reached = 1 + libc.shmget(0, 4096, 0o1600)"),
        ("message queue", _SYSCALL, "q = libc.msgget(0, 0o1600)\nassert q >= 0\nlibc.msgctl(q, 0, 0)\nreached = 1"),
        ("parent's number", _SYSCALL, "reached = 1 + libc.syscall(110)"),
        (
            "its processor time",
            _SYSCALL,
            "import time\nreached = 1 + int(time.clock_gettime((~victim << 3) | 2) * 1e9)",
        ),
        (
            "the host's processor time",
            _SYSCALL,
            "import time\nreached = 1 + int(time.clock_gettime((~host << 3) | 2) * 1e9)",
        ),
        (
            "whether it is there, by a lock that names it",
            _SYSCALL,
            "word, least = ctypes.c_uint(victim), (ctypes.c_long * 2)(0, 1)\n"
            "libc.syscall(202, ctypes.byref(word), 6, 0, least, None, 0)\nreached = int(ctypes.get_errno() == 110)",
        ),
    ),
    *_family(
        "new code",
        (
            "executable mapping",
            _SYSCALL,
            "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\nreached = 1",
        ),
        (
            "made executable later",
            _SYSCALL,
            "page = mmap.mmap(-1, 4096)\nat = ctypes.addressof(ctypes.c_char.from_buffer(page))\n"
            "assert libc.mprotect(ctypes.c_void_p(at), 4096, 5) == 0\nreached = 1",
        ),
        (
            "made executable by key",
            _SYSCALL,
            "page = mmap.mmap(-1, 4096)\nat = ctypes.addressof(ctypes.c_char.from_buffer(page))\n"
            "assert libc.syscall(329, ctypes.c_void_p(at), 4096, 5, -1) == 0\nreached = 1",
        ),
        ("all mappings executable", _SYSCALL, "assert libc.personality(0x0400000) >= 0\nreached = 1"),
        (
            "module from disk",
            "seccomp landlock open_files",
            "import importlib\nsys.path[:] = [folder]\nimport planted\nreached = planted.loot",
        ),
        ("library from disk", "seccomp landlock open_files", "ctypes.CDLL(library)\nreached = 1"),
        (
            "module from an archive",
            "seccomp landlock open_files",
            "sys.path[:] = [folder + '/archive.zip']\nimport archived\nreached = archived.loot",
        ),
        (
            "program text from disk",
            "seccomp landlock open_files",
            "names = {}\nexec(compile(open(folder + '/planted.py').read(), 'x', 'exec'), names)\nreached = names['loot']",
        ),
        (
            "code through its own memory file",
            "seccomp landlock open_files not_dumpable",
            "at = ctypes.cast(libc.getpid, ctypes.c_void_p).value\nmemory = open('/proc/self/mem', 'r+b', buffering=0)\n"
            "memory.seek(at)\nbyte = memory.read(1)\nmemory.seek(at)\nreached = memory.write(byte)",
        ),
        (
            "shared memory that is executable",
            _SYSCALL,
            "key = libc.shmget(0, 4096, 0o1700)\nassert key >= 0\nlibc.shmat.restype = ctypes.c_void_p\n"
            "at = libc.shmat(key, None, 0o100000)\nlibc.shmctl(key, 0, None)\nassert at != 2**64 - 1\nreached = 1",
        ),
    ),
    *_family(
        "loosen the lock",
        (
            "limit of files",
            _SYSCALL,
            "resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))\nreached = 1",
        ),
        ("whether it can be traced", _SYSCALL, "assert libc.prctl(4, 0, 0, 0, 0) == 0\nreached = 1"),
        (
            "another filter",
            _SYSCALL,
            "allow = ctypes.create_string_buffer((6).to_bytes(4, 'little') + 0x7FFF0000.to_bytes(4, 'little'), 8)\n"
            "program = (ctypes.c_void_p * 2)(1, ctypes.addressof(allow))\n"
            "assert libc.syscall(317, 1, 0, program) == 0\nreached = 1",
        ),
        ("another rule set", _SYSCALL, "reached = libc.syscall(444, None, 0, 1)"),
        (
            "rights of the process",
            _SYSCALL,
            "header = (ctypes.c_uint * 2)(0x20080522, 0)\n"
            "assert libc.syscall(125, header, (ctypes.c_uint * 6)()) == 0\nreached = 1",
        ),
        ("change of user", _SYSCALL, "assert libc.syscall(117, -1, -1, -1) == 0\nreached = 1"),
        (
            "stack for signals",
            _SYSCALL,
            "assert libc.sigaltstack(None, ctypes.create_string_buffer(64)) == 0\nreached = 1",
        ),
        ("mask of new files", _SYSCALL, "os.umask(0o22)\nreached = 1"),
        (
            "way of being scheduled",
            _SYSCALL,
            "os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))\nreached = 1",
        ),
        ("parent's death", _SYSCALL, "assert libc.prctl(1, 0, 0, 0, 0) == 0\nreached = 1"),
        ("handler of a signal", _SYSCALL, "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nreached = 1"),
        ("timer", _SYSCALL, "signal.setitimer(signal.ITIMER_REAL, 0)\nreached = 1"),
    ),
    *_family(
        "other doors of the kernel",
        ("the 32-bit table", _SYSCALL, "reached = legacy(20)"),
        ("own handler of page faults", _SOCKET, "reached = 1 + libc.syscall(323, 1)"),
        (
            "clone by a structure",
            _FORK,
            "pid = libc.syscall(435, (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17, 0, 0, 0), 64)\nif pid == 0:\n    os._exit(0)\n"
            "assert pid > 0\nreached = 1",
        ),
        ("signal to a thread of the host", "seccomp landlock", "reached = 1 + libc.syscall(234, host, host, 0)"),
        (
            "signal with a value",
            "seccomp landlock",
            "reached = 1 + libc.syscall(129, host, 0, (ctypes.c_int * 32)(0, 0, -1))",
        ),
        (
            "splice",
            f"descriptors {_SOCKET}",
            "r, w = os.pipe()\nos.splice(held, w, 100, offset_src=0)\nreached = os.read(r, 100).decode()",
        ),
        (
            "memory into a pipe",
            _SOCKET,
            f"r, w = os.pipe()\n{_IOV}reached = libc.syscall(278, w, iov, 1, 0)",
        ),
        (
            "copy of a pipe",
            _SOCKET,
            "r, w = os.pipe()\nq, v = os.pipe()\nos.write(w, b'abc')\nreached = libc.syscall(276, r, v, 3, 0)",
        ),
        ("keys of the session", _SYSCALL, "reached = libc.syscall(250, 0, -3, 1)"),
        ("counter of events", _SOCKET, "reached = 1 + libc.eventfd(0, 0)"),
        ("timer as a file", _SOCKET, "reached = 1 + libc.timerfd_create(1, 0)"),
        ("signals as a file", _SOCKET, "reached = 1 + libc.syscall(289, -1, ctypes.create_string_buffer(8), 8, 0)"),
        ("barrier in all processes", _SYSCALL, "reached = libc.syscall(324, 0, 0, 0)"),
        ("comparison of processes", _SYSCALL, "reached = 1 + libc.syscall(312, *[libc.syscall(39)] * 2, 1, 0, 0)"),
        ("register of the thread", _SYSCALL, "reached = 1 + libc.syscall(158, 0x1003, ctypes.create_string_buffer(8))"),
        (
            "what is in memory",
            _SYSCALL,
            "page = mmap.mmap(-1, 4096)\nat = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page)))\n"
            "reached = 1 + libc.mincore(at, 4096, ctypes.create_string_buffer(1))",
        ),
        (
            "page held in memory",
            "seccomp locked_memory",
            "page = mmap.mmap(-1, 4096)\nat = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page)))\n"
            "reached = 1 + libc.syscall(325, at, 4096, 0)",
        ),
        ("processor time of the machine", _SYSCALL, "reached = libc.syscall(100, ctypes.create_string_buffer(32))"),
        (
            "a stranger's view of a file",
            _SYSCALL,
            "reached = 1 + libc.syscall(332, -100, secret.encode(), 0, 0, ctypes.create_string_buffer(256))",
        ),
    ),
    *_family(
        "bombs",
        # `bytes` of zeros is address space that is never touched: the control is as quick on a busy machine.
        ("memory", "memory", "reached = len(bytes(600 * 1024 * 1024))"),
        (
            "memory in small pieces",
            "memory",
            "held = []\nfor _ in range(600):\n    held.append(bytes(1024 * 1024))\nreached = len(held)",
        ),
        ("mapping of nothing", "memory", "reached = len(mmap.mmap(-1, 600 * 1024 * 1024))"),
        (
            "mapping that grows",
            "memory",
            "page = mmap.mmap(-1, 4096)\npage.resize(600 * 1024 * 1024)\nreached = len(page)",
        ),
        (
            "break of the heap",
            "memory",
            "libc.sbrk.restype = ctypes.c_void_p\nassert libc.sbrk(ctypes.c_long(600 * 1024 * 1024)) != 2**64 - 1\nreached = 1",
        ),
        (
            "processor time",
            "cpu",
            "import time\nwhile time.process_time() < 2.5:\n    pass\nreached = 1",
        ),
        (
            "large file",
            f"{_FILE} files",
            "f = open(loot, 'wb')\nf.truncate(1 << 30)\nf.close()\nreached = os.stat(loot).st_size\nos.unlink(loot)",
        ),
        (
            "threads",
            _FORK,
            "import time\nthreading.stack_size(65_536)\nfor _ in range(3):\n    threading.Thread(target=time.sleep, args=(0.05,), daemon=True).start()\n"
            "reached = threading.active_count()",
        ),
        ("descriptors", _SOCKET, "fds = [os.dup(answer) for _ in range(100)]\nreached = len(fds)"),
        (
            "forks",
            _FORK,
            "pids = []\nfor _ in range(20):\n    pid = os.fork()\n    if pid == 0:\n        os._exit(0)\n    pids.append(pid)\n"
            "for pid in pids:\n    os.waitpid(pid, 0)\nreached = len(pids)",
        ),
        (
            "locked memory",
            "seccomp locked_memory",
            "page = mmap.mmap(-1, 4096)\nassert libc.mlock(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page))), 4096) == 0\nreached = 1",
        ),
    ),
)
