"""`codemode web serve`: what a strict host would send, to this machine only, and nothing outside the folder."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ioconnect_codegen import cli
from ioconnect_codegen.errors import OutputError
from ioconnect_codegen.web.place import put_folder
from ioconnect_codegen.web.serve import PAGE_POLICY, Site, make_server
from ioconnect_codegen.web.site import FORM, entry_of, json_bytes

FRAME = (
    b'<!doctype html><meta http-equiv="Content-Security-Policy" '
    b"content=\"default-src 'none'; script-src 'sha256-x' data:; connect-src 'none'\">"
)
FILES = {
    "index.html": b"<!doctype html><title>x</title>",
    "js-0123456789ab/engine.js": b"export const one = 1;\n",
    "js-0123456789ab/engine.d.ts": b"export const one: 1;\n",
    "assets/frame.0123456789ab.html": FRAME,
    "assets/pyodide.asm.0123456789ab.wasm": b"\0asm",
    "packages/desk/manifest.json": b"{}",
    "big.js": b"// big\n" * 1000,
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Server:
    """A running server and what it answers."""

    def __init__(self, folder: Path, *, is_isolated: bool = False) -> None:
        self._server = make_server(Site.open(folder, is_isolated=is_isolated), port=0)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.host, self.port = self._server.server_address[:2]

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a built folder with the encoded copies of one file, and a secret beside it."""
    listed = {name: entry_of(data) for name, data in FILES.items()}
    manifest = {"manifest.json": json_bytes({"form": FORM, "version": "1", "files": listed})}
    put_folder({**FILES, **manifest, "big.js.gz": gzip.compress(FILES["big.js"])}, tmp_path / "site")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "site" / "unlisted.txt").write_text("unlisted", encoding="utf-8")
    return tmp_path / "site"


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """Give a server of it."""
    made = Server(folder)
    yield made
    made.close()


def test_it_listens_on_loopback_only(server: Server) -> None:
    assert server.host == "127.0.0.1"


def test_the_root_is_the_playground(server: Server) -> None:
    answer = server.ask("/")

    assert (answer.status, answer.body) == (200, FILES["index.html"])
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/js-0123456789ab/engine.js", "text/javascript; charset=utf-8"),
        ("/js-0123456789ab/engine.d.ts", "text/plain; charset=utf-8"),
        ("/assets/pyodide.asm.0123456789ab.wasm", "application/wasm"),
        ("/packages/desk/manifest.json", "application/json"),
    ],
)
def test_each_file_has_its_type_and_is_not_to_be_guessed_at(server: Server, path: str, kind: str) -> None:
    answer = server.ask(path)

    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == (kind, "nosniff")


def test_only_what_has_its_digest_in_its_path_is_kept_for_ever(server: Server) -> None:
    for path in ("/js-0123456789ab/engine.js", "/assets/pyodide.asm.0123456789ab.wasm"):
        assert server.ask(path).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for path in ("/", "/packages/desk/manifest.json", "/manifest.json"):
        assert server.ask(path).headers["Cache-Control"] == "no-cache"


def test_an_unchanged_file_is_not_sent_again(server: Server) -> None:
    tag = server.ask("/").headers["ETag"]

    assert server.ask("/", If_None_Match=tag).status == 304
    assert server.ask("/", If_None_Match=f'"other", W/{tag}').status == 304
    assert server.ask("/", If_None_Match='"other"').status == 200


def test_a_page_may_neither_evaluate_text_nor_reach_another_host(server: Server) -> None:
    policy = server.ask("/").headers["Content-Security-Policy"]

    assert policy == PAGE_POLICY
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_the_frame_has_its_own_policy_and_is_opaque_wherever_it_is_opened(server: Server) -> None:
    policy = server.ask("/assets/frame.0123456789ab.html").headers["Content-Security-Policy"]

    assert policy == (
        "default-src 'none'; script-src 'sha256-x' data:; connect-src 'none'; "
        "sandbox allow-scripts; frame-ancestors 'self'"
    )


def test_the_smaller_copy_is_sent_to_who_accepts_it(server: Server) -> None:
    plain, encoded = server.ask("/big.js"), server.ask("/big.js", Accept_Encoding="gzip, deflate")

    assert "Content-Encoding" not in plain.headers
    assert encoded.headers["Content-Encoding"] == "gzip"
    assert encoded.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(encoded.body) == plain.body == FILES["big.js"]
    assert "Content-Encoding" not in server.ask("/big.js", Accept_Encoding="gzip;q=0, br").headers


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/unlisted.txt",
        "/big.js.gz",
        "/js-0123456789ab/",
        "/js-0123456789ab",
        "/\\..\\secret.txt",
    ],
)
def test_what_the_manifest_does_not_name_is_not_there(server: Server, path: str) -> None:
    answer = server.ask(path)

    assert answer.status == 404
    assert b"secret" not in answer.body


def test_a_name_that_was_pointed_at_this_machine_is_refused(server: Server) -> None:
    assert server.ask("/", Host="desk.example").status == 421
    assert server.ask("/", Host=f"localhost:{server.port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent_to_it(server: Server, method: str) -> None:
    assert server.ask("/", method).status == 501


def test_head_has_the_headers_and_no_body(server: Server) -> None:
    answer = server.ask("/big.js", "HEAD")

    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, str(len(FILES["big.js"])), b"")


def test_isolation_is_sent_where_it_is_asked_for(folder: Path) -> None:
    server = Server(folder, is_isolated=True)
    headers = server.ask("/").headers
    server.close()

    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_a_tampered_file_is_found_before_anything_is_served(folder: Path) -> None:
    (folder / "js-0123456789ab" / "engine.js").write_text("export const one = 2;\n", encoding="utf-8")
    (folder / "big.js").unlink()

    with pytest.raises(
        OutputError, match=r"big.js is missing; js-0123456789ab/engine.js is not the file that was built"
    ):
        Site.open(folder)


def test_a_folder_that_is_built_again_is_served_as_it_is_now_and_a_spoilt_one_as_it_was(
    folder: Path, server: Server
) -> None:
    tag = server.ask("/").headers["ETag"]
    files = {**FILES, "index.html": b"<!doctype html><title>y</title>", "new.js": b""}
    listed = {name: entry_of(data) for name, data in files.items()}
    put_folder({**files, "manifest.json": json_bytes({"form": FORM, "version": "2", "files": listed})}, folder)

    assert server.ask("/", If_None_Match=tag).body == files["index.html"]
    assert server.ask("/new.js").status == 200
    (folder / "manifest.json").write_bytes(b"{}")
    assert server.ask("/").body == files["index.html"]


def test_a_folder_that_was_not_built_is_told_how_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["web", "serve", str(tmp_path)]) == 2
    assert f"build it: codemode web build {tmp_path}" in capsys.readouterr().err


def test_a_port_that_can_not_be_had_is_told(folder: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["web", "serve", str(folder), "--port", str(server.port)]) == 2
    assert f"port {server.port} can't be had" in capsys.readouterr().err
    assert cli.main(["web", "serve", str(folder), "--port", "70000"]) == 2
    assert "70000 is no port" in capsys.readouterr().err


def test_a_browser_that_goes_away_leaves_no_word(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(b"GET /big.js HTTP/1.1\r\nHost: localhost\r\n")
    assert server.ask("/").status == 200
    assert capfd.readouterr().err == ""


def test_a_manifest_of_another_form_is_no_manifest(folder: Path) -> None:
    document = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**document, "form": "other"}), encoding="utf-8")

    with pytest.raises(OutputError, match="has no manifest"):
        Site.open(folder)
