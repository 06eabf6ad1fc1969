import { linkOptions } from "@tanstack/react-router";
import type { DataAsset } from "@/api/types";
import { formatBytes } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { Num, RelativeTime } from "@/ui/figures";
import { originOf } from "../logic/origin";

const COLUMNS: Column<DataAsset>[] = [
  { id: "version", header: "Version", value: (row) => Date.parse(row.created_at), cell: (row) => row.version, width: 130 },
  { id: "rows", header: "Rows", align: "right", value: (row) => row.rows ?? undefined, cell: (row) => <Num value={row.rows} />, width: 100 },
  { id: "size", header: "Size", align: "right", value: (row) => row.bytes, cell: (row) => formatBytes(row.bytes), width: 100 },
  { id: "origin", header: "Made from", value: (row) => originOf(row), cell: (row) => <Clip text={originOf(row)} /> },
  { id: "fingerprint", header: "Fingerprint", value: (row) => row.fingerprint, cell: (row) => <Clip text={row.fingerprint} max="140px" /> },
  { id: "description", header: "Description", value: (row) => row.description, cell: (row) => <Clip text={row.description} /> },
  { id: "by", header: "By", value: (row) => row.created_by, width: 110 },
  { id: "made", header: "Made", align: "right", value: (row) => Date.parse(row.created_at), cell: (row) => <RelativeTime value={row.created_at} />, width: 120 },
];

/** All versions of an asset; a click shows one. */
export function VersionsTab({ versions }: { readonly versions: readonly DataAsset[] }) {
  const workspace = useWorkspace();
  return (
    <DataTable
      name="versions"
      plain
      columns={COLUMNS}
      rows={versions}
      rowId={(row) => row.version}
      rowLink={(row) => linkOptions({ to: "/w/$workspace/data/$name", params: { workspace, name: row.name }, search: { version: row.version } as never })}
      defaultSort="-version"
    />
  );
}
