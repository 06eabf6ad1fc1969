import type { Model, ModelFilter, ModelPage } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { STATES, TASKS } from "../tasks";

const YES_NO = { yes: "Yes", no: "No", unknown: "Unknown" };

export const LICENSE_CLASSES: Record<NonNullable<Model["license_class"]>, string> = {
  permissive: "Permissive",
  conditional: "With conditions",
  "non-commercial": "Non-commercial",
  proprietary: "Proprietary",
  unknown: "Unknown",
};

/** A filter of the catalog: its key in the API and in the address, and what its values are called. */
export interface FacetKind {
  readonly key: Exclude<keyof ModelFilter, "q">;
  readonly label: string;
  readonly words?: Readonly<Record<string, string>>;
}

/** The filters of the catalog, in the order of their bar. */
export const FACETS: readonly FacetKind[] = [
  { key: "task", label: "Task", words: Object.fromEntries(Object.entries(TASKS).map(([value, { label }]) => [value, label])) },
  { key: "collection", label: "Collection" },
  { key: "license", label: "License", words: LICENSE_CLASSES },
  { key: "size", label: "Size", words: { "up-to-1b": "Up to 1 B", "1b-4b": "1 to 4 B", "4b-15b": "4 to 15 B", "15b-40b": "15 to 40 B", "over-40b": "Over 40 B", unknown: "Unknown" } },
  { key: "runs_here", label: "Runs here", words: YES_NO },
  { key: "fine_tunable", label: "Fine-tunable", words: YES_NO },
  { key: "tool_use", label: "Tools", words: YES_NO },
  { key: "access", label: "Where", words: { local: "Ready to pull", hub: "Hugging Face", connection: "Hosted" } },
  { key: "state", label: "State", words: STATES },
];

/** The values of a filter with how many models each would leave; what is chosen stays among them. */
export function optionsOf(facet: FacetKind, page: ModelPage | undefined, chosen: string): { value: string; label: string }[] {
  const found = page?.facets?.[facet.key] ?? [];
  const all = chosen === "" || found.some(({ value }) => value === chosen) ? found : [...found, { value: chosen, count: 0 }];
  return all.map(({ value, count }) => ({ value, label: `${facet.words?.[value] ?? value} (${formatNumber(count)})` }));
}

/** What the address asks the catalog for. */
export function filterOf(search: Readonly<Record<string, string | undefined>>): ModelFilter {
  const filter: ModelFilter = {};
  const text = search.q?.trim() ?? "";
  if (text !== "") filter.q = text;
  for (const { key } of FACETS) {
    const value = search[key];
    if (value !== undefined && value !== "") filter[key] = [value];
  }
  return filter;
}

function rank({ state, runs_here: runsHere }: Pick<Model, "state" | "runs_here">): number {
  if (state === "ready") return 0;
  if (state === "pulling" || state === "damaged") return 1;
  if (state === "not_pulled") return runsHere === "yes" ? 2 : 4;
  return 3;
}

/** Models in the order of use: those that are here, those that can be, hosted ones, and what is too large; by name among them. */
export function byUse<T extends Pick<Model, "state" | "runs_here" | "display_name">>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => rank(a) - rank(b) || a.display_name.localeCompare(b.display_name));
}
