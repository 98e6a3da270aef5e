"""What opening a WebSocket needs, whoever is at the other end: a log without frames, and words for what went wrong."""

from __future__ import annotations

import logging
import ssl

from websockets.exceptions import InvalidHandshake

FAILURES = (OSError, InvalidHandshake, ValueError)
"""What opening a connection raises; ValueError stands for a redirect to another host."""

_OF_ANOTHER_NAME = (62, 63, 64)
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH, ..._EMAIL_MISMATCH and ..._IP_ADDRESS_MISMATCH."""


def why_not_opened(error: OSError | InvalidHandshake | ValueError, *, expected: str) -> str:
    """Give the reason in words.

    Args:
        error: What opening the connection raised.
        expected: Whom one wanted to talk to: `gateway` or `agent`.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message.rstrip(".")
        if error.verify_code in _OF_ANOTHER_NAME:
            return f"its certificate is made out to another name: {said}"
        return (
            f"its certificate is not trusted, {said}: have its authority among those of this system, "
            "or in the file that SSL_CERT_FILE names"
        )
    if isinstance(error, ssl.SSLError):
        return f"it does not speak TLS, which wss:// needs: {error.reason or error}"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, OSError):
        return str(error) or "it closed the connection before there was one"
    return f"what answers is no {expected}: {error}"


def logger_without_frames(name: str) -> logging.Logger:
    """Give websockets a logger that never shows frames: it would write the secret and people's data at DEBUG."""
    logger = logging.getLogger(f"{name}.socket")
    if logger.isEnabledFor(logging.DEBUG):
        logger.setLevel(logging.INFO)
    return logger
