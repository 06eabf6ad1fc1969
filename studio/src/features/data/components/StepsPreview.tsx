import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { TransformedRow, TransformPreview } from "@/api/types";
import { formatDuration, formatNumber, formatWords } from "@/lib/format";
import { isChanged, STEP_KINDS } from "../logic/steps";
import { cellText } from "../logic/values";
import classes from "./Look.module.css";

interface GridProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly TransformedRow[];
  readonly isNew?: (row: TransformedRow, column: string) => boolean;
  /** Rows that are not there any more, with the reason. */
  readonly gone?: ReadonlyMap<number, string>;
}

function Grid({ label, columns, rows, isNew, gone }: GridProps) {
  return (
    <div className={classes.grid} tabIndex={0} role="region" aria-label={label} style={{ maxHeight: 460 }}>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            {gone && <th scope="col">Dropped because</th>}
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const why = row.line === null ? undefined : gone?.get(row.line);
            return (
              <tr key={index} className={why === undefined ? undefined : classes.gone}>
                <td className={classes.null}>{row.line ?? "–"}</td>
                {gone && <td className={classes.why}>{why ?? ""}</td>}
                {columns.map((column) => (
                  <td key={column} title={cellText(row.values[column]).slice(0, 1000)} className={isNew?.(row, column) ? classes.changed : undefined}>
                    {cellText(row.values[column]).slice(0, 300)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function StepRows({ preview }: { readonly preview: TransformPreview }) {
  return (
    <ol className={classes.results} aria-label="What each step did">
      {preview.steps.map((step) => (
        <li key={step.number}>
          <b>{step.kind in STEP_KINDS ? STEP_KINDS[step.kind as keyof typeof STEP_KINDS].label : formatWords(step.kind)}</b>
          <span className="fy-num">
            {formatNumber(step.rows_in)} → {formatNumber(step.rows_out)} rows
            {typeof step.changed === "number" && `, ${formatNumber(step.changed)} changed`}
            {Object.entries(step.dropped ?? {}).map(([reason, count]) => `, ${formatNumber(count)} dropped: ${reason}`)}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What steps make of a sample: the rows after, with what changed, and the rows before, with what was dropped and why. */
export function StepsPreview({ preview }: { readonly preview: TransformPreview }) {
  const [side, setSide] = useState("after");
  const before = useMemo(() => new Map(preview.before.flatMap((row) => (row.line === null ? [] : [[row.line, row] as const]))), [preview]);
  const gone = useMemo(() => new Map(preview.dropped.flatMap((row) => (row.line === null ? [] : [[row.line, `step ${row.step}: ${row.reason}`] as const]))), [preview]);
  return (
    <Stack gap="sm">
      <StepRows preview={preview} />
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="Before or after"
          size="xs"
          value={side}
          onChange={setSide}
          data={[
            { value: "after", label: `After (${formatNumber(preview.after.length)})` },
            { value: "before", label: `Before (${formatNumber(preview.before.length)})` },
          ]}
        />
        <Text size="xs" c="dimmed" role="status">
          Of a sample of {formatNumber(preview.before.length)} rows, {formatNumber(preview.after.length)} are left; in {formatDuration(preview.elapsed_ms)}.
        </Text>
      </div>
      {side === "after" ? (
        <Grid label="Rows after the steps" columns={preview.columns_after} rows={preview.after} isNew={(row, column) => row.line !== null && isChanged(row, before.get(row.line), column)} />
      ) : (
        <Grid label="Rows before the steps" columns={preview.columns_before} rows={preview.before} gone={gone} />
      )}
    </Stack>
  );
}
