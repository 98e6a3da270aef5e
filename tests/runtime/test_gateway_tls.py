"""The gateway behind TLS: its certificate is checked against the authorities of the system."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.server import serve

from ioconnect_codemode.errors import UnavailableError
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from runtime.test_gateway_transport import (  # noqa: TID251 - the tests of the runtime, not its sources
    ECHO,
    SERVER_LOGGER,
    FewLinesGateway,
)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate that signs itself, for the loopback address, and its key."""
    return certificate_for("IP:127.0.0.1", tmp_path)


def certificate_for(name: str, tmp_path: Path) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, made = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=gateway", "-addext", f"subjectAltName={name}"),
            *("-keyout", str(key), "-out", str(made)),
        ],
        check=True,
        capture_output=True,
    )
    return made, key


@asynccontextmanager
async def secure_gateway(certificate: tuple[Path, Path]) -> AsyncGenerator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    async with serve(FewLinesGateway(), "127.0.0.1", 0, ssl=context, logger=SERVER_LOGGER) as server:
        [listening] = server.sockets
        yield f"wss://127.0.0.1:{listening.getsockname()[1]}"


def echoed(certificate: tuple[Path, Path]) -> JsonValue:
    async def act() -> JsonValue:
        async with secure_gateway(certificate) as url:
            transport = GatewayTransport(url, user="dev", secret="s3cret", connect_timeout_s=30)
            try:
                return await transport.call(ECHO, {"text": "x" * 100_000}, timeout_s=30)
            finally:
                await transport.close()

    return asyncio.run(act())


def test_gateway_with_a_certificate_of_a_known_authority_is_called(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    assert echoed(certificate) == {"text": "x" * 100_000}


def test_gateway_with_a_certificate_that_nobody_vouches_for_gets_no_secret(certificate: tuple[Path, Path]) -> None:
    with pytest.raises(UnavailableError) as caught:
        echoed(certificate)

    assert (
        "(its certificate is not trusted, self-signed certificate: have its authority among those of this system, or in "
        "the file that SSL_CERT_FILE names)"
    ) in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_certificate_of_another_host_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = certificate_for("DNS:elsewhere.example", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(elsewhere[0]))

    with pytest.raises(UnavailableError, match="its certificate is made out to another name: IP address mismatch"):
        echoed(elsewhere)
