/** The types of traces, as the API gives them, under the names this feature uses. */
export type { LargeValue, Money, Span, SpanKind, Trace, TraceDetail } from "@/api/types";
