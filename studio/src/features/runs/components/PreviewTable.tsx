import { Text } from "@mantine/core";
import { formatNumber } from "@/lib/format";
import type { Preview } from "@/lib/rows";
import { cellText } from "../logic/values";
import classes from "./NewRun.module.css";

/** The first rows of data, and what is wrong with it. */
export function PreviewTable({ preview }: { readonly preview: Preview }) {
  return (
    <>
      {preview.problem !== null && (
        <Text size="sm" c={preview.rows.length === 0 ? "dimmed" : "var(--fy-warn)"}>
          {preview.problem}
        </Text>
      )}
      {preview.rows.length > 0 && (
        <div className={classes.scroll} tabIndex={0} role="region" aria-label="First rows of the data">
          <table className={classes.table}>
            <thead>
              <tr>
                {preview.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {preview.rows.map((row, index) => (
                <tr key={index}>
                  {preview.columns.map((column) => (
                    <td key={column} title={cellText(row[column])}>
                      {cellText(row[column])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {preview.rows.length > 0 && (
        <Text size="xs" c="dimmed">
          The first {formatNumber(preview.rows.length)} rows, {formatNumber(preview.columns.length)} {preview.columns.length === 1 ? "column" : "columns"}.
        </Text>
      )}
    </>
  );
}
