import type { Span } from "../model";
import { readConversation, readPayloads } from "@/ui/conversation/messages";
import type { SpanNode } from "./spanTree";

/** A span of one trace beside the one of another that did the same; one of them is null where only the other trace has it. */
export interface Pair {
  readonly id: string;
  readonly depth: number;
  readonly left: SpanNode | null;
  readonly right: SpanNode | null;
}

type Side = readonly SpanNode[];

/** What two spans have to share to do the same: for calls of models not the name, which says the model. */
function doing({ span }: SpanNode): string {
  return span.kind === "llm" || span.kind === "embedding" ? `${span.kind} ${span.node ?? ""}` : `${span.kind} ${span.name}`;
}

function exactly({ span }: SpanNode): string {
  return `${span.kind} ${span.name}`;
}

/** Pairs what has the same key, the first with the first; returns the partner of each of the left that has one. */
function match(left: Side, right: Side, key: (node: SpanNode) => string, partners: Map<SpanNode, SpanNode>): void {
  const taken = new Set(partners.values());
  const free = new Map<string, SpanNode[]>();
  for (const node of right.filter((each) => !taken.has(each))) free.set(key(node), [...(free.get(key(node)) ?? []), node]);
  for (const node of left) {
    const partner = partners.has(node) ? undefined : free.get(key(node))?.shift();
    if (partner) partners.set(node, partner);
  }
}

interface Couple {
  readonly left: SpanNode | null;
  readonly right: SpanNode | null;
}

/** Siblings of both traces in one order: that of the left, and what only the right has after what it came after there. */
export function pairSiblings(left: Side, right: Side): readonly Couple[] {
  const partners = new Map<SpanNode, SpanNode>();
  match(left, right, exactly, partners);
  match(left, right, doing, partners);
  if (left.length === 1 && right.length === 1 && left[0] && right[0]) partners.set(left[0], right[0]);
  const of = new Map([...partners].map(([one, other]) => [other, one]));
  const extra = new Map<SpanNode | null, SpanNode[]>();
  let before: SpanNode | null = null;
  for (const node of right) {
    const partner: SpanNode | undefined = of.get(node);
    if (partner) before = partner;
    else extra.set(before, [...(extra.get(before) ?? []), node]);
  }
  const alone = (after: SpanNode | null): readonly Couple[] => (extra.get(after) ?? []).map((node) => ({ left: null, right: node }));
  return [...alone(null), ...left.flatMap((node) => [{ left: node, right: partners.get(node) ?? null }, ...alone(node)])];
}

/** The spans of two traces beside each other, top to bottom. */
export function pairTraces(left: Side, right: Side): readonly Pair[] {
  const rows: Pair[] = [];
  const waiting: (Couple & { readonly depth: number })[] = pairSiblings(left, right).map((couple) => ({ ...couple, depth: 0 })).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { depth, left: one, right: other } = next;
    rows.push({ id: `${one?.span.span_id ?? ""}-${other?.span.span_id ?? ""}`, depth, left: one, right: other });
    for (const couple of [...pairSiblings(one?.children ?? [], other?.children ?? [])].reverse()) waiting.push({ ...couple, depth: depth + 1 });
  }
  return rows;
}

function written(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** What went into a span and came out of it, as texts to compare: messages under their roles, other values as JSON. */
export function textsOf(span: Span | undefined): { readonly input: string; readonly output: string } {
  if (!span) return { input: "", output: "" };
  const attributes = span.attributes ?? {};
  const conversation = readConversation(attributes);
  const said = (messages: readonly { readonly role: string; readonly text: string; readonly toolCalls: readonly { name: string; arguments: string }[] }[]): string =>
    messages.map(({ role, text, toolCalls }) => [`${role}:`, ...(text ? [text] : []), ...toolCalls.map((call) => `calls ${call.name} ${call.arguments}`)].join("\n")).join("\n\n");
  const { input, output } = readPayloads(attributes);
  const answer = conversation && conversation.output.length > 0 ? said(conversation.output) : written(output);
  return {
    input: conversation && conversation.input.length > 0 ? said(conversation.input) : written(input),
    output: span.status === "error" ? [answer, `failed: ${span.status_message ?? "without a message"}`].filter(Boolean).join("\n\n") : answer,
  };
}

/** Whether the texts of a pair differ (what failed says so in its output), or one of it is missing. */
export function differs({ left, right }: Pair): boolean {
  if (!left || !right) return true;
  const [one, other] = [textsOf(left.span), textsOf(right.span)];
  return one.input !== other.input || one.output !== other.output;
}

/** By how much a figure changed, in words: +12 %, −40 %, the same; nothing where one of them is not known. */
export function change(before: number | null | undefined, after: number | null | undefined): string {
  if (before === null || before === undefined || after === null || after === undefined) return "";
  if (before === after) return "=";
  if (before === 0) return "new";
  const share = (after - before) / before;
  const text = Math.abs(share) >= 9.995 ? `× ${Math.round(after / before)}` : `${Math.round(Math.abs(share) * 100)} %`;
  if (text === "0 %") return "≈";
  return text.startsWith("×") ? text : `${share > 0 ? "+" : "−"}${text}`;
}
