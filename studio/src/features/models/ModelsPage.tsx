import { Button, SegmentedControl, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBox, IconDownload, IconLayoutGrid, IconMessages, IconScale, IconTable, IconVersions } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate, useSearch } from "@tanstack/react-router";
import { models } from "@/api/models";
import type { Model, ModelPage } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatBytes, formatCount, formatNumber } from "@/lib/format";
import { type UrlSearch, useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { CardsSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { FilterMenu, SearchBox } from "@/ui/TableBar";
import { UrlTabs } from "@/ui/UrlTabs";
import { ImportDialog } from "./components/ImportDialog";
import { ModelCard, RunsHere } from "./components/ModelCard";
import classes from "./components/Models.module.css";
import { RegistryTab } from "./components/registry/RegistryTab";
import { byUse, FACETS, type FacetKind, filterOf, optionsOf } from "./logic/facets";
import { STATES, TASKS } from "./tasks";

const PULLING_MS = 2000;

const COLUMNS: Column<Model>[] = [
  { id: "name", header: "Name", value: (row) => row.display_name },
  { id: "publisher", header: "Publisher", value: (row) => row.publisher },
  { id: "task", header: "Task", value: (row) => TASKS[row.task].label, width: 110 },
  { id: "parameters", header: "Parameters", align: "right", value: (row) => row.parameters, cell: (row) => (row.parameters === null ? "unknown" : formatCount(row.parameters)), width: 110 },
  { id: "size", header: "Size", align: "right", value: (row) => row.bytes_total, cell: (row) => (row.bytes_total === null ? "–" : formatBytes(row.bytes_total)), width: 100 },
  { id: "context", header: "Context", align: "right", value: (row) => row.context_length, cell: (row) => (row.context_length === null ? "unknown" : formatNumber(row.context_length)), width: 100 },
  { id: "license", header: "License", value: (row) => row.license, width: 170 },
  { id: "runs", header: "Runs here", value: (row) => row.runs_here, cell: (row) => <RunsHere model={row} />, width: 110 },
  { id: "state", header: "State", value: (row) => STATES[row.state], cell: (row) => <StatusBadge bare status={row.state} label={STATES[row.state]} />, width: 120 },
];

function Facet({ facet, page }: { readonly facet: FacetKind; readonly page: ModelPage | undefined }) {
  const [value, setValue] = useUrlState(facet.key);
  const options = optionsOf(facet, page, value);
  // A filter with one value narrows nothing down.
  if (options.length < 2 && value === "") return null;
  return <FilterMenu label={facet.label} value={value} options={options} onChange={setValue} />;
}

function Found({ page, workspace, view }: { readonly page: ModelPage; readonly workspace: string; readonly view: string }) {
  const navigate = useNavigate();
  if (page.items.length === 0)
    return (
      <EmptyState icon={IconBox} title="No model fits" text="No model of the catalog fits this search and these filters.">
        <Button variant="default" onClick={() => void navigate({ to: ".", search: (view === "table" ? { view } : {}) as never })}>
          Show all models
        </Button>
      </EmptyState>
    );
  if (view === "table")
    return (
      <DataTable
        name="models"
        plain
        columns={COLUMNS}
        rows={page.items}
        rowId={(row) => row.name}
        rowLink={(row) => linkOptions({ to: "/w/$workspace/models/$name", params: { workspace, name: row.name } })}
        defaultSort="name"
      />
    );
  return (
    <div className={classes.grid}>
      {byUse(page.items).map((model) => (
        <ModelCard key={model.name} model={model} workspace={workspace} />
      ))}
    </div>
  );
}

/** What models there are, which fit on this machine and which are on it. */
function Catalog() {
  const workspace = useWorkspace();
  const search: UrlSearch = useSearch({ strict: false });
  const [query, setQuery] = useUrlState("q");
  const [view, setView] = useUrlState("view", "tiles");
  const list = useQuery({
    ...models.list(workspace, filterOf(search)),
    placeholderData: keepPreviousData,
    refetchInterval: (current) => (current.state.data?.items.some((model) => model.state === "pulling") ? PULLING_MS : false),
  });
  return (
    <Stack gap="md">
      <div className={classes.filters}>
        <SearchBox value={query} set={setQuery} placeholder="Search models" />
        {FACETS.map((facet) => (
          <Facet key={facet.key} facet={facet} page={list.data} />
        ))}
        <div style={{ flex: 1 }} />
        {list.data && (
          <Text size="sm" c="dimmed" className="fy-num" role="status">
            {formatNumber(list.data.total)} {list.data.total === 1 ? "model" : "models"}
          </Text>
        )}
        <SegmentedControl
          aria-label="Tiles or table"
          size="xs"
          value={view}
          onChange={setView}
          data={[
            { value: "tiles", label: <IconLayoutGrid size={15} aria-label="Tiles" /> },
            { value: "table", label: <IconTable size={15} aria-label="Table" /> },
          ]}
        />
      </div>
      <Loaded query={list} skeleton={<CardsSkeleton />}>
        {(page) => <Found page={page} workspace={workspace} view={view} />}
      </Loaded>
    </Stack>
  );
}

/** The catalog of models, and the registry of the versions that the workspace keeps. */
export function ModelsPage() {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const [importing, { open, close }] = useDisclosure(false);
  return (
    <Page>
      <PageHeader title="Models" meta="Foundation models, curated: those that run on this machine without a key, those of the hub, and hosted ones behind connections.">
        <ButtonLink to="/w/$workspace/models/try/side-by-side" params={{ workspace }} variant="default" leftSection={<IconMessages size={15} />}>
          Try side by side
        </ButtonLink>
        <ButtonLink to="/w/$workspace/models/compare/reports" params={{ workspace }} variant="default" leftSection={<IconScale size={15} />}>
          Compare
        </ButtonLink>
        <GuardedButton off={off} leftSection={<IconDownload size={15} />} onClick={open}>
          Import
        </GuardedButton>
      </PageHeader>
      <UrlTabs
        tabs={[
          { value: "catalog", label: "Catalog", icon: <IconBox size={15} />, content: () => <Catalog /> },
          { value: "registry", label: "Registry", icon: <IconVersions size={15} />, content: () => <RegistryTab /> },
        ]}
      />
      {importing && <ImportDialog onClose={close} />}
    </Page>
  );
}
