import type { Span } from "../model";
import type { SpanNode } from "./spanTree";

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function collect(value: unknown, texts: string[]): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) for (const item of value) collect(item, texts);
  else if (typeof value !== "object") texts.push(plain(value));
  else
    for (const [name, item] of Object.entries(value)) {
      if (typeof item === "object" && item !== null) {
        texts.push(name);
        collect(item, texts);
      } else texts.push(`${name}: ${plain(item)}`);
    }
}

const known = new WeakMap<Span, string>();

/** All that is written in a span, in small letters: name, model, message, attributes as `name: value`, and events. */
export function textOf(span: Span): string {
  const before = known.get(span);
  if (before !== undefined) return before;
  const texts = [span.name, span.span_id, span.kind, span.model ?? "", span.node ?? "", span.status_message ?? ""];
  collect(span.attributes, texts);
  for (const event of span.events ?? []) {
    texts.push(event.name);
    collect(event.attributes, texts);
  }
  const text = texts.join("\n").toLowerCase();
  known.set(span, text);
  return text;
}

/** Longer than this nothing is looked for in one go, milliseconds: a frame has to come through. */
const SLICE_MS = 6;
const AT_ONCE = 32;

/** Looks through spans for a text, a slice at a time; at the end `found` gets the ids in their order. Returns how to stop it. */
export function searchSpans(spans: readonly Span[], wanted: string, found: (ids: readonly string[]) => void): () => void {
  const needle = wanted.trim().toLowerCase();
  const ids: string[] = [];
  let at = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const step = (): void => {
    const until = performance.now() + SLICE_MS;
    do {
      for (const span of spans.slice(at, at + AT_ONCE)) if (textOf(span).includes(needle)) ids.push(span.span_id);
      at += AT_ONCE;
    } while (at < spans.length && performance.now() < until);
    if (at < spans.length) timer = setTimeout(step);
    else found(ids);
  };
  timer = setTimeout(step);
  return () => clearTimeout(timer);
}

/** Which of some spans comes after (or before) the selected one, around the end; `order` is where each span stands. */
export function nextOf(ids: readonly string[], order: ReadonlyMap<string, number>, selected: string | null, back = false): string | null {
  const here = selected === null ? -1 : (order.get(selected) ?? -1);
  const place = (id: string): number => order.get(id) ?? 0;
  const found = back ? ids.findLast((id) => place(id) < here) : ids.find((id) => place(id) > here);
  return found ?? (back ? ids.at(-1) : ids[0]) ?? null;
}

/** The spans above a span, the nearest first, by the ids of parents; a ring of parents ends. */
export function ancestorsOf(spanId: string, parents: ReadonlyMap<string, string>): readonly string[] {
  const found = new Set<string>();
  for (let id = parents.get(spanId); id !== undefined && !found.has(id); id = parents.get(id)) found.add(id);
  return [...found];
}

/** Parents of the spans of a forest, as they are shown. */
export function parentsOf(nodes: Iterable<SpanNode>): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  for (const node of nodes) for (const child of node.children) parents.set(child.span.span_id, node.span.span_id);
  return parents;
}
