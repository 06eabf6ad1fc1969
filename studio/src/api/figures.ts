import type { Figures } from "./types";
import { searchOf } from "@/lib/traceSearch";

type Cell = Figures["rows"][number][number];

/** One line of a chart: the group's name, and a value for each time. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export const MOST_SERIES = 8;
/** What a group without a value is called. */
export const NONE = "(none)";

export function indexOf(figures: Figures, column: string): number {
  return figures.columns.findIndex((each) => each.name === column);
}

export function groupName(cells: readonly Cell[]): string {
  return cells.map((cell) => (cell === null || cell === "" ? NONE : String(cell))).join(" · ");
}

function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === "number" ? cell : null;
}

/** The times of a series, each once, and one line a group; the rest of many groups is left to the table. */
export function seriesOf(figures: Figures, measure: string, groups: number): { readonly times: readonly string[]; readonly series: readonly Series[] } {
  const at = indexOf(figures, measure);
  const times = [...new Set(figures.rows.map((row) => String(row[0])))].sort();
  const found = new Map<string, Map<string, number | null>>();
  for (const row of figures.rows) {
    const name = groupName(row.slice(1, 1 + groups));
    const byTime = found.get(name) ?? new Map<string, number | null>();
    byTime.set(String(row[0]), numberOf(row[at]));
    found.set(name, byTime);
  }
  const series = [...found].slice(0, MOST_SERIES).map(([name, byTime]) => ({ name, values: times.map((time) => byTime.get(time) ?? null) }));
  return { times, series };
}

/** A figure of the only row of ungrouped figures, now and in the period before. */
export function totalOf(figures: Figures | undefined, measure: string): { readonly now: number | null; readonly before: number | null } {
  if (!figures) return { now: null, before: null };
  const at = indexOf(figures, measure);
  return { now: numberOf(figures.rows[0]?.[at]), before: numberOf(figures.previous?.[0]?.[at]) };
}

/** How much more or less than before, as a share; null where there was nothing before. */
export function changeOf(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : (now - before) / before;
}

/** A search for the traces behind a group; null for those without a value. */
export function searchFor(field: string, value: Cell): string | null {
  return value === null || value === "" ? null : searchOf(field, String(value));
}
