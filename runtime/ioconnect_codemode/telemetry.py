"""OpenTelemetry: a span a run and a child span a call, without payloads.

Names follow the GenAI conventions (semantic-conventions-genai, "execute_tool"; status: development): the run is the tool
`execute_python_code`, a call the tool that the capability is. What they have no word for stands under
`ioconnect.codemode.`. Over MCP the run's span is a child of the server's own, where the MCP library makes one.

Nothing is imported where nobody has set a tracer provider: then there is nobody to tell.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Final

from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.observers import CallEnded, Event, RunEnded, RunStarted
from ioconnect_codemode.outcome import Outcome
from ioconnect_codemode.version import VERSION

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer

_TOOL: Final = "execute_python_code"
_OWN: Final = "ioconnect.codemode"


def spans(manifest: Manifest) -> Spans | None:
    """Give the observer that makes spans; None where no tracer provider is set."""
    if "opentelemetry.trace" not in sys.modules and "OTEL_PYTHON_TRACER_PROVIDER" not in os.environ:
        return None
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return None
    return Spans(trace.get_tracer("ioconnect_codemode", VERSION), manifest)


class Spans:
    """Makes the spans of one session; an observer.

    Args:
        tracer: Where they go.
        manifest: The catalog: a name that it doesn't have may be a payload and stands in no span.
    """

    def __init__(self, tracer: Tracer, manifest: Manifest) -> None:
        from opentelemetry import trace

        self._trace = trace
        self._tracer = tracer
        self._manifest = manifest
        self._runs: dict[str, tuple[Span, Context]] = {}

    def observe(self, event: Event) -> None:
        """Begin or end a span."""
        match event:
            case RunStarted():
                self._start(event)
            case CallEnded():
                self._call(event)
            case RunEnded():
                run = self._runs.pop(event.run_id, None)
                if run is not None:
                    self._end(run[0], event.outcome)
            case _:
                pass

    def _start(self, event: RunStarted) -> None:
        span = self._tracer.start_span(
            f"execute_tool {_TOOL}",
            start_time=event.started_ns,
            attributes={
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": _TOOL,
                "gen_ai.tool.type": "function",
                f"{_OWN}.run.id": event.run_id,
                f"{_OWN}.catalog": event.catalog,
                f"{_OWN}.run.is_dry": event.is_dry_run,
                f"{_OWN}.run.is_review": event.is_review,
            },
        )
        if event.resumes is not None:
            span.set_attribute(f"{_OWN}.run.resumes", event.resumes)
        self._runs[event.run_id] = (span, self._trace.set_span_in_context(span))

    def _call(self, event: CallEnded) -> None:
        run = self._runs.get(event.run_id)
        if run is None:
            return
        name = event.capability if event.capability in self._manifest.capabilities else "not_in_catalog"
        span = self._tracer.start_span(
            f"execute_tool {name}",
            context=run[1],
            start_time=event.started_ns,
            attributes={
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": name,
                "gen_ai.tool.type": "extension",
                "gen_ai.tool.call.id": f"{event.run_id}-{event.ordinal}",
                f"{_OWN}.effect": event.effect,
                f"{_OWN}.state": event.state,
                f"{_OWN}.answer.bytes": event.answer_bytes,
            },
        )
        if event.error_kind is not None:
            self._failed(span, event.error_kind)
        span.end(max(time.time_ns(), event.started_ns))

    def _end(self, span: Span, outcome: Outcome) -> None:
        span.set_attribute(f"{_OWN}.calls", len(outcome.calls))
        span.set_attribute(f"{_OWN}.left.bytes", len(outcome.text().encode("utf-8", "replace")))
        span.set_attribute(f"{_OWN}.left.is_truncated", outcome.truncated is not None)
        if outcome.error is not None:
            self._failed(span, outcome.error.kind)
        span.end()

    def _failed(self, span: Span, kind: str) -> None:
        span.set_attribute("error.type", kind)
        span.set_status(self._trace.StatusCode.ERROR)
