import { Button, Group, SegmentedControl, Select, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMemo } from "react";
import type { LogAnswer } from "@/api/types";
import { formatDuration, formatNumber } from "@/lib/format";
import { saveFile } from "@/lib/saveFile";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Chart } from "@/ui/Chart";
import { TextLink } from "@/ui/links";
import { cellText, chosenDrawing, csvOf, linesOf, roleOf, type Drawing } from "../logic/answer";
import classes from "./Logs.module.css";

/** More rows than these are left to the download: a table of all is no help to anybody. */
const SHOWN_ROWS = 1000;
const TRACE = /^[0-9a-f]{32}$/;

function Rows({ answer }: { readonly answer: LogAnswer }) {
  const workspace = useWorkspace();
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Rows of the answer">
      <table className={classes.table}>
        <thead>
          <tr>
            {answer.columns.map((column, index) => (
              <th key={`${column.name} ${index}`} scope="col" className={roleOf(column.type) === "number" ? classes.number : undefined} title={column.type}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.slice(0, SHOWN_ROWS).map((row, line) => (
            <tr key={line}>
              {row.map((cell, index) => {
                const column = answer.columns[index];
                const text = cellText(cell);
                return (
                  <td key={index} className={column && roleOf(column.type) === "number" ? classes.number : undefined} title={text}>
                    {column?.name === "trace_id" && TRACE.test(text) ? (
                      <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: text }} inherit>
                        {text}
                      </TextLink>
                    ) : (
                      text
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Picture({ answer, drawing, form }: { readonly answer: LogAnswer; readonly drawing: Drawing; readonly form: string }) {
  const option = useMemo(() => {
    const lines = linesOf(answer, drawing);
    return {
      xAxis: { type: drawing.time ? "time" : "category" },
      yAxis: { type: "value" },
      series: lines.map(({ name, points }) => ({
        name,
        type: form === "" ? (drawing.time && points.length > 60 ? "line" : "bar") : form,
        showSymbol: points.length < 40,
        barMaxWidth: 36,
        ...(drawing.group === null || form === "line" ? {} : { stack: "all" }),
        data: points.map(([x, y]) => [x, y]),
      })),
    };
  }, [answer, drawing, form]);
  return (
    <div style={{ padding: 12 }}>
      <Chart option={option} height={320} label="The answer as a chart" />
    </div>
  );
}

const SUITING = "as it suits";

/** The answer as a chart; what is drawn can be chosen and stands in the address. */
function Charted({ answer }: { readonly answer: LogAnswer }) {
  const [x, setX] = useUrlState("x");
  const [y, setY] = useUrlState("y");
  const [group, setGroup] = useUrlState("by");
  const [form, setForm] = useUrlState("form");
  const drawing = useMemo(
    () => chosenDrawing(answer, { ...(x ? { x } : {}), ...(y ? { y } : {}), ...(group ? { group: group === "none" ? "" : group } : {}) }),
    [answer, x, y, group],
  );
  const names = [...new Set(answer.columns.map((column) => column.name))];
  const numbers = [...new Set(answer.columns.filter((column) => roleOf(column.type) === "number").map((column) => column.name))];
  return (
    <>
      <div className={classes.drawing}>
        <Select size="xs" w={150} label="Across" data={names} value={x || null} placeholder={SUITING} clearable onChange={setX} />
        <Select size="xs" w={150} label="Up" data={numbers} value={y || null} placeholder={SUITING} clearable onChange={setY} />
        <Select size="xs" w={150} label="One for each" data={[{ value: "none", label: "nothing" }, ...names.filter((name) => name !== "none").map((name) => ({ value: name, label: name }))]} value={group || null} placeholder={SUITING} clearable onChange={setGroup} />
        <Select size="xs" w={120} label="As" data={[{ value: "line", label: "Lines" }, { value: "bar", label: "Bars" }]} value={form || null} placeholder={SUITING} clearable onChange={setForm} />
      </div>
      {drawing ? (
        <Picture answer={answer} drawing={drawing} form={form} />
      ) : (
        <Text size="sm" c="dimmed" p={12}>
          Nothing can be drawn of these columns: a column of numbers is needed, and another one across.
        </Text>
      )}
    </>
  );
}

interface AnswerProps {
  readonly answer: LogAnswer;
  /** Fetches the answer as a Parquet file. */
  readonly onParquet: () => void;
  readonly loading: boolean;
}

/** What a query gave: as a table, and as a chart where one suits it. */
export function Answer({ answer, onParquet, loading }: AnswerProps) {
  const drawable = useMemo(() => chosenDrawing(answer, {}) !== null, [answer]);
  const [wanted, want] = useUrlState("view", "table");
  const count = answer.rows.length;
  const cut = count > SHOWN_ROWS ? `, the first ${formatNumber(SHOWN_ROWS)} shown` : "";
  return (
    <>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label="View"
          data={[
            { value: "table", label: "Table" },
            { value: "chart", label: "Chart", disabled: !drawable },
          ]}
          value={drawable ? wanted : "table"}
          onChange={want}
        />
        <Text size="xs" c="dimmed" className="fy-num">
          {formatNumber(count)} {count === 1 ? "row" : "rows"}
          {answer.truncated ? ", there are more" : ""}
          {cut}, {formatDuration(answer.elapsed_ms)}
        </Text>
        {answer.warnings.map((warning) => (
          <Text key={warning} size="xs" c="var(--fy-warn)">
            {warning}
          </Text>
        ))}
        <Group ml="auto" gap={6}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => {
              saveFile(new Blob([csvOf(answer)], { type: "text/csv" }), "answer.csv");
            }}
          >
            CSV
          </Button>
          <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />} loading={loading} onClick={onParquet}>
            Parquet
          </Button>
        </Group>
      </div>
      {drawable && wanted === "chart" ? <Charted answer={answer} /> : <Rows answer={answer} />}
    </>
  );
}
