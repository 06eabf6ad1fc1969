import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { LogAnswer } from "@/api/types";
import { formatDuration, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Chart } from "@/ui/Chart";
import { TextLink } from "@/ui/links";
import { cellText, csvOf, drawingOf, linesOf, roleOf, type Drawing } from "../logic/answer";
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

function Picture({ answer, drawing }: { readonly answer: LogAnswer; readonly drawing: Drawing }) {
  const option = useMemo(() => {
    const lines = linesOf(answer, drawing);
    return {
      xAxis: { type: drawing.time ? "time" : "category" },
      yAxis: { type: "value" },
      series: lines.map(({ name, points }) => ({
        name,
        type: drawing.time && points.length > 60 ? "line" : "bar",
        showSymbol: false,
        barMaxWidth: 36,
        ...(drawing.group === null ? {} : { stack: "all" }),
        data: points.map(([x, y]) => [x, y]),
      })),
    };
  }, [answer, drawing]);
  return (
    <div style={{ padding: 12 }}>
      <Chart option={option} height={340} label="The answer as a chart" />
    </div>
  );
}

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "answer.csv";
  link.click();
  URL.revokeObjectURL(address);
}

/** What a query gave: as a table, and as a chart where one suits it. */
export function Answer({ answer }: { readonly answer: LogAnswer }) {
  const drawing = useMemo(() => drawingOf(answer), [answer]);
  const [wanted, want] = useState("table");
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
            { value: "chart", label: "Chart", disabled: drawing === null },
          ]}
          value={drawing === null ? "table" : wanted}
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
        <Group ml="auto">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => {
              save(csvOf(answer));
            }}
          >
            CSV
          </Button>
        </Group>
      </div>
      {drawing !== null && wanted === "chart" ? <Picture answer={answer} drawing={drawing} /> : <Rows answer={answer} />}
    </>
  );
}
