import { Button, Center, Modal, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { audit } from "@/api/identity";
import type { AuditEntry } from "@/api/types";
import { formatExact } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { type Column, DataTable } from "@/ui/DataTable";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { KeyValue } from "@/ui/KeyValue";
import { TextLink } from "@/ui/links";
import { TableSkeleton } from "@/ui/Skeletons";
import { actorWords, deedOf, detailWords, placeOf } from "../logic/audit";

function Actor({ actor }: { readonly actor: string }) {
  const { name, kind } = actorWords(actor);
  return (
    <span>
      {name}
      {kind !== "" && (
        <Text span inherit c="dimmed">
          {" "}
          ({kind})
        </Text>
      )}
    </span>
  );
}

function Deed({ entry }: { readonly entry: AuditEntry }) {
  const workspace = useWorkspace();
  const { verb, noun, name } = deedOf(entry.action, entry.target);
  const place = placeOf(entry.target, workspace);
  return (
    <span className="fy-truncate" title={`${verb} ${noun} ${name}`}>
      {verb} {noun}{" "}
      {place === null ? (
        <b>{name}</b>
      ) : (
        <TextLink {...(place as { to: "/" })} inherit fw={500}>
          {name}
        </TextLink>
      )}
    </span>
  );
}

const COLUMNS: Column<AuditEntry>[] = [
  { id: "at", header: "When", value: (entry) => Date.parse(entry.at), cell: (entry) => <RelativeTime value={entry.at} />, width: 120 },
  { id: "actor", header: "Who", value: (entry) => entry.actor, cell: (entry) => <Actor actor={entry.actor} />, width: 170 },
  { id: "action", header: "What", value: (entry) => `${entry.action} ${entry.target}`, cell: (entry) => <Deed entry={entry} />, width: "38%" },
  { id: "detail", header: "Detail", value: (entry) => detailWords(entry.detail), cell: (entry) => <span className="fy-truncate" title={detailWords(entry.detail)}>{detailWords(entry.detail)}</span>, sortable: false },
];

/** All that is written down of one change, digests included. */
function Entry({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }) {
  const { verb, noun, name } = deedOf(entry.action, entry.target);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`${verb} ${noun} ${name}`}</Text>} size={620}>
      <Stack gap="md">
        <KeyValue entries={[["When", formatExact(entry.at)], ["Who", entry.actor], ["Action", entry.action], ["On", <span key="on" style={{ overflowWrap: "anywhere" }}>{entry.target}</span>]]} />
        {Object.keys(entry.detail).length > 0 && <CodeBlock code={JSON.stringify(entry.detail, null, 2)} label="Copy the detail" wrap />}
      </Stack>
    </Modal>
  );
}

/** Who changed what, newest first. */
export function AuditTab() {
  const workspace = useWorkspace();
  const [shown, show] = useUrlState("entry");
  const query = useInfiniteQuery({
    queryKey: ["audit", workspace],
    queryFn: ({ pageParam }) => audit.page(workspace, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  if (query.error && rows.length === 0) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton columns={5} />;
  const entry = rows.find(({ id }) => id === shown);
  return (
    <>
    {entry && <Entry entry={entry} onClose={() => { show(null); }} />}
    <DataTable
      plain
      name="audit"
      rowLink={({ id }) => ({ to: "/w/$workspace/access", params: { workspace }, search: { tab: "audit", entry: id } })}
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
    </>
  );
}
