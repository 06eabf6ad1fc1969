import { IconFileSearch, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { indexes } from "@/api/indexes";
import type { Index } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Num, RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { BuildsGoingOn } from "./components/BuildsGoingOn";

const COLUMNS: Column<Index>[] = [
  { id: "name", header: "Name", value: (row) => row.name },
  { id: "version", header: "Version", value: (row) => Number(row.latest.version) || row.latest.version, cell: (row) => row.latest.version, width: 90 },
  { id: "documents", header: "Documents", align: "right", value: (row) => row.latest.documents, cell: (row) => <Num value={row.latest.documents} />, width: 110 },
  { id: "unread", header: "Unread", align: "right", value: (row) => row.latest.unread, cell: (row) => <Num value={row.latest.unread} />, width: 90 },
  { id: "chunks", header: "Chunks", align: "right", value: (row) => row.latest.chunks, cell: (row) => <Num value={row.latest.chunks} />, width: 100 },
  { id: "model", header: "Embedding model", value: (row) => row.embedding_model, cell: (row) => <Clip text={row.embedding_model} /> },
  { id: "description", header: "Description", value: (row) => row.description ?? "", cell: (row) => <Clip text={row.description} max="clamp(120px, 20vw, 520px)" /> },
  { id: "built", header: "Built", align: "right", value: (row) => Date.parse(row.latest.created_at), cell: (row) => <RelativeTime value={row.latest.created_at} />, width: 120 },
];

/** The indexes of documents. */
export function IndexesPage() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  const list = useQuery(indexes.list(workspace));
  const create = (
    <GuardedButton off={off} leftSection={<IconPlus size={16} />} onClick={() => void navigate({ to: "/w/$workspace/indexes/new", params: { workspace } })}>
      New index
    </GuardedButton>
  );
  const empty = list.data?.length === 0;
  return (
    <Page fill>
      <PageHeader title="Indexes" meta="What your documents say about a question, found by meaning and by words.">
        {!empty && create}
      </PageHeader>
      <BuildsGoingOn />
      <Loaded query={list} skeleton={<TableSkeleton columns={7} />}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState
              icon={IconFileSearch}
              title="No index yet"
              text="An index finds what your documents say about a question, so that a model can answer from them instead of from memory. It is built from files or a data asset, in versions that never change; the next build reads only what is new."
            >
              {create}
            </EmptyState>
          ) : (
            <DataTable
              name="indexes"
              columns={COLUMNS}
              rows={items}
              rowId={(row) => row.name}
              rowLink={(row) => linkOptions({ to: "/w/$workspace/indexes/$name", params: { workspace, name: row.name } })}
              defaultSort="-built"
              searchIn={(row) => `${row.name} ${row.embedding_model} ${row.description ?? ""}`}
              searchPlaceholder="Search indexes"
              nothing="Nothing fits the search."
            />
          )
        }
      </Loaded>
    </Page>
  );
}
