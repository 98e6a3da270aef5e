"""The lock of a Windows worker: a job object set by the host, mitigation policies and integrity set by itself. Untested.

The host sends nothing before the job is in force and the worker has reported its layers. Untrusted integrity stops
writes; reads and the network would need an AppContainer or a restricted token at creation, which this is not.

Sources: Microsoft, "Job Objects", "SetProcessMitigationPolicy", "Mandatory Integrity Control".
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from ioconnect_codemode.confine.layers import Bounds, Step

if TYPE_CHECKING:
    import ctypes

_CHILD_PROCESS, _DYNAMIC_CODE, _SYSTEM_CALLS, _IMAGE_LOAD = 13, 2, 4, 10  # PROCESS_MITIGATION_POLICY
_MITIGATIONS: Final = {
    "no_processes": (_CHILD_PROCESS, 0b1),  # NoChildProcessCreation
    "no_new_code": (_DYNAMIC_CODE, 0b1),  # ProhibitDynamicCode
    "no_win32k": (_SYSTEM_CALLS, 0b1),  # DisallowWin32kSystemCalls
    "no_remote_images": (_IMAGE_LOAD, 0b11),  # NoRemoteImages, NoLowMandatoryLabelImages
}
_UNTRUSTED: Final = bytes((1, 1, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0))  # the SID S-1-16-0
_TOKEN_ADJUST_DEFAULT = 0x0080
_TOKEN_INTEGRITY_LEVEL = 25
_SE_GROUP_INTEGRITY = 0x20

_PROCESS_TERMINATE_AND_SET_QUOTA = 0x0101
_JOB_EXTENDED_LIMITS, _JOB_UI_RESTRICTIONS = 9, 4
# PROCESS_TIME, ACTIVE_PROCESS, PROCESS_MEMORY, DIE_ON_UNHANDLED_EXCEPTION, KILL_ON_JOB_CLOSE
_JOB_LIMITS = 0x2 | 0x8 | 0x100 | 0x400 | 0x2000
_ALL_UI_RESTRICTIONS = 0xFF

if sys.platform == "win32":

    def load_steps() -> dict[str, Step]:
        """Load ctypes and give the steps that a worker takes itself, by layer, in order."""
        import ctypes

        def mitigated(policy: int, flags: int) -> Step:
            def step(_: Bounds) -> None:
                value = ctypes.c_uint32(flags)
                _held(ctypes.windll.kernel32.SetProcessMitigationPolicy(policy, ctypes.byref(value), 4))

            return step

        steps = {name: mitigated(policy, flags) for name, (policy, flags) in _MITIGATIONS.items()}
        return {**steps, "integrity": _lower_integrity}

    def _lower_integrity(_: Bounds) -> None:
        import ctypes
        from ctypes import wintypes

        class LabelledSid(ctypes.Structure):
            _fields_ = (("sid", ctypes.c_void_p), ("attributes", wintypes.DWORD))

        kernel, security = ctypes.windll.kernel32, ctypes.windll.advapi32
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        token = wintypes.HANDLE()
        process = wintypes.HANDLE(kernel.GetCurrentProcess())
        _held(security.OpenProcessToken(process, _TOKEN_ADJUST_DEFAULT, ctypes.byref(token)))
        sid = ctypes.create_string_buffer(_UNTRUSTED, len(_UNTRUSTED))
        label = LabelledSid(ctypes.addressof(sid), _SE_GROUP_INTEGRITY)
        size = ctypes.sizeof(label) + len(_UNTRUSTED)
        try:
            _held(security.SetTokenInformation(token, _TOKEN_INTEGRITY_LEVEL, ctypes.byref(label), size))
        finally:
            kernel.CloseHandle(token)

    class Job:
        """A job object around one worker: memory, processor time, one process, gone with the host.

        Raises:
            OSError: Windows refuses one of the steps.
        """

        def __init__(self, process_id: int, *, memory_bytes: int, cpu_s: int) -> None:
            import ctypes
            from ctypes import wintypes

            kernel = ctypes.windll.kernel32
            kernel.CreateJobObjectW.restype = kernel.OpenProcess.restype = wintypes.HANDLE
            self._close = kernel.CloseHandle
            self._handle = wintypes.HANDLE(kernel.CreateJobObjectW(None, None))
            _held(self._handle.value or 0)
            limits = _job_limits(memory_bytes, cpu_s)
            shown = ctypes.c_uint32(_ALL_UI_RESTRICTIONS)
            process = wintypes.HANDLE(kernel.OpenProcess(_PROCESS_TERMINATE_AND_SET_QUOTA, False, process_id))
            try:
                for kind, value in ((_JOB_EXTENDED_LIMITS, limits), (_JOB_UI_RESTRICTIONS, shown)):
                    size = ctypes.sizeof(value)
                    _held(kernel.SetInformationJobObject(self._handle, kind, ctypes.byref(value), size))
                _held(kernel.AssignProcessToJobObject(self._handle, process))
            except OSError:
                self.close()
                raise
            finally:
                kernel.CloseHandle(process)

        def close(self) -> None:
            """Let go of the job; its process ends with it."""
            self._close(self._handle)

    def _job_limits(memory_bytes: int, cpu_s: int) -> ctypes.Structure:
        """Give JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""
        import ctypes
        from ctypes import wintypes

        class ExtendedLimits(ctypes.Structure):
            _fields_ = (
                ("process_time", wintypes.LARGE_INTEGER),  # in 100 ns
                ("job_time", wintypes.LARGE_INTEGER),
                ("flags", wintypes.DWORD),
                ("smallest_working_set", ctypes.c_size_t),
                ("largest_working_set", ctypes.c_size_t),
                ("active_processes", wintypes.DWORD),
                ("affinity", ctypes.c_size_t),
                ("priority_class", wintypes.DWORD),
                ("scheduling_class", wintypes.DWORD),
                ("io_counters", ctypes.c_uint64 * 6),
                ("process_memory", ctypes.c_size_t),
                ("job_memory", ctypes.c_size_t),
                ("peak_process_memory", ctypes.c_size_t),
                ("peak_job_memory", ctypes.c_size_t),
            )

        return ExtendedLimits(
            process_time=cpu_s * 10_000_000, flags=_JOB_LIMITS, active_processes=1, process_memory=memory_bytes
        )

    def _held(result: int) -> None:
        import ctypes

        if not result:
            raise ctypes.WinError()
