import { IconLock } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { type MouseEvent, type ReactNode, useMemo } from "react";
import { formatDuration, formatNumber, UNKNOWN } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { Cost } from "@/ui/figures";
import type { PagedColumn } from "@/ui/PagedTable";
import { StatusBadge } from "@/ui/StatusBadge";
import { readProblem } from "@/api/problem";
import { cellText, metricText, namesOf } from "../logic/values";
import type { Run, RunLine } from "../model";
import classes from "./RowsTab.module.css";

/** Few columns share the window, many scroll. */
const FEW = 3;

/** How many values a row has decides how wide a text may be; the style sheet knows the widths. */
export function isNarrow(rows: readonly RunLine[], narrow: boolean): boolean {
  return narrow || namesOf(rows.map((row) => row.inputs)).length + namesOf(rows.map((row) => row.outputs)).length > FEW;
}

const WITHHELD = "It read documents with access tags that you do not have.";

/** Stands for what somebody may not see of a row. */
function withheld(): ReactNode {
  return (
    <span className={classes.withheld} title={WITHHELD}>
      withheld
    </span>
  );
}

/** A value in one line. As few elements as there can be: a thousand of them come and go while one scrolls. */
function valueCell(value: unknown): ReactNode {
  if (typeof value === "number") return metricText(value);
  const text = value === null || value === undefined ? "" : cellText(value);
  if (text === "") return UNKNOWN;
  return (
    <span className={classes.value} title={text}>
      {text}
    </span>
  );
}

export function valueColumn(part: "inputs" | "outputs", name: string, rows: readonly RunLine[]): PagedColumn<RunLine> {
  const values = rows.map((row) => row[part][name]).filter((value) => value !== undefined && value !== null);
  const numeric = values.length > 0 && values.every((value) => typeof value === "number");
  return {
    id: `${part}.${name}`,
    header: (
      <span>
        <span className={classes.from}>{part}.</span>
        {name}
      </span>
    ),
    cell: (row) => (row.withheld ? withheld() : valueCell(row[part][name])),
    sort: `${part}.${name}`,
    ...(numeric ? { align: "right" as const } : {}),
  };
}

/** What an evaluator writes beside a score; all of it is in the row's panel. */
const BESIDE = ["_score", "_passed", "_result", "_status", "_threshold", "_properties"];

/** The names of outputs that are scores with a threshold, as evaluators write them. */
function judgedIn(names: readonly string[]): string[] {
  return names.filter((name) => names.includes(`${name}_threshold`) && names.includes(`${name}_result`));
}

function verdictCell(value: ReactNode, result: unknown, limit: unknown): ReactNode {
  if (result !== "pass" && result !== "fail") return value;
  return (
    <span className={classes.judged} title={`Threshold ${metricText(limit)}`}>
      {value} <StatusBadge status={result} tone={result === "pass" ? "good" : "bad"} bare />
    </span>
  );
}

/** A score with whether it passed its threshold, in one column. */
function judgedColumn(name: string): PagedColumn<RunLine> {
  return {
    id: `outputs.${name}`,
    header: name,
    cell: (row) => {
      const { outputs } = row;
      return row.withheld ? withheld() : verdictCell(valueCell(outputs[`${name}_score`] ?? outputs[name]), outputs[`${name}_result`], outputs[`${name}_threshold`]);
    },
    sort: `outputs.${name}_score`,
    align: "right",
  };
}

/** The columns of what rows gave: a score has its verdict beside it, and what it took to pass is told with that. */
export function outputColumns(rows: readonly RunLine[]): PagedColumn<RunLine>[] {
  const names = namesOf(rows.map((row) => row.outputs));
  const judged = judgedIn(names);
  const told = new Set(judged.flatMap((name) => BESIDE.map((end) => `${name}${end}`)));
  const isEmpty = (name: string): boolean => judged.some((score) => name === `${score}_reason`) && rows.every((row) => row.outputs[name] == null);
  return names.filter((name) => !told.has(name) && !isEmpty(name)).map((name) => (judged.includes(name) ? judgedColumn(name) : valueColumn("outputs", name, rows)));
}

/** Links from rows to what ran for each; the page stays, but for who asks for a new tab. One for all rows: many come and go at once. */
export function useTraceLinks(): (row: RunLine) => ReactNode {
  const router = useRouter();
  const workspace = useWorkspace();
  return useMemo(() => {
    const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      void router.navigate({ href: event.currentTarget.getAttribute("href") ?? "" });
    };
    return ({ line, trace_id: trace }) =>
      trace ? (
        <a href={`/w/${encodeURIComponent(workspace)}/traces/${trace}`} className={classes.trace} aria-label={`Trace of row ${line}`} onClick={follow}>
          Trace
        </a>
      ) : (
        UNKNOWN
      );
  }, [router, workspace]);
}

function statusCell({ status, withheld: isWithheld }: RunLine): ReactNode {
  if (!isWithheld) return <StatusBadge status={status} bare />;
  return (
    <span className={classes.judged} title={WITHHELD}>
      <StatusBadge status={status} bare /> <IconLock size={13} aria-label="withheld" />
    </span>
  );
}

const LINE: PagedColumn<RunLine> = { id: "line", header: "Row", cell: (row) => formatNumber(row.line), align: "right", width: 64, sort: "line" };
const STATUS: PagedColumn<RunLine> = { id: "status", header: "Status", cell: statusCell, width: 110, sort: "status" };
const VARIANT: PagedColumn<RunLine> = { id: "variant", header: "Variant", cell: (row) => <Clip text={row.variant} max="180px" />, sort: "variant" };
const ERROR: PagedColumn<RunLine> = {
  id: "error",
  header: "Error",
  cell: (row) => <Clip text={row.error ? (readProblem(row.error)?.detail ?? cellText(row.error)) : ""} max="clamp(140px, 20vw, 420px)" />,
};
const DURATION: PagedColumn<RunLine> = { id: "duration", header: "Duration", cell: (row) => formatDuration(row.duration_ms ?? 0), align: "right", width: 92, sort: "duration" };
const TOKENS: PagedColumn<RunLine> = {
  id: "tokens",
  header: "Tokens",
  cell: (row) => formatNumber((row.prompt_tokens ?? 0) + (row.completion_tokens ?? 0)),
  align: "right",
  width: 80,
  sort: "completion_tokens",
};
const COST: PagedColumn<RunLine> = {
  id: "cost",
  header: "Cost",
  cell: (row) => <Cost value={row.cost_micros == null ? null : { micros: String(row.cost_micros) }} />,
  align: "right",
  width: 90,
  sort: "cost",
};

/** The columns of a run's rows: each input and output of the rows that are loaded, and what the run has besides. */
export function columnsOf(run: Run, rows: readonly RunLine[], trace: (row: RunLine) => ReactNode): PagedColumn<RunLine>[] {
  const { counts } = run;
  const inputs = namesOf(rows.map((row) => row.inputs));
  return [
    LINE,
    STATUS,
    { id: "trace", header: "Trace", cell: trace, width: 70 },
    ...((run.variants?.length ?? 0) > 0 ? [VARIANT] : []),
    ...inputs.map((name) => valueColumn("inputs", name, rows)),
    ...outputColumns(rows),
    ...((counts?.failed ?? 0) > 0 ? [ERROR] : []),
    DURATION,
    ...((counts?.prompt_tokens ?? 0) + (counts?.completion_tokens ?? 0) > 0 ? [TOKENS] : []),
    ...(counts?.cost ? [COST] : []),
  ];
}
