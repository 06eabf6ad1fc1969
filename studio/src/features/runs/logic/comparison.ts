import { formatNumber } from "@/lib/format";
import type { ComparedLine, ComparedName, ComparedSide, ComparedValue } from "../model";
import { metricText } from "./values";

/** A side's outputs on one row: which of them differ from the first side that has the row. */
export function differing(line: ComparedLine): readonly ReadonlySet<string>[] {
  const base = line.sides.find((side) => side !== null);
  return line.sides.map((side) => {
    if (!side || !base || side === base) return new Set<string>();
    const names = new Set([...Object.keys(base.outputs), ...Object.keys(side.outputs)]);
    return new Set([...names].filter((name) => JSON.stringify(base.outputs[name]) !== JSON.stringify(side.outputs[name])));
  });
}

/** What an interval of a difference says: it lies above zero, below, or zero is in it. */
export type Certainty = "higher" | "lower" | "open" | "same";

export function certaintyOf(value: ComparedValue): Certainty | null {
  const { difference, low, high } = value;
  if (typeof difference !== "number" || typeof low !== "number" || typeof high !== "number") return null;
  if (low > 0) return "higher";
  if (high < 0) return "lower";
  return difference === 0 && low === 0 && high === 0 ? "same" : "open";
}

function rows(n: number | null | undefined): string {
  return `${formatNumber(n ?? 0)} ${n === 1 ? "row" : "rows"}`;
}

function interval(value: ComparedValue): string {
  return `95 % interval ${metricText(value.low)} to ${metricText(value.high)}`;
}

/** How many rows would show a difference as large as this one, in two figures: it is an estimate. */
function needed({ rows_needed: count }: ComparedValue): string {
  return typeof count === "number" ? ` About ${formatNumber(Number(count.toPrecision(2)))} rows would be needed to show a difference as large as this.` : "";
}

function scoreVerdict(name: string, value: ComparedValue, side: string, first: string): string | null {
  switch (certaintyOf(value)) {
    case "higher":
    case "lower": {
      const word = (value.difference ?? 0) > 0 ? "higher" : "lower";
      return `${name} is ${metricText(Math.abs(value.difference ?? 0))} ${word} in ${side} than in ${first} (${interval(value)}, ${rows(value.n)}).`;
    }
    case "open":
      return `${name}: ${rows(value.n)} cannot tell ${side} from ${first} (difference ${metricText(value.difference)}, ${interval(value)}).${needed(value)}`;
    case "same":
      return `${name} is the same in ${side} and ${first} on all ${rows(value.n)} that both have.`;
    case null:
      return null;
  }
}

/** What a comparison says in plain sentences: which rows differ, and which scores differ for certain. Certain ones come first. */
export function verdictOf(sides: readonly ComparedSide[], scores: readonly ComparedName[], changed: number, total: number): string[] {
  const [first, ...others] = sides;
  if (!first || others.length === 0) return [];
  const differ =
    changed === 0
      ? `The outputs are the same on ${total > 1 ? "all " : ""}${rows(total)}.`
      : `Outputs differ on ${formatNumber(changed)} of ${rows(total)} (${formatNumber((changed / Math.max(total, 1)) * 100)} %).`;
  const found = scores.flatMap(({ name, values }) =>
    others.flatMap((side, index) => {
      const value = values[index + 1];
      const text = value ? scoreVerdict(name, value, side.label, first.label) : null;
      return value && text !== null ? [{ text, rank: ["higher", "lower"].includes(certaintyOf(value) ?? "") ? 0 : 1 }] : [];
    }),
  );
  return [differ, ...found.sort((left, right) => left.rank - right.rank).map(({ text }) => text)];
}
