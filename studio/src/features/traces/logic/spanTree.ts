import type { Span } from "../model";
import { readPayloads } from "@/ui/conversation/messages";

/** A span in its place: how deep, what is under it, and its share of the model calls below. */
export interface SpanNode {
  readonly span: Span;
  readonly depth: number;
  readonly children: readonly SpanNode[];
  /** Tokens of this span and everything below it; null where no call told any. */
  readonly tokens: number | null;
}

/** A row of the tree as it is shown now. */
export interface SpanRow {
  readonly node: SpanNode;
  readonly expanded: boolean;
}

function ownTokens(span: Span): number | null {
  const prompt = span.prompt_tokens ?? null;
  const completion = span.completion_tokens ?? null;
  return prompt === null && completion === null ? null : (prompt ?? 0) + (completion ?? 0);
}

function add(left: number | null, right: number | null): number | null {
  if (left === null) return right;
  return right === null ? left : left + right;
}

function byStart(left: Span, right: Span): number {
  return left.start_offset_ms - right.start_offset_ms || right.duration_ms - left.duration_ms;
}

interface Growing extends SpanNode {
  readonly children: Growing[];
  tokens: number | null;
}

/** A span with everything below it. In steps, not by recursion: an agent's chain may be deeper than the browser's call stack. */
function grow(top: Span, children: ReadonlyMap<string, Span[]>, placed: Set<string>): SpanNode {
  const sprout = (span: Span, depth: number): Growing => {
    placed.add(span.span_id);
    return { span, depth, children: [], tokens: ownTokens(span) };
  };
  const root = sprout(top, 0);
  const grown = [root];
  for (const node of grown) {
    const below = (children.get(node.span.span_id) ?? []).filter((child) => !placed.has(child.span_id)).sort(byStart);
    for (const child of below) {
      const sprouted = sprout(child, node.depth + 1);
      node.children.push(sprouted);
      grown.push(sprouted);
    }
  }
  for (const node of grown.reverse()) node.tokens = node.children.reduce((sum, child) => add(sum, child.tokens), node.tokens);
  return root;
}

/**
 * The spans as a forest, by start time. A span whose parent is not (yet) here stands at the top, and a ring of parents is cut
 * at its first span, so that every span is shown exactly once.
 */
export function buildSpanTree(spans: readonly Span[]): readonly SpanNode[] {
  const known = new Set(spans.map((span) => span.span_id));
  const children = new Map<string, Span[]>();
  const tops: Span[] = [];
  for (const span of spans) {
    const parent = span.parent_id;
    if (parent === null || !known.has(parent) || parent === span.span_id) {
      tops.push(span);
      continue;
    }
    const siblings = children.get(parent);
    if (siblings) siblings.push(span);
    else children.set(parent, [span]);
  }
  const placed = new Set<string>();
  const forest = [...tops].sort(byStart).map((span) => grow(span, children, placed));
  for (const span of spans) if (!placed.has(span.span_id)) forest.push(grow(span, children, placed));
  return forest;
}

function tells(span: Span): boolean {
  const { input, output } = readPayloads(span.attributes ?? {});
  return input !== undefined || output !== undefined;
}

/**
 * The span a trace opens on: the first that says what went in or came out. A bare HTTP span only says that a request came in, so any
 * other is taken before it. Null without spans.
 */
export function tellingSpan(forest: readonly SpanNode[]): Span | null {
  const spans = visibleRows(forest, new Set()).map((row) => row.node.span);
  const inner = spans.filter((span) => span.kind !== "http");
  return inner.find(tells) ?? spans.find(tells) ?? inner[0] ?? spans[0] ?? null;
}

/** The rows to show, top to bottom, when the spans in `collapsed` hide what is below them. */
export function visibleRows(forest: readonly SpanNode[], collapsed: ReadonlySet<string>): readonly SpanRow[] {
  const rows: SpanRow[] = [];
  const waiting = [...forest].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const expanded = node.children.length > 0 && !collapsed.has(node.span.span_id);
    rows.push({ node, expanded });
    if (expanded) for (const child of [...node.children].reverse()) waiting.push(child);
  }
  return rows;
}

export type TreeKey = "ArrowDown" | "ArrowUp" | "ArrowLeft" | "ArrowRight" | "Home" | "End";

/** What a key does in the tree (WAI-ARIA tree pattern): another span is selected, or one opens or closes. */
export type TreeMove =
  { readonly kind: "select"; readonly spanId: string } | { readonly kind: "toggle"; readonly spanId: string } | { readonly kind: "none" };

function selectAt(rows: readonly SpanRow[], index: number): TreeMove {
  const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
  return row ? { kind: "select", spanId: row.node.span.span_id } : { kind: "none" };
}

function parentIndex(rows: readonly SpanRow[], index: number): number {
  const depth = rows[index]?.node.depth ?? 0;
  for (let above = index - 1; above >= 0; above -= 1) if ((rows[above]?.node.depth ?? 0) < depth) return above;
  return index;
}

export function moveInTree(rows: readonly SpanRow[], selected: string | null, key: TreeKey): TreeMove {
  const index = rows.findIndex((row) => row.node.span.span_id === selected);
  const row = rows[index];
  switch (key) {
    case "ArrowDown":
      return selectAt(rows, index + 1);
    case "ArrowUp":
      return selectAt(rows, index < 0 ? 0 : index - 1);
    case "Home":
      return selectAt(rows, 0);
    case "End":
      return selectAt(rows, rows.length - 1);
    case "ArrowLeft":
      if (!row) return { kind: "none" };
      return row.expanded ? { kind: "toggle", spanId: row.node.span.span_id } : selectAt(rows, parentIndex(rows, index));
    case "ArrowRight":
      if (!row || row.node.children.length === 0) return { kind: "none" };
      return row.expanded ? selectAt(rows, index + 1) : { kind: "toggle", spanId: row.node.span.span_id };
  }
}
