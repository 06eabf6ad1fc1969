import type { LogAnswer } from "@/api/types";

type Cell = LogAnswer["rows"][number][number];

const NUMBERS = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT|FLOAT|DOUBLE|DECIMAL.*)$/;
const TIMES = /^(TIMESTAMP.*|DATE)$/;

/** What a column is good for. */
export function roleOf(type: string): "time" | "number" | "text" {
  if (TIMES.test(type)) return "time";
  return NUMBERS.test(type) ? "number" : "text";
}

export function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return String(Number.isInteger(cell) ? cell : Number(cell.toPrecision(12)));
  return typeof cell === "string" ? cell : JSON.stringify(cell);
}

/** A chart that suits an answer: its x, one line for each group, and its y; null where nothing can be drawn. */
export interface Drawing {
  readonly x: number;
  readonly time: boolean;
  readonly group: number | null;
  readonly ys: readonly number[];
}

export function drawingOf(answer: LogAnswer): Drawing | null {
  const roles = answer.columns.map((column) => roleOf(column.type));
  const time = roles.indexOf("time");
  const text = roles.indexOf("text");
  const ys = roles.flatMap((role, index) => (role === "number" ? [index] : []));
  if (ys.length === 0 || answer.rows.length === 0) return null;
  if (time >= 0) return { x: time, time: true, group: text >= 0 ? text : null, ys: text >= 0 ? ys.slice(0, 1) : ys };
  return text >= 0 ? { x: text, time: false, group: null, ys } : null;
}

/** What somebody chose for a chart, by names of columns; what is left out is as it suits the answer. */
export interface Choice {
  readonly x?: string;
  readonly y?: string;
  readonly group?: string;
}

/** The chart of chosen columns; a column that the answer does not have is as good as none chosen. Null where nothing can be drawn. */
export function chosenDrawing(answer: LogAnswer, choice: Choice): Drawing | null {
  const suits = drawingOf(answer);
  const at = (name: string | undefined): number => answer.columns.findIndex((column) => column.name === name);
  const [x, y, group] = [at(choice.x), at(choice.y), at(choice.group)];
  const numbers = answer.columns.flatMap((column, index) => (roleOf(column.type) === "number" ? [index] : []));
  const place = x >= 0 ? x : (suits?.x ?? 0);
  const ys = y >= 0 ? [y] : (suits?.ys ?? numbers).filter((index) => index !== place);
  const column = answer.columns[place];
  if (!column || ys.length === 0 || answer.rows.length === 0) return null;
  const grouped = choice.group === "" ? null : group >= 0 ? group : (suits?.group ?? null);
  const by = grouped === place ? null : grouped;
  return { x: place, time: roleOf(column.type) === "time", group: by, ys: by === null ? ys : ys.slice(0, 1) };
}

function numberOf(cell: Cell): number | null {
  const value = typeof cell === "string" ? Number(cell) : cell;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [string, number | null])[];
}

/** The lines of a drawing, in the order in which they come. */
export function linesOf(answer: LogAnswer, { x, group, ys }: Drawing): readonly Line[] {
  if (group === null) {
    return ys.map((y) => ({ name: answer.columns[y]?.name ?? "", points: answer.rows.map((row) => [cellText(row[x]), numberOf(row[y])] as const) }));
  }
  const y = ys[0] ?? 0;
  const found = new Map<string, Map<string, number | null>>();
  const xs = [...new Set(answer.rows.map((row) => cellText(row[x])))];
  for (const row of answer.rows) {
    const name = cellText(row[group]) || "(none)";
    const points = found.get(name) ?? new Map<string, number | null>();
    points.set(cellText(row[x]), numberOf(row[y]));
    found.set(name, points);
  }
  // What is stacked needs a value at every place.
  return [...found].map(([name, points]) => ({ name, points: xs.map((at) => [at, points.get(at) ?? 0] as const) }));
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** The answer as CSV (RFC 4180). */
export function csvOf(answer: LogAnswer): string {
  const lines = [answer.columns.map((column) => column.name), ...answer.rows.map((row) => row.map(cellText))];
  return lines.map((line) => line.map(quoted).join(",")).join("\r\n");
}

export const EXAMPLES: readonly { readonly title: string; readonly query: string }[] = [
  {
    title: "Calls and cost by model",
    query: "SELECT model, count(*) AS calls, sum(cost) AS cost, round(quantile_cont(duration_ms, 0.95)) AS p95_ms\nFROM spans\nWHERE kind = 'llm'\nGROUP BY model\nORDER BY calls DESC",
  },
  {
    title: "Failures over time",
    query: "SELECT date_trunc('hour', started_at) AS hour, coalesce(error_type, 'other') AS error, count(*) AS failures\nFROM spans\nWHERE status = 'error'\nGROUP BY ALL\nORDER BY hour",
  },
  {
    title: "Slowest requests",
    query: "SELECT started_at, name, endpoint, round(duration_ms) AS ms, trace_id\nFROM requests\nORDER BY duration_ms DESC\nLIMIT 20",
  },
  {
    title: "Feedback by model",
    query: "SELECT s.model, avg(c.value) AS score, count(*) AS scores\nFROM scores AS c JOIN spans AS s USING (trace_id)\nWHERE s.kind = 'llm'\nGROUP BY s.model",
  },
  { title: "Log records", query: "SELECT at, severity, service, body\nFROM logs\nORDER BY at DESC\nLIMIT 100" },
];
