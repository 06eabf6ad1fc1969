import type { ReactNode } from "react";
import { formatDuration, formatNumber, UNKNOWN } from "@/lib/format";
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

/** A value in one line. As few elements as there can be: a thousand of them come and go while one scrolls. */
function valueCell(value: unknown): ReactNode {
  if (typeof value === "number") return metricText(value);
  const text = cellText(value);
  if (text === "") return UNKNOWN;
  return (
    <span className={classes.value} title={text}>
      {text}
    </span>
  );
}

function valueColumn(part: "inputs" | "outputs", name: string, rows: readonly RunLine[]): PagedColumn<RunLine> {
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
    cell: (row) => valueCell(row[part][name]),
    sort: `${part}.${name}`,
    ...(numeric ? { align: "right" as const } : {}),
  };
}

const LINE: PagedColumn<RunLine> = { id: "line", header: "Row", cell: (row) => formatNumber(row.line), align: "right", width: 64, sort: "line" };
const STATUS: PagedColumn<RunLine> = { id: "status", header: "Status", cell: (row) => <StatusBadge status={row.status} bare />, width: 110, sort: "status" };
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
export function columnsOf(run: Run, rows: readonly RunLine[]): PagedColumn<RunLine>[] {
  const { counts } = run;
  const inputs = namesOf(rows.map((row) => row.inputs));
  const outputs = namesOf(rows.map((row) => row.outputs));
  return [
    LINE,
    STATUS,
    ...((run.variants?.length ?? 0) > 0 ? [VARIANT] : []),
    ...inputs.map((name) => valueColumn("inputs", name, rows)),
    ...outputs.map((name) => valueColumn("outputs", name, rows)),
    ...((counts?.failed ?? 0) > 0 ? [ERROR] : []),
    DURATION,
    ...((counts?.prompt_tokens ?? 0) + (counts?.completion_tokens ?? 0) > 0 ? [TOKENS] : []),
    ...(counts?.cost ? [COST] : []),
  ];
}
