import type { TraceFacet, TraceFacetValue } from "@/api/types";
import { ALL_SPAN_KINDS, SPAN_KINDS } from "../components/spanKinds";
import type { SpanKind } from "../model";
import { chosenOf, leftOutOf, wordsOf } from "./choices";

/** What facets are called. */
const TITLES: Readonly<Record<string, string>> = {
  status: "Status",
  "root.name": "Name",
  "root.kind": "Kind",
  endpoint: "Endpoint",
  deployment: "Deployment",
  flow: "Flow",
  model: "Model",
  provider: "Provider",
  service: "Service",
  user: "User",
  session: "Session",
  key: "API key",
  error: "Error",
};

const STATUSES: Readonly<Record<string, string>> = { ok: "OK", error: "Error", unset: "Unset" };

export function titleOf(field: string): string {
  if (field.startsWith("score.")) return `Score: ${field.slice("score.".length)}`;
  return TITLES[field] ?? field.replace(/^attr\./, "");
}

export function labelOf(field: string, value: string): string {
  if (field === "status") return STATUSES[value] ?? value;
  if (field === "root.kind") return ALL_SPAN_KINDS.includes(value as SpanKind) ? SPAN_KINDS[value as SpanKind].label : value;
  return value;
}

/** A value as it stands in the panel. */
export interface Choice extends Omit<TraceFacetValue, "traces"> {
  /** How many traces have it besides all else that the search asks for; null: that is not counted. */
  readonly traces: number | null;
  readonly state: "chosen" | "left out" | "free";
}

/** The values of a facet, before them those that the search names and the facet has not. */
export function choicesOf(facet: TraceFacet, search: string): readonly Choice[] {
  const { field, values } = facet;
  const [chosen, gone] = [chosenOf(search, field), leftOutOf(search, field)];
  const known = new Set(values.map((value) => value.q));
  const named = (q: string): Pick<Choice, "value" | "q"> => ({ value: wordsOf(field, q), q });
  // A pattern or a comparison stands for values that are counted by themselves.
  const count = (q: string): number | null => (q.startsWith(`${field}:`) && !q.includes("*") ? 0 : null);
  return [
    ...gone.map((q): Choice => ({ ...named(q), traces: null, state: "left out" })),
    ...chosen.filter((q) => !known.has(q)).map((q): Choice => ({ ...named(q), traces: count(q), state: "chosen" })),
    ...values.filter(({ q }) => !gone.includes(q)).map((value): Choice => ({ ...value, state: chosen.includes(value.q) ? "chosen" : "free" })),
  ];
}

/** The facets with those that the search names and no trace has a value of. */
export function facetsOf(found: readonly TraceFacet[], search: string): readonly TraceFacet[] {
  const there = new Set(found.map((facet) => facet.field));
  const missing = Object.keys(TITLES).filter((field) => !there.has(field) && [...chosenOf(search, field), ...leftOutOf(search, field)].length > 0);
  return [...missing.map((field): TraceFacet => ({ field, values: [], distinct: 0 })), ...found];
}

/** Models by their provider, in the order of the first of each; one group without a name where none or only one is known. */
export function groupsOf(choices: readonly Choice[]): readonly { readonly name: string | null; readonly choices: readonly Choice[] }[] {
  const names = [...new Set(choices.map((choice) => choice.group ?? null))];
  if (names.length < 2) return [{ name: null, choices }];
  return names.map((name) => ({ name: name ?? "other", choices: choices.filter((choice) => (choice.group ?? null) === name) }));
}
