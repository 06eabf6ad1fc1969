import type { DataAsset, IndexMeasurement, MeasuredMean, MeasuredQuestion } from "@/api/types";
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

/** The end of a scale that means are drawn on. */
export interface Scale {
  readonly low: number;
  readonly high: number;
}

const WHOLE: Scale = { low: 0, high: 1 };

/** The scale, in tenths, that all of these means and their intervals fit on. */
export function scaleOf(means: readonly (MeasuredMean | undefined)[]): Scale {
  const ends = means.flatMap((mean) => (mean === undefined ? [] : [mean.low ?? mean.mean, mean.high ?? mean.mean, mean.mean]));
  if (ends.length === 0) return WHOLE;
  const scale = { low: Math.floor(Math.min(...ends) * 10) / 10, high: Math.ceil(Math.max(...ends) * 10) / 10 };
  return scale.high > scale.low ? scale : WHOLE;
}

/** Where a mean and the ends of its interval stand on a scale, in hundredths of it. */
export function whiskerOf({ mean, low, high }: MeasuredMean, scale: Scale): { readonly at: number; readonly from: number | null; readonly to: number | null } {
  const place = (value: number) => Math.min(100, Math.max(0, ((value - scale.low) / (scale.high - scale.low)) * 100));
  return { at: place(mean), from: low == null ? null : place(low), to: high == null ? null : place(high) };
}

/** What two measurements are compared for: another version, or reranking. */
export interface Pair {
  readonly before: string;
  readonly after: string;
  readonly by: "version" | "rerank";
}

/**
 * The newest measurement of the version, and the newest of the version before it on the same questions and reranked alike: what to compare
 * first. Without one, the same version reranked and not.
 */
export function pairOf(measurements: readonly IndexMeasurement[], version: string): Pair | null {
  const ended = measurements.filter(({ status }) => status === "completed");
  const mine = ended.filter((each) => each.version === version);
  for (const after of mine) {
    const alike = ended.filter((each) => each.data === after.data && (each.rerank ?? null) === (after.rerank ?? null));
    const before = alike.find((each) => Number(each.version) < Number(version));
    if (before) return { before: before.id, after: after.id, by: "version" };
  }
  for (const after of mine.filter(({ rerank }) => rerank)) {
    const before = mine.find((each) => each.data === after.data && !each.rerank);
    if (before) return { before: before.id, after: after.id, by: "rerank" };
  }
  return null;
}

/** Of each version, what its newest measurement found: the kind of search with the highest nDCG@10. */
export function figuresOf(measurements: readonly IndexMeasurement[]): ReadonlyMap<string, MeasuredRow> {
  const found = new Map<string, MeasuredRow>();
  for (const measurement of measurements) {
    if (measurement.status !== "completed" || found.has(measurement.version)) continue;
    const [best] = rowsOf([measurement]).sort((one, other) => (other.search.scores["ndcg@10"]?.mean ?? 0) - (one.search.scores["ndcg@10"]?.mean ?? 0));
    if (best) found.set(measurement.version, best);
  }
  return found;
}

/** The place by which a kind of search found half of the characters that answer, or where these are not known the first chunk that does; null when it did not. */
export function firstRank(question: MeasuredQuestion, kind: string): number | null {
  let gained = 0;
  const place = (question.found?.[kind] ?? []).findIndex(({ relevant, gain }) => ((question.best?.length ?? 0) === 0 ? relevant : (gained += gain ?? 0) >= 0.499));
  return place < 0 ? null : place + 1;
}

/** Data assets to choose from, each by its newest version, and the one that is chosen, whichever version it is of. */
export function choicesOf(assets: readonly Pick<DataAsset, "name" | "version" | "reference">[], chosen: string): { readonly value: string; readonly label: string }[] {
  const choices = assets.map(({ name, version, reference }) => ({ value: reference, label: `${name} ${version}` }));
  if (chosen === "" || choices.some(({ value }) => value === chosen)) return choices;
  return [{ value: chosen, label: chosen.replace(/^azureml:/, "").replace(":", " ") }, ...choices];
}

/** What a measurement has to say beside its figures: questions that nothing can answer, rows that are none, documents that are not there. */
export function tellMeasured({ unanswerable = 0, left_out: leftOut = 0, warnings = [] }: IndexMeasurement): readonly string[] {
  return [
    ...(unanswerable > 0 ? [`Nothing in this version answers ${formatNumber(unanswerable)} of the questions, so they count 0.`] : []),
    ...(leftOut > 0 ? [leftOut === 1 ? "One row is no question." : `${formatNumber(leftOut)} rows are no questions.`] : []),
    ...warnings,
  ];
}
