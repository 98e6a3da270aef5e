"""A worker without the language: raw Python and raw JavaScript, in the place of a run. For the tests only.

It is `worker.js` as it ships up to the moment where a run would begin. As an asset it stands in the frame, behind
everything that isolates a worker; as a module of the page's own origin it is the control, which nothing isolates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from chromium.driver import Tab
from chromium.engine_site import SOURCES, with_manifest
from ioconnect_codegen.web.library import NAME, source_library

_RAW = """
async function serveRaw(start, port) {
  const python = await startPython(start);
  self.onmessage = null;
  if (!start.restores) prepare(python);
  const inbox = new Inbox(port);
  port.postMessage(JSON.stringify({ type: "ready", protocol: 1, python: "", layers: await layers() }));
  port.postMessage({ started: true });
  for (;;) {
    const job = JSON.parse(await inbox.take());
    let answer;
    try {
      if ("files" in job) {
        for (const [path, text] of Object.entries(job.files)) {
          python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
          python.FS.writeFile(path, text);
        }
        answer = null;
      } else if ("python" in job) {
        answer = await python.runPythonAsync(job.python);
      } else {
        const url = `data:text/javascript;charset=utf-8,${encodeURIComponent(job.javascript)}`;
        answer = await (await import(url)).default(job.argument);
      }
      port.postMessage(JSON.stringify({ type: "answer", answer: answer?.toJs ? answer.toJs() : answer ?? null }));
    } catch (error) {
      port.postMessage(JSON.stringify({ type: "answer", error: `${error?.name}: ${String(error?.message).slice(-600)}` }));
    }
  }
}
"""


def raw_worker() -> bytes:
    """Give the script of the raw worker."""
    shipped = (SOURCES / "worker.js").read_text(encoding="utf-8")
    begun = shipped.replace("serve(start, port).catch", "serveRaw(start, port).catch")
    assert begun != shipped
    return (begun + _RAW).encode()


def with_raw_worker(files: Mapping[str, bytes], given: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give a site's files with the raw worker as the asset and as a module of the page's origin.

    It has all of the standard library, of which a worker that ships has only what it loads.

    Args:
        files: The site.
        given: The third-party files.
    """
    assets = {
        path: data for path, data in files.items() if path.startswith("/assets/") and path != "/assets/assets.json"
    }
    raw = raw_worker()
    return {
        **files,
        "/t/raw_worker.js": raw,
        **with_manifest({**assets, "/assets/worker.js": raw, f"/assets/{NAME}": source_library(given)}),
    }


class RawWorker:
    """A raw worker in a tab.

    Args:
        tab: A page of a site with the raw worker.
        is_isolated: Whether it stands in the engine's frame, or in nothing, as a worker of the page.
    """

    def __init__(self, tab: Tab, *, is_isolated: bool) -> None:
        self._tab = tab
        start = "isolatedRaw" if is_isolated else "plainRaw"
        tab.evaluate(
            f'async () => {{ globalThis.raw = await (await import("/t/raw_host.js")).{start}(); }}',
        )

    def python(self, code: str) -> object:
        """Run Python; gives the value of its last expression. A Python or JavaScript error is a `RawError`."""
        return self._do({"python": code})

    def javascript(self, module: str, argument: object = None) -> object:
        """Import a JavaScript module and give what its default function gives."""
        return self._do({"javascript": module, "argument": argument})

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, by absolute path."""
        self._do({"files": dict(files)})

    def _do(self, job: dict[str, object]) -> object:
        told = self._tab.evaluate("(text) => globalThis.raw(text)", json.dumps(job))
        answer = cast("dict[str, object]", json.loads(cast("str", told)))
        if "error" in answer:
            raise RawError(str(answer["error"]))
        return answer["answer"]


class RawError(Exception):
    """What a raw worker raised."""
