from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ioconnect_codemode import Policy
from ioconnect_codemode.rules import AuditRules
from journeys.desk import run

EXPORTER = InMemorySpanExporter()


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    """Collect nothing any more when this room's tests are over."""
    yield
    EXPORTER.shutdown()


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """Give what collects spans; the process's one provider is set on first use, for there is no taking it back."""
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(EXPORTER))
        trace.set_tracer_provider(provider)
    EXPORTER.clear()
    yield EXPORTER
    EXPORTER.clear()


def attributes(span: ReadableSpan, *names: str) -> list[object]:
    assert span.attributes is not None
    return [span.attributes.get(name) for name in names]


def test_a_run_is_a_span_and_a_call_its_child(exporter: InMemorySpanExporter) -> None:
    outcome = run('crm.get_client("CL-10024").adviser')
    call, ran = exporter.get_finished_spans()
    assert (call.name, ran.name) == ("execute_tool crm.get_client", "execute_tool execute_python_code")
    assert call.parent is not None
    assert ran.context is not None
    assert (call.parent.span_id, ran.parent) == (ran.context.span_id, None)
    names = ("gen_ai.operation.name", "gen_ai.tool.name", "gen_ai.tool.type", "error.type")
    assert attributes(ran, *names) == ["execute_tool", "execute_python_code", "function", None]
    assert attributes(call, *names) == ["execute_tool", "crm.get_client", "extension", None]
    own = ("ioconnect.codemode.effect", "ioconnect.codemode.state", "ioconnect.codemode.answer.bytes")
    assert attributes(call, *own) == ["read", "finished", outcome.calls[0].bytes]
    assert attributes(ran, "ioconnect.codemode.calls", "ioconnect.codemode.catalog") == [1, outcome.catalog]
    assert call.start_time is not None
    assert ran.start_time is not None
    assert call.end_time is not None
    assert ran.end_time is not None
    assert ran.start_time <= call.start_time <= call.end_time <= ran.end_time


def test_a_failure_is_an_error_of_its_kind(exporter: InMemorySpanExporter) -> None:
    run('crm.get_client("nobody-at-all")')
    call, ran = exporter.get_finished_spans()
    assert attributes(call, "error.type") + attributes(ran, "error.type") == ["app_error", "app_error"]
    assert [span.status.status_code for span in (call, ran)] == [trace.StatusCode.ERROR] * 2


def test_no_span_has_a_payload(exporter: InMemorySpanExporter) -> None:
    run('c = crm.get_client("CL-10024")\nprint(c.email)\nraise ValueError(c.name)')
    text = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert "execute_tool" in text
    assert not [word for word in ("CL-10024", "mail.example", "Reid", "ValueError", "print") if word in text]


def test_a_run_is_a_child_of_the_caller_s_span(exporter: InMemorySpanExporter) -> None:
    with trace.get_tracer("host").start_as_current_span("turn") as turn:
        run("1")
    ran = exporter.get_finished_spans()[0]
    assert ran.parent is not None
    assert ran.parent.span_id == turn.get_span_context().span_id


def test_a_run_that_an_audit_stops_ends_its_span(exporter: InMemorySpanExporter) -> None:
    run("1", policy=Policy(audit=AuditRules(file="/dev/full")))
    (ran,) = exporter.get_finished_spans()
    assert ran.end_time is not None


ALONE = """
import asyncio, sys
from ioconnect_codemode import CodeMode
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode import telemetry
{before}
async def main():
    async with CodeMode.open(sys.argv[1], transport=EmbeddedTransport({{}}), spares=0) as code_mode:
        print(telemetry.spans(code_mode.manifest), "opentelemetry.trace" in sys.modules)
asyncio.run(main())
"""


@pytest.mark.parametrize(("before", "printed"), [("", "None False"), ("import opentelemetry.trace", "None True")])
def test_without_a_provider_nothing_is_watched_or_imported(before: str, printed: str) -> None:
    code = ALONE.format(before=before)
    ended = subprocess.run(
        [sys.executable, "-c", code, "generated/wealth_desk"], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == printed
