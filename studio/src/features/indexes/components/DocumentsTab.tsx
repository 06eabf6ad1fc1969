import { Button, CloseButton, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { indexes } from "@/api/indexes";
import type { IndexDocument, IndexVersion } from "@/api/types";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Num } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { Panel, Section, Split } from "@/ui/Panel";
import { DetailSkeleton, TableSkeleton } from "@/ui/Skeletons";
import { TagBadges } from "@/ui/TagBadges";
import { formatNumber } from "@/lib/format";
import { typeOf } from "../logic/documents";
import { chunkAt } from "../logic/stretches";
import { DocumentText } from "./DocumentText";
import { ChunkPlace, MarkedText } from "./HitCard";

const NO_WORDS: ReadonlySet<string> = new Set();

/** A number of a document that was read. */
function Count({ row, value }: { readonly row: IndexDocument; readonly value: number }) {
  return row.why || value === 0 ? "–" : <Num value={value} />;
}

/** A document's title; of one that could not be read, why. */
function TitleCell({ row, max }: { readonly row: IndexDocument; readonly max: string }) {
  if (!row.why) return <Clip text={row.title} max={max} />;
  return (
    <Group gap={6} wrap="nowrap" c="var(--fy-warn)">
      <IconAlertTriangle size={15} style={{ flexShrink: 0 }} aria-label="Not read" />
      <Clip text={row.message ?? row.why} max={max} />
    </Group>
  );
}

/** The columns, those that give way as wide as told. */
function columnsFor(key: string, title: string): Column<IndexDocument>[] {
  return [
    { id: "key", header: "Document", value: (row) => row.key, cell: (row) => <Clip text={row.key} max={key} /> },
    { id: "title", header: "Title, or why it is not read", value: (row) => row.message ?? row.title, cell: (row) => <TitleCell row={row} max={title} /> },
    { id: "type", header: "Type", value: (row) => typeOf(row.media_type), cell: (row) => <Clip text={typeOf(row.media_type)} max="110px" /> },
    { id: "pages", header: "Pages", align: "right", value: (row) => row.pages, cell: (row) => <Count row={row} value={row.pages} />, width: 80 },
    { id: "chunks", header: "Chunks", align: "right", value: (row) => row.chunks, cell: (row) => <Count row={row} value={row.chunks} />, width: 90 },
    { id: "tokens", header: "Tokens", align: "right", value: (row) => row.tokens, cell: (row) => <Count row={row} value={row.tokens} />, width: 90 },
    { id: "tags", header: "Access tags", value: (row) => row.tags?.join(", ") ?? "", cell: (row) => <TagBadges tags={row.tags ?? []} /> },
  ];
}

const COLUMNS = columnsFor("clamp(200px, 26vw, 640px)", "clamp(160px, 26vw, 640px)");
/** With the panel open beside it. */
const NARROW = columnsFor("clamp(120px, 17vw, 640px)", "clamp(80px, 12vw, 480px)").filter(({ id }) => id === "key" || id === "title" || id === "chunks");

function Chunks({ version, document, onClose }: { readonly version: IndexVersion; readonly document: string; readonly onClose: () => void }) {
  const query = useQuery(indexes.chunks(useWorkspace(), version.name, version.version, document));
  const [named, choose] = useUrlState("chunk");
  const [at] = useUrlState("at");
  const [page] = useUrlState("page");
  const [view, setView] = useUrlState("view", "text");
  return (
    <Panel
      head={
        <>
          <Text fw={600} size="sm" className="fy-truncate" title={document} style={{ flex: 1 }}>
            {document}
          </Text>
          <SegmentedControl
            aria-label="How the document shows"
            size="xs"
            value={view}
            onChange={setView}
            data={[
              { value: "text", label: "Text" },
              { value: "chunks", label: "Chunks" },
            ]}
          />
          <CloseButton aria-label="Close" onClick={onClose} />
        </>
      }
    >
      <Loaded query={query} skeleton={<DetailSkeleton />}>
        {(chunks) =>
          chunks.length === 0 ? (
            <Text size="sm" c="dimmed">
              It has no chunks that you may see: it could not be read, is not in this version, or is found only with a tag.
            </Text>
          ) : view === "text" ? (
            <DocumentText chunks={chunks} chosen={named === "" ? chunkAt(chunks, at) : named} page={page} onChoose={choose} />
          ) : (
            chunks.map((chunk) => (
              <Section key={chunk.id} title={`Chunk ${chunk.ordinal + 1}`}>
                <ChunkPlace chunk={chunk} />
                <MarkedText text={chunk.text} words={NO_WORDS} whole />
              </Section>
            ))
          )
        }
      </Loaded>
    </Panel>
  );
}

const SHOWN: Record<string, boolean | null> = { all: null, read: false, unread: true };

/** The documents of a version; one opens beside the table with its chunks. */
export function DocumentsTab({ version }: { readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const [show, setShow] = useUrlState("show", "all");
  const [open, setOpen] = useUrlState("document");
  const [pinned] = useUrlState("version");
  const query = useInfiniteQuery(indexes.documents(workspace, version.name, version.version, SHOWN[show] ?? null));
  const rows = useMemo(() => (query.data?.pages ?? []).flatMap(({ items }) => items), [query.data]);
  if (version.documents === 0 && version.unread === 0) return <EmptyState icon={IconLock} title="No document here is open to you" text="Every document of this version has access tags, and you have none of them. An owner of the workspace gives tags on the page Access." />;
  const table = (
    <Stack gap="sm" h="100%" p={open === "" ? 0 : "sm"} style={{ minHeight: 0 }}>
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending ? (
        <TableSkeleton columns={5} />
      ) : (
        <DataTable
          name="index-documents"
          columns={(open === "" ? COLUMNS : NARROW).filter(({ id }) => id !== "tags" || rows.some(({ tags }) => tags?.length))}
          rows={rows}
          rowId={(row) => row.key}
          rowLink={(row) => linkOptions({ to: "/w/$workspace/indexes/$name", params: { workspace, name: version.name }, search: { tab: "documents", show: show === "all" ? undefined : show, version: pinned || undefined, document: row.key } as never })}
          searchIn={(row) => `${row.key} ${row.title} ${row.message ?? ""}`}
          searchPlaceholder="Search documents"
          filters={
            <SegmentedControl
              aria-label="Which documents"
              size="xs"
              value={show}
              onChange={setShow}
              data={[
                { value: "all", label: "All" },
                { value: "read", label: `Read (${formatNumber(version.documents)})` },
                { value: "unread", label: `Not read (${formatNumber(version.unread)})` },
              ]}
            />
          }
          nothing={show === "unread" ? "Every file could be read." : "Nothing fits the search."}
          footer={
            query.hasNextPage && (
              <Button m={8} size="compact-sm" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                More documents
              </Button>
            )
          }
        />
      )}
    </Stack>
  );
  if (open === "") return table;
  return <Split label={`Chunks of ${open}`} width="clamp(380px, 42%, 720px)" main={table} side={<Chunks key={open} version={version} document={open} onClose={() => setOpen(null)} />} />;
}
