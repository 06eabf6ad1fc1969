import { Text, UnstyledButton } from "@mantine/core";
import type { Figures } from "@/api/types";
import { formatDuration, formatMoney, formatNumber, UNKNOWN } from "@/lib/format";
import { changeOf, totalOf } from "@/api/figures";
import classes from "./Usage.module.css";

export interface Metric {
  readonly name: "count" | "errors" | "tokens" | "cost" | "duration_p50" | "duration_p95" | "first_token_p50";
  readonly label: string;
  /** Whether more is worse. */
  readonly worse: boolean;
}

export const METRICS: readonly Metric[] = [
  { name: "count", label: "Calls", worse: false },
  { name: "errors", label: "Errors", worse: true },
  { name: "tokens", label: "Tokens", worse: false },
  { name: "cost", label: "Cost", worse: true },
  { name: "duration_p50", label: "Median duration", worse: true },
  { name: "duration_p95", label: "95th percentile", worse: true },
  { name: "first_token_p50", label: "First token, median", worse: true },
];

/** A figure in its unit. */
export function shown(name: string, value: number | null, currency: string): string {
  if (value === null) return name === "cost" ? "not known" : UNKNOWN;
  if (name === "cost") return formatMoney(String(Math.round(value)), currency);
  if (name.startsWith("duration") || name.startsWith("first_token")) return formatDuration(value);
  return formatNumber(value);
}

function Change({ metric, now, before }: { readonly metric: Metric; readonly now: number | null; readonly before: number | null }) {
  const change = changeOf(now, before);
  if (change === null) return null;
  const bad = metric.worse && change > 0.1;
  const arrow = change > 0.005 ? "▲" : change < -0.005 ? "▼" : "＝";
  return (
    <Text size="xs" c={bad ? "var(--fy-bad)" : "dimmed"} className="fy-num">
      {arrow} {formatNumber(Math.abs(change) * 100, Math.abs(change) < 0.1 ? 1 : 0)} % to the period before
    </Text>
  );
}

/** The figures of the whole period; a click shows one over time. */
export function Cards({ figures, chosen, choose }: { readonly figures: Figures | undefined; readonly chosen: string; readonly choose: (name: string) => void }) {
  const unpriced = totalOf(figures, "unpriced").now ?? 0;
  return (
    <div className={classes.cards}>
      {METRICS.map((metric) => {
        const { now, before } = totalOf(figures, metric.name);
        return (
          <UnstyledButton
            key={metric.name}
            className={classes.card}
            aria-pressed={chosen === metric.name}
            onClick={() => {
              choose(metric.name);
            }}
          >
            <Text size="xs" c="dimmed" fw={500}>
              {metric.label}
            </Text>
            <div className={classes.value}>{shown(metric.name, now, figures?.currency ?? "USD")}</div>
            {metric.name === "cost" && unpriced > 0 ? (
              <Text size="xs" c="var(--fy-warn)">
                + {formatNumber(unpriced)} of unknown price
              </Text>
            ) : (
              <Change metric={metric} now={now} before={before} />
            )}
          </UnstyledButton>
        );
      })}
    </div>
  );
}
