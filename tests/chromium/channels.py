"""Ways out of a worker, as JavaScript and Python: what each of them reaches where nothing is in its way.

Every one settles by itself, whether it succeeds or fails, so that a test needs no clock.
"""

from __future__ import annotations

from typing import Final

NETWORK: Final[dict[str, str]] = {
    "fetch": "export default ({ url }) => fetch(url).then((answer) => answer.status);",
    "fetch that outlives its worker": "export default ({ url }) => fetch(url, { keepalive: true, mode: 'no-cors' }).then(() => 1);",
    "fetch by a request": "export default ({ url }) => fetch(new Request(url, { method: 'POST', body: 'x', mode: 'no-cors' }));",
    "synchronous XMLHttpRequest": (
        "export default ({ url }) => { const x = new XMLHttpRequest(); x.open('GET', url, false); x.send(); return x.status; };"
    ),
    "asynchronous XMLHttpRequest": (
        "export default ({ url }) => new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', url);"
        " x.onloadend = () => done(x.status); x.send('x'); });"
    ),
    "WebSocket": (
        "export default ({ url }) => new Promise((done) => { const s = new WebSocket(url.replace('http', 'ws'));"
        " s.onopen = s.onerror = () => done('over'); });"
    ),
    "WebSocketStream": (
        "export default async ({ url }) => { const s = globalThis.WebSocketStream ? new WebSocketStream(url.replace('http', 'ws'))"
        " : new WebSocket(url.replace('http', 'ws')); await (s.opened ?? new Promise((done) => (s.onerror = done))); };"
    ),
    "EventSource": (
        "export default ({ url }) => new Promise((done) => { const s = new EventSource(url);"
        " s.onopen = s.onerror = () => { s.close(); done('over'); }; });"
    ),
    "dynamic import": "export default ({ url }) => import(url);",
    "import of JSON": "export default ({ url }) => import(url, { with: { type: 'json' } });",
    "worker of a URL": (
        "export default ({ url }) => new Promise((done) => { const w = new Worker(url, { type: 'module' }); w.onerror = done; });"
    ),
    "importScripts in a nested worker": (
        "export default ({ url }) => new Promise((done) => {"
        " const w = new Worker('data:text/javascript,' + encodeURIComponent(`try { importScripts('${url}') } catch {} postMessage(1)`));"
        " w.onmessage = w.onerror = () => done('over'); });"
    ),
    "fetch in a nested worker": (
        "export default ({ url }) => new Promise((done) => {"
        " const w = new Worker('data:text/javascript,' + encodeURIComponent("
        "`fetch('${url}', { mode: 'no-cors' }).finally(() => postMessage(1)).catch(() => {})`));"
        " w.onmessage = w.onerror = () => done('over'); });"
    ),
    "font": "export default ({ url }) => new FontFace('F', `url(${url})`).load();",
    "response of a stream": (
        "export default ({ url }) => WebAssembly.compileStreaming(fetch(url, { mode: 'no-cors' })).catch(() => 'over');"
    ),
}
"""Ways to have a request made, each a module whose default function takes `{ url }`."""

PYTHON_NETWORK: Final[dict[str, str]] = {
    "Pyodide's fetch": "from pyodide.http import pyfetch\nawait pyfetch('{url}')\n1",
    "JavaScript's fetch from Python": "import js\nawait js.fetch('{url}')\n1",
    "JavaScript's XMLHttpRequest from Python": (
        "import js\nx = js.XMLHttpRequest.new()\nx.open('GET', '{url}', False)\nx.send()\n1"
    ),
    "JavaScript's WebSocket from Python": (
        "import js\nfrom pyodide.ffi import create_once_callable\nimport asyncio\n"
        "f = asyncio.get_event_loop().create_future()\ns = js.WebSocket.new('{url}'.replace('http', 'ws'))\n"
        "s.onerror = create_once_callable(lambda e: f.set_result(1))\nawait f"
    ),
}
"""The same from Python; each is run with `{url}` filled in."""

STORAGE: Final[dict[str, str]] = {
    "IndexedDB": (
        "export default () => new Promise((done, failed) => { const o = indexedDB.open('x');"
        " o.onsuccess = () => done('reached'); o.onerror = () => failed(o.error); });"
    ),
    "Cache Storage": "export default async () => { await (await caches.open('x')).put('/x', new Response('x')); return 'reached'; };",
    "private files": "export default async () => { await navigator.storage.getDirectory(); return 'reached'; };",
    "locks": "export default () => navigator.locks.request('x', () => 'reached');",
}
"""Ways to leave something behind for the next run, or to find something of the page's."""

EVALUATION: Final[dict[str, str]] = {
    "eval": "export default () => (0, eval)(\"'reached'\");",
    "Function": "export default () => new Function('return \"reached\"')();",
    "constructor of a function": "export default () => (async () => {}).constructor('return \"reached\"')();",
    "timer with a text": (
        "export default () => new Promise((done) => { globalThis.reach = done; setTimeout(\"reach('reached')\");"
        " setTimeout(() => done(null), 50); });"
    ),
}
"""Ways to make code of a text."""
