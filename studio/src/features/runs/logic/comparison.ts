import type { ComparedLine, ComparedValue } from "../model";

/** A side's outputs, or inputs, on one row: which of them differ from the first side that has the row. */
export function differing(line: ComparedLine, part: "inputs" | "outputs" = "outputs"): readonly ReadonlySet<string>[] {
  const base = line.sides.find((side) => side !== null);
  return line.sides.map((side) => {
    if (!side || !base || side === base) return new Set<string>();
    const names = new Set([...Object.keys(base[part]), ...Object.keys(side[part])]);
    return new Set([...names].filter((name) => JSON.stringify(base[part][name]) !== JSON.stringify(side[part][name])));
  });
}

/** The inputs that not all sides of a row were given alike. */
export function unlikeInputs(line: ComparedLine): ReadonlySet<string> {
  return new Set(differing(line, "inputs").flatMap((names) => [...names]));
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
