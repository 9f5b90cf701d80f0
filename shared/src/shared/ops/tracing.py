"""Traces: W3C context from the request, through the outbox, to the consumer.

Without OTLP_ENDPOINT spans are made (so that trace ids stand in logs and events) and sent nowhere.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_HEADER = "traceparent"


def configure_tracing(service: str, process: str, otlp_endpoint: str | None = None) -> TracerProvider:
    """Set the process's tracer provider; call once, before the first span."""
    resource = Resource.create({"service.namespace": "zvonok", "service.name": f"{service}-{process}"})
    provider = TracerProvider(resource=resource)
    if otlp_endpoint:
        endpoint = f"{otlp_endpoint.rstrip('/')}/v1/traces"
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)
    return provider


def tracer() -> trace.Tracer:
    """Answer the tracer of this process; making one anew for each request would cost as much as its span."""
    return _tracer_of(trace.get_tracer_provider())


@lru_cache(maxsize=1)
def _tracer_of(provider: trace.TracerProvider) -> trace.Tracer:
    return provider.get_tracer("zvonok")


def current_traceparent() -> str | None:
    """Answer the W3C `traceparent` of the running span; None outside of any."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get(_HEADER)


def context_from(carrier: Mapping[str, str]) -> Context:
    """Read the caller's trace context out of headers; an unusable one counts as absent."""
    return _propagator.extract(carrier, Context()) if carrier.get(_HEADER) else Context()


@contextmanager
def span_from(
    traceparent: str | None, name: str, kind: SpanKind = SpanKind.CONSUMER, **attributes: str | int
) -> Iterator[Span]:
    """Run a block in a span that continues a trace from elsewhere, for example from an event."""
    context = context_from({_HEADER: traceparent} if traceparent else {})
    with tracer().start_as_current_span(name, context=context, kind=kind, attributes=attributes) as span:
        yield span
