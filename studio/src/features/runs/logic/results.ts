import type { LineFilter } from "@/api/runs";
import { formatNumber } from "@/lib/format";
import type { RunLineCounts } from "../model";

/** What a row's end can be narrowed down to; the empty one is all. */
export interface ResultChoice {
  readonly value: string;
  readonly label: string;
}

const VERDICTS = ["pass", "fail", "unknown"] as const;
const WORDS: Readonly<Record<string, string>> = { "": "All", completed: "Completed", pass: "Passed", fail: "Not passed", unknown: "Not judged", failed: "Error" };

/** What the choice asks the server for. */
export function resultFilter(value: string, score: string): Pick<LineFilter, "status" | "verdict" | "score"> {
  if (value === "completed" || value === "failed") return { status: value };
  const verdict = VERDICTS.find((each) => each === value);
  if (!verdict) return {};
  return score === "" ? { verdict } : { verdict, score };
}

/** The choices that a run's rows have, each with its count; the chosen one is there even when nothing fits it. */
export function resultChoices(counts: RunLineCounts | undefined, score: string, chosen: string): ResultChoice[] {
  const judged = counts !== undefined && Object.keys(counts.scores).length > 0;
  const verdicts = counts && (score === "" ? counts.verdicts : counts.scores[score]);
  const found: Readonly<Record<string, number | undefined>> = {
    "": counts && counts.completed + counts.failed,
    ...(judged ? { pass: verdicts?.passed ?? 0, fail: verdicts?.failed ?? 0, unknown: verdicts?.unknown ?? 0 } : { completed: counts?.completed }),
    failed: counts?.failed,
  };
  const always = judged ? ["", "pass", "fail", chosen] : ["", "completed", "failed", chosen];
  return Object.entries({ ...(chosen in WORDS ? { [chosen]: 0 } : {}), ...found })
    .filter(([value, count]) => always.includes(value) || (count ?? 0) > 0)
    .sort(([one], [other]) => Object.keys(WORDS).indexOf(one) - Object.keys(WORDS).indexOf(other))
    .map(([value, count]) => ({ value, label: count === undefined ? (WORDS[value] ?? value) : `${WORDS[value] ?? value} ${formatNumber(count)}` }));
}
