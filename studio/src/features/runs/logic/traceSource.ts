/** Traces as rows of a run: which of them, and the data asset that is made of them. */
import { TIME_RANGES } from "@/lib/timeRange";
import { searchOf } from "@/lib/traceSearch";

/** What the traces are narrowed down to; what is empty is not asked for. */
export interface TraceChoice {
  readonly flow: string;
  readonly endpoint: string;
  readonly deployment: string;
  /** One of `TIME_RANGES`. */
  readonly range: string;
  /** One of `FEEDBACK`. */
  readonly feedback: string;
  /** A search expression besides. */
  readonly q: string;
}

/** Thumbs as they are kept: up is 1, down is 0. */
const FEEDBACK_TERMS: Readonly<Record<string, string>> = { good: "score.feedback>=0.5", bad: "score.feedback<0.5" };

export const FEEDBACK = [
  { value: "good", label: "Good" },
  { value: "bad", label: "Bad" },
];

/** The whole choice as one search, without its time; null where all traces are meant. */
export function searchFor({ flow, endpoint, deployment, feedback, q }: TraceChoice): string | null {
  const terms = [
    flow && searchOf("flow", flow),
    endpoint && searchOf("endpoint", endpoint),
    deployment && searchOf("deployment", deployment),
    FEEDBACK_TERMS[feedback],
    q.trim() && `(${q.trim()})`,
  ].filter(Boolean);
  return terms.length === 0 ? null : terms.join(" ");
}

/** The command that makes the same data. */
export function dataCommandOf(name: string, choice: TraceChoice, limit: number): string {
  const q = searchFor(choice);
  const known = TIME_RANGES.some(({ value }) => value === choice.range);
  const options = [q !== null && `--q '${q.replaceAll("'", `'\\''`)}'`, known && `--since ${choice.range}`, `--limit ${limit}`].filter(Boolean);
  return [`flowyard data from-traces ${name}`, ...options].join(" \\\n  ");
}
