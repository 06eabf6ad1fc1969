import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { data } from "@/api/data";
import type { DataAsset, DataPreview } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Loaded } from "@/ui/Loaded";
import { TableSkeleton } from "@/ui/Skeletons";
import classes from "./Preview.module.css";

function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function Rows({ preview }: { readonly preview: DataPreview }) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="First rows of the data">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.line}>
              #
            </th>
            {preview.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row) => (
            <tr key={row.line}>
              <td className={classes.line}>{formatNumber(row.line)}</td>
              {row.error ? (
                <td className={classes.bad} colSpan={Math.max(1, preview.columns.length)}>
                  {row.error}
                </td>
              ) : (
                preview.columns.map((column) => (
                  <td key={column} title={cellText(row.values[column])}>
                    {cellText(row.values[column])}
                  </td>
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The first rows of a version. */
export function Preview({ asset }: { readonly asset: DataAsset }) {
  const workspace = useWorkspace();
  const query = useQuery({ ...data.preview(workspace, asset.name, asset.version), retry: false });
  return (
    <Loaded query={query} skeleton={<TableSkeleton columns={5} />}>
      {(preview) => (
        <div style={{ display: "flex", flexDirection: "column", gap: 8, height: "100%", minHeight: 0 }}>
          <Text size="xs" c="dimmed">
            {preview.more ? `The first ${formatNumber(preview.rows.length)} rows` : `All ${formatNumber(preview.rows.length)} rows`}
            {asset.rows !== null && preview.more ? ` of ${formatNumber(asset.rows)}` : ""}, {formatNumber(preview.columns.length)}{" "}
            {preview.columns.length === 1 ? "column" : "columns"}.
          </Text>
          <Rows preview={preview} />
        </div>
      )}
    </Loaded>
  );
}
