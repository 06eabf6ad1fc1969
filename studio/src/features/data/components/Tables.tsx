import { Button, Group, NumberInput, Text } from "@mantine/core";
import { IconDatabaseImport, IconEye, IconPlayerPlay, IconTable } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { datastores } from "@/api/datastores";
import type { StoredTable, TableRows } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeEditor } from "@/ui/CodeEditor";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { Panel, Section, Split } from "@/ui/Panel";
import { TableSkeleton } from "@/ui/Skeletons";
import { cellText } from "../logic/values";
import { type DatabaseSource, ImportRowsDialog } from "./FromDatabase";
import classes from "./Look.module.css";

/** Rows of a table or of a statement as they are. */
function Grid({ found, label }: { readonly found: TableRows; readonly label: string }) {
  return (
    <div className={classes.grid} tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {found.columns.map((column, index) => (
              <th key={index} scope="col">
                <span className={classes.head}>
                  {column.name}
                  <span className={classes.headType}>{column.type}</span>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.rows.map((row, at) => (
            <tr key={at}>
              {row.map((value, index) => (
                <td key={index} title={cellText(value)}>
                  {value === null ? <span className={classes.null}>null</span> : cellText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const idOf = (table: StoredTable): string => JSON.stringify([table.schema, table.name]);
const nameOf = (table: StoredTable): string => (table.schema === null ? table.name : `${table.schema}.${table.name}`);

/** Keeps what is on the screen as a data asset. */
function KeepButton({ source }: { readonly source: DatabaseSource }) {
  const off = whyReadOnly(useRights(useWorkspace()));
  const [opened, setOpened] = useState(false);
  return (
    <>
      <GuardedButton off={off} size="compact-sm" variant="default" leftSection={<IconDatabaseImport size={15} />} onClick={() => setOpened(true)}>
        Make a data asset
      </GuardedButton>
      {opened && <ImportRowsDialog source={source} onClose={() => setOpened(false)} />}
    </>
  );
}

function TableSide({ store, table }: { readonly store: string; readonly table: StoredTable }) {
  const workspace = useWorkspace();
  const columns = useQuery(datastores.columns(workspace, store, table));
  const rows = useQuery(datastores.rows(workspace, store, table));
  return (
    <Panel
      head={
        <Group justify="space-between" wrap="nowrap" w="100%">
          <Text fw={600} size="sm" className="fy-truncate">
            {nameOf(table)}
          </Text>
          <KeepButton source={{ store, table: nameOf(table) }} />
        </Group>
      }
    >
      <Section title="Some of its rows">
        <Loaded query={rows} skeleton={<TableSkeleton columns={3} />}>
          {(found) => (found.rows.length === 0 ? <Text size="sm" c="dimmed">It has no rows.</Text> : <div style={{ display: "flex", maxHeight: 360 }}><Grid found={found} label={`Rows of ${nameOf(table)}`} /></div>)}
        </Loaded>
      </Section>
      <Section title="Columns">
        <Loaded query={columns} skeleton={<TableSkeleton columns={2} />}>
          {(found) => (
            <div className={`${classes.grid} ${classes.short}`}>
              <table>
                <tbody>
                  {found.columns.map((column) => (
                    <tr key={column.name}>
                      <td>{column.name}</td>
                      <td className={classes.headType}>{column.type}</td>
                      <td className={classes.null}>{column.nullable === false ? "never null" : ""}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Loaded>
      </Section>
    </Panel>
  );
}

/** The tables and views of a database, and what is in the chosen one. */
export function Tables({ store }: { readonly store: string }) {
  const workspace = useWorkspace();
  const query = useInfiniteQuery(datastores.tables(workspace, store));
  const [chosen, choose] = useUrlState("table");
  const tables = query.data?.pages.flatMap((page) => page.items) ?? [];
  const table = tables.find((each) => idOf(each) === chosen) ?? tables[0];
  const columns: Column<StoredTable>[] = [
    {
      id: "name",
      header: "Name",
      value: nameOf,
      cell: (row) => (
        <Button variant="subtle" color={row === table ? "indigo" : "gray"} size="compact-sm" px={4} aria-pressed={row === table} leftSection={row.kind === "view" ? <IconEye size={14} aria-label="View" /> : <IconTable size={14} aria-label="Table" />} onClick={() => choose(idOf(row))}>
          {nameOf(row)}
        </Button>
      ),
    },
  ];
  if (query.isPending) return <TableSkeleton columns={2} />;
  if (query.error && tables.length === 0) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!table) return <EmptyState icon={IconTable} title="No tables" text="The database has no tables or views that this login may see." />;
  return (
    <Split
      label={`The table ${nameOf(table)}`}
      width="minmax(0, 2.4fr)"
      main={
        <div style={{ height: "100%", overflow: "auto" }}>
          <DataTable
            name="tables"
            plain
            columns={columns}
            rows={tables}
            rowId={idOf}
            defaultSort="name"
            footer={
              query.hasNextPage && (
                <Button m={8} size="compact-sm" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  More tables
                </Button>
              )
            }
          />
        </div>
      }
      side={<TableSide key={idOf(table)} store={store} table={table} />}
    />
  );
}

/** A statement over the tables, in a transaction that only reads. */
export function QueryTab({ store }: { readonly store: string }) {
  const workspace = useWorkspace();
  const [sql, setSql] = useState("SELECT 1 AS one");
  const [limit, setLimit] = useState(100);
  const off = whyReadOnly(useRights(workspace));
  const run = useMutation({ mutationFn: (statement: string) => datastores.query(workspace, store, statement, limit) });
  return (
    <div className={classes.look}>
      <div className={classes.editor}>
        <CodeEditor value={sql} path="statement.sql" label="Statement" onChange={setSql} onRun={() => run.mutate(sql)} />
      </div>
      <Group gap="sm">
        <GuardedButton off={off ?? (sql.trim() === "" ? "Write a statement first." : null)} leftSection={<IconPlayerPlay size={15} />} loading={run.isPending} onClick={() => run.mutate(sql)}>
          Run
        </GuardedButton>
        <NumberInput aria-label="Rows at most" w={110} min={1} max={1000} clampBehavior="strict" value={limit} suffix=" rows" onChange={(value) => setLimit(Number(value) || 1)} />
        {run.data && <KeepButton source={{ store, query: run.variables }} />}
        {run.data && (
          <Text size="sm" c="dimmed" role="status">
            {formatNumber(run.data.rows.length)} {run.data.rows.length === 1 ? "row" : "rows"}
            {run.data.more && "; there are more"}
          </Text>
        )}
      </Group>
      {run.error && <ErrorPanel error={run.error} />}
      {run.data && <Grid found={run.data} label="Rows of the statement" />}
    </div>
  );
}
