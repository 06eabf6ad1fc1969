import type { TraceFacet, TraceFacetValue } from "@/api/types";
import { valuesOf } from "@/lib/traceSearch";
import { ALL_SPAN_KINDS, SPAN_KINDS } from "../components/spanKinds";
import type { SpanKind } from "../model";

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

/** A value as it stands in the panel. `not`: the search leaves it out. */
export interface Choice extends TraceFacetValue {
  readonly not?: boolean;
}

/** The values of a facet with those that the search names and no trace has, which come first. */
export function choicesOf(facet: TraceFacet, search: string): readonly Choice[] {
  const known = new Set(facet.values.map((value) => value.q));
  const asked = valuesOf(search, facet.field)
    .filter(({ q, not }) => not || !known.has(q))
    .map(({ value, q, not }): Choice => ({ value, q, traces: 0, not }));
  return [...asked, ...facet.values];
}

/** The facets with those that the search names and no trace has a value of. */
export function facetsOf(found: readonly TraceFacet[], search: string): readonly TraceFacet[] {
  const there = new Set(found.map((facet) => facet.field));
  const missing = Object.keys(TITLES).filter((field) => !there.has(field) && valuesOf(search, field).length > 0);
  return [...missing.map((field): TraceFacet => ({ field, values: [], distinct: 0 })), ...found];
}

/** Models by their provider, in the order of the first of each; one group without a name where none or only one is known. */
export function groupsOf(choices: readonly Choice[]): readonly { readonly name: string | null; readonly choices: readonly Choice[] }[] {
  const names = [...new Set(choices.map((choice) => choice.group ?? null))];
  if (names.length < 2) return [{ name: null, choices }];
  return names.map((name) => ({ name: name ?? "other", choices: choices.filter((choice) => (choice.group ?? null) === name) }));
}
