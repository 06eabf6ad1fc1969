import { useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { IconPlus } from "@tabler/icons-react";
import { datastores } from "@/api/datastores";
import type { Datastore } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { TableSkeleton } from "@/ui/Skeletons";
import { labelOf, placeOf, STORE_KINDS } from "../logic/stores";
import classes from "./Data.module.css";

function TypeCell({ store }: { readonly store: Datastore }) {
  const kind = STORE_KINDS[store.type];
  return (
    <span className={classes.entry}>
      {kind && <kind.icon size={15} stroke={1.6} aria-hidden />}
      {labelOf(store.type)}
    </span>
  );
}

const COLUMNS: Column<Datastore>[] = [
  { id: "name", header: "Name", value: (row) => row.name },
  { id: "type", header: "Type", value: (row) => labelOf(row.type), cell: (row) => <TypeCell store={row} />, width: 220 },
  { id: "place", header: "Place", value: (row) => placeOf(row), cell: (row) => <Clip text={placeOf(row)} max="clamp(160px, 22vw, 420px)" /> },
  { id: "credentials", header: "Credentials", value: (row) => row.secrets.join(", "), cell: (row) => <Clip text={row.secrets.join(", ") || "none"} />, width: 220 },
  { id: "description", header: "Description", value: (row) => row.description, cell: (row) => <Clip text={row.description} /> },
  { id: "changed", header: "Connected", align: "right", value: (row) => Date.parse(row.created_at), cell: (row) => (row.built_in ? "built in" : <RelativeTime value={row.created_at} />), width: 120 },
];

/** The way to the wizard; off with the reason for whoever may not. */
export function ConnectButton() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  return (
    <GuardedButton off={off} leftSection={<IconPlus size={16} />} onClick={() => void navigate({ to: "/w/$workspace/data/new/datastore", params: { workspace } })}>
      Connect
    </GuardedButton>
  );
}

/** All datastores; one is there from the start. */
export function StoresTab() {
  const workspace = useWorkspace();
  const list = useQuery(datastores.list(workspace));
  return (
    <div style={{ display: "flex", flexDirection: "column", gap: 12, height: "100%", minHeight: 0 }}>
      <Loaded query={list} skeleton={<TableSkeleton columns={6} />}>
        {({ items }) => (
          <DataTable
            name="datastores"
            columns={COLUMNS}
            rows={items}
            rowId={(row) => row.name}
            rowLink={(row) => linkOptions({ to: "/w/$workspace/data/datastores/$store", params: { workspace, store: row.name } })}
            defaultSort="name"
            searchIn={(row) => `${row.name} ${labelOf(row.type)} ${row.type} ${placeOf(row)} ${row.description ?? ""}`}
            searchPlaceholder="Search datastores"
            nothing="Nothing fits the search."
          />
        )}
      </Loaded>
    </div>
  );
}
