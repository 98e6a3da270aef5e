"""What the workers of an opened package are told of its catalog before a snippet names it.

A worker that knows a namespace when it is forked asks for nothing and loads nothing while its run waits. A small
catalog is told whole; of a large one what runs have named, the last of it, never more than a bounded number of
functions and types. It is told from the catalog that policy has left, and a worker uses it for runs under the same
catalog and policy only.
"""

from __future__ import annotations

import asyncio
import contextlib
import marshal
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.lookup.needs import ahead_message
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.pool import Pool

_MOST_FUNCTIONS = 200  # some 8 MB of a zygote, and 0.1 s of its time and of ours
_MOST_TYPES = 400  # in the modules behind them, whether a function uses them or not; as much again
_AFTER_S = 0.3  # a host that runs one snippet and ends has no use for it


class Ahead:
    """Tells a pool of one catalog.

    Args:
        manifest: The catalog as policy leaves it.
        masks: Record types to the keys that policy masks.
        pool: The pool.

    Attributes:
        key: What a run names so that its worker uses what it knows.
    """

    def __init__(self, manifest: Manifest, masks: Mapping[str, Sequence[str]], pool: Pool) -> None:
        self.key = os.urandom(8).hex()
        self._manifest = manifest
        self._masks = masks
        self._pool = pool
        is_small = len(manifest.capabilities) <= _MOST_FUNCTIONS
        self._wanted: list[str] = list(manifest.namespaces) if is_small else []
        self._told: frozenset[str] = frozenset()
        self._telling: asyncio.Task[None] | None = None
        self._is_closed = False

    def named(self, namespaces: Collection[str] = ()) -> None:
        """Take note of a run that has begun, or of namespaces that one has asked for; the pool is told a little later."""
        if self._is_closed or not self._pool.learns:
            return
        if namespaces or not self._told:
            self._wanted = self._first(dict.fromkeys([*namespaces, *self._wanted]))
        if self._telling is None and not self._told.issuperset(self._wanted):
            self._telling = asyncio.get_running_loop().create_task(self._tell())

    @property
    def is_telling(self) -> bool:
        """Whether there is something that the pool is about to be told."""
        return self._telling is not None

    async def close(self) -> None:
        """Tell nothing any more: a pool outlives a catalog, and runs under the old one may still name namespaces."""
        self._is_closed = True
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)

    async def _tell(self) -> None:
        await asyncio.sleep(_AFTER_S)
        wanted = self._wanted
        try:
            with contextlib.suppress(PackageError):  # told to whoever names the namespace
                for namespace in wanted:
                    for module in self._manifest.modules_of(namespace):
                        self._manifest.stub_code(module)
                    await asyncio.sleep(0)  # a stub module takes milliseconds to compile: others have their turn
                self._pool.teach(marshal.dumps(ahead_message(self._manifest, wanted, key=self.key, masks=self._masks)))
            self._told = frozenset(wanted)
        finally:  # the next run tries again what has not been told
            self._telling = None

    def _first(self, namespaces: Iterable[str]) -> list[str]:
        """Give the first namespaces that are not too much together; what is too large for itself is left out."""
        kept: list[str] = []
        functions, types = _MOST_FUNCTIONS, _MOST_TYPES - self._types_in["records"]
        for name in namespaces:
            if name not in self._manifest.namespaces:
                continue
            namespace = self._manifest.namespaces[name]
            own_functions = len(namespace["capabilities"])
            own_types = self._types_in[namespace["module"].removesuffix(".py")]
            if own_functions <= functions and own_types <= types:
                functions -= own_functions
                types -= own_types
                kept.append(name)
        return kept

    @cached_property
    def _types_in(self) -> Counter[str]:
        """How many types each stub module has; a namespace brings `records` too, where there is one."""
        return Counter(one["module"] for one in self._manifest.types.values())
