import { Button, Center } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { audit } from "@/api/identity";
import type { AuditEntry } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { TableSkeleton } from "@/ui/Skeletons";

function detailOf(entry: AuditEntry): string {
  return Object.entries(entry.detail)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

const COLUMNS: Column<AuditEntry>[] = [
  { id: "at", header: "When", value: (entry) => Date.parse(entry.at), cell: (entry) => <RelativeTime value={entry.at} />, width: 130 },
  { id: "actor", header: "Who", value: (entry) => entry.actor },
  { id: "action", header: "What", value: (entry) => entry.action },
  { id: "target", header: "On", value: (entry) => entry.target },
  { id: "detail", header: "Detail", value: detailOf, cell: (entry) => <span title={detailOf(entry)}>{detailOf(entry)}</span>, sortable: false },
];

/** Who changed what, newest first. */
export function AuditTab() {
  const workspace = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: ["audit", workspace],
    queryFn: ({ pageParam }) => audit.page(workspace, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  if (query.error && rows.length === 0) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton columns={5} />;
  return (
    <DataTable
      plain
      name="audit"
      columns={COLUMNS}
      rows={rows}
      rowId={(entry) => entry.id}
      defaultSort="-at"
      nothing="Nothing was changed yet. Every change to this workspace is written down here."
      footer={
        query.hasNextPage && (
          <Center p="sm">
            <Button variant="subtle" size="compact-sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Earlier changes
            </Button>
          </Center>
        )
      }
    />
  );
}
