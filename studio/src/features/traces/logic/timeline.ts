import type { Span } from "../model";

/** The part of a trace's time that is in sight, in milliseconds after its first moment. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** The last moment of the trace in milliseconds after its first: the timeline's width. At least a hundredth. */
export function traceExtent(spans: readonly Span[]): number {
  return spans.reduce((end, span) => Math.max(end, span.start_offset_ms + span.duration_ms), 0.01);
}

/** No closer than this share of a trace, and no closer than a microsecond. */
function shortest(extent: number): number {
  return Math.max(0.001, extent * 1e-6);
}

/** A view of this length around the same place, within the trace. */
function within(from: number, length: number, extent: number): View {
  const long = Math.min(extent, Math.max(shortest(extent), length));
  const start = Math.min(Math.max(0, from), extent - long);
  return { from: start, to: start + long };
}

/** The view `factor` times as long; the moment `at` stays where it is in sight. */
export function zoomed(view: View, extent: number, factor: number, at: number): View {
  const long = Math.min(extent, Math.max(shortest(extent), (view.to - view.from) * factor));
  const share = (at - view.from) / (view.to - view.from);
  return within(at - share * long, long, extent);
}

/** The view moved by a share of its own length. */
export function panned(view: View, extent: number, share: number): View {
  const long = view.to - view.from;
  return within(view.from + share * long, long, extent);
}

/** A view that shows the time between two moments, whichever is the earlier. */
export function between(one: number, other: number, extent: number): View {
  return within(Math.min(one, other), Math.abs(one - other), extent);
}

/** A view that shows a span with some room at its sides. */
export function around(span: Pick<Span, "start_offset_ms" | "duration_ms">, extent: number): View {
  const room = Math.max(span.duration_ms * 0.15, shortest(extent));
  return within(span.start_offset_ms - room, span.duration_ms + 2 * room, extent);
}

/** The same view where a span is in sight in it already, one that is as long around the span's middle otherwise. */
export function showing(span: Pick<Span, "start_offset_ms" | "duration_ms">, view: View, extent: number): View {
  if (typeof barPlace(span, view) === "object") return view;
  const long = view.to - view.from;
  return within(span.start_offset_ms + span.duration_ms / 2 - long / 2, long, extent);
}

export function isWhole(view: View, extent: number): boolean {
  return view.from <= 0 && view.to >= extent;
}

/** A view as it stands in an address; the whole trace is nothing. */
export function writeView(view: View, extent: number): string | null {
  return isWhole(view, extent) ? null : `${Number(view.from.toFixed(3))}-${Number(view.to.toFixed(3))}`;
}

/** A view out of an address; what cannot be read is the whole trace. */
export function readView(text: string, extent: number): View {
  const found = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text);
  const [from, to] = found ? [Number(found[1]), Number(found[2])] : [0, extent];
  return to > from && from < extent ? within(from, to - from, extent) : { from: 0, to: extent };
}

/** Where a span lies in sight, in per cent of the view's width; or on which side of it. */
export type BarPlace = { readonly left: number; readonly width: number } | "before" | "after";

export function barPlace(span: Pick<Span, "start_offset_ms" | "duration_ms">, view: View): BarPlace {
  const long = view.to - view.from;
  const start = span.start_offset_ms;
  const end = start + span.duration_ms;
  if (end < view.from) return "before";
  if (start > view.to) return "after";
  const left = Math.max(0, (start - view.from) / long) * 100;
  return { left, width: Math.max(0, Math.min(1, (end - view.from) / long) * 100 - left) };
}

/** Round marks (1, 2, 5 × 10ⁿ milliseconds) in sight, at most `most` of them, without one at the very end. */
export function timeMarks({ from, to }: View, most = 5): readonly number[] {
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const marks: number[] = [];
  // A mark is a multiple of the step: added up, steps of a tenth would drift.
  for (let at = Math.ceil(from / step); at * step < from + (to - from) * 0.94; at += 1) marks.push(at * step);
  return marks;
}

/** A mark in words, with as many digits as tell it from its neighbours: 0, 1.25 s, 12.4 ms. */
export function markText(mark: number, { from, to }: View): string {
  if (mark === 0) return "0";
  const [unit, size] = to <= 1000 ? ["ms", 1] : ["s", 1000];
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10((to - from) / size / 10))));
  return `${Number((mark / size).toFixed(digits)).toLocaleString("en-US", { maximumFractionDigits: digits })} ${unit}`;
}
