import type { DataAsset, IndexMeasurement, MeasuredQuestion } from "@/api/types";
import { formatNumber } from "@/lib/format";

/** What stands in the table of measurements, of the many measures there are. */
export const SHOWN = ["ndcg@10", "mrr", "hit_rate@5", "recall@10"] as const;

export const NAMES: Readonly<Record<(typeof SHOWN)[number], string>> = { "ndcg@10": "nDCG@10", mrr: "MRR", "hit_rate@5": "Hit rate@5", "recall@10": "Recall@10" };

/** One kind of search of one measurement: a row of the table. */
export interface MeasuredRow {
  readonly id: string;
  readonly measurement: IndexMeasurement;
  readonly search: NonNullable<IndexMeasurement["searches"]>[number];
}

export function rowsOf(measurements: readonly IndexMeasurement[]): MeasuredRow[] {
  return measurements.flatMap((measurement) => (measurement.searches ?? []).map((search) => ({ id: `${measurement.id}-${search.kind}`, measurement, search })));
}

/** A mean with its interval, in points of a hundred. */
export function points(mean: { readonly mean: number; readonly low?: number | null; readonly high?: number | null } | undefined): string {
  if (mean === undefined) return "–";
  const told = formatNumber(mean.mean * 100, 1);
  if (mean.low == null || mean.high == null) return told;
  return `${told} (${formatNumber(mean.low * 100, 1)} to ${formatNumber(mean.high * 100, 1)})`;
}

/** The newest measurement of the version, and the newest of the version before it on the same questions: what to compare first. */
export function pairOf(measurements: readonly IndexMeasurement[], version: string): readonly [string, string] | null {
  const ended = measurements.filter(({ status }) => status === "completed");
  for (const after of ended.filter((each) => each.version === version)) {
    const before = ended.find((each) => each.data === after.data && Number(each.version) < Number(version));
    if (before) return [before.id, after.id];
  }
  return null;
}

/** Where the first chunk that answers stands among what a kind of search found; null when none of them does. */
export function firstRank(question: MeasuredQuestion, kind: string): number | null {
  const place = (question.found?.[kind] ?? []).findIndex(({ relevant }) => relevant);
  return place < 0 ? null : place + 1;
}

/** Data assets to choose from, each by its newest version, and the one that is chosen, whichever version it is of. */
export function choicesOf(assets: readonly Pick<DataAsset, "name" | "version" | "reference">[], chosen: string): { readonly value: string; readonly label: string }[] {
  const choices = assets.map(({ name, version, reference }) => ({ value: reference, label: `${name} ${version}` }));
  if (chosen === "" || choices.some(({ value }) => value === chosen)) return choices;
  return [{ value: chosen, label: chosen.replace(/^azureml:/, "").replace(":", " ") }, ...choices];
}
