import { CloseButton, Group, SegmentedControl, Text } from "@mantine/core";
import { IconFile, IconFolder } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { data, type DataSource } from "@/api/data";
import type { DataFolder, DataPreview, DataRow } from "@/api/types";
import { formatBytes, formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { KeyValue } from "@/ui/KeyValue";
import { type PagedColumn, PagedTable } from "@/ui/PagedTable";
import { Panel, Split } from "@/ui/Panel";
import { TableSkeleton } from "@/ui/Skeletons";
import { ValueView } from "@/ui/ValueView";
import { cellText } from "../logic/values";
import { ColumnCards } from "./ColumnCards";
import { Findings } from "./Findings";
import classes from "./Look.module.css";

const AHEAD = 60;

function columnsOf(preview: DataPreview): PagedColumn<DataRow>[] {
  const types = new Map((preview.schema ?? []).map((column) => [column.name, column.type]));
  const line: PagedColumn<DataRow> = { id: "#", header: "#", align: "right", width: 70, cell: (row) => formatNumber(row.line) };
  return [
    line,
    ...preview.columns.map((name, index): PagedColumn<DataRow> => ({
      id: `${index} ${name}`,
      header: (
        <span className={classes.head}>
          {name}
          {types.has(name) && <span className={classes.headType}>{types.get(name)}</span>}
        </span>
      ),
      cell: (row) => {
        if (row.error) return index === 0 ? <span className={classes.bad}>{row.error}</span> : "";
        const value = row.values[name];
        return value === null || value === undefined ? <span className={classes.null}>null</span> : <span title={cellText(value).slice(0, 2000)}>{cellText(value).slice(0, 300)}</span>;
      },
    })),
  ];
}

function RowSide({ row, columns, onClose }: { readonly row: DataRow; readonly columns: readonly string[]; readonly onClose: () => void }) {
  return (
    <Panel
      head={
        <>
          <Text fw={600} size="sm" style={{ flex: 1 }}>
            Row {formatNumber(row.line)}
          </Text>
          <CloseButton aria-label="Close the row" onClick={onClose} />
        </>
      }
    >
      {row.error ? <Text c="var(--fy-bad)" size="sm">{row.error}</Text> : <KeyValue entries={columns.map((name) => [name, <ValueView key={name} value={row.values[name]} label={`Copy ${name}`} />])} />}
    </Panel>
  );
}

interface RowsProps {
  readonly pages: readonly DataPreview[];
  readonly more: () => void;
}

function Rows({ pages, more }: RowsProps) {
  const rows = useMemo(() => pages.flatMap((page) => page.rows), [pages]);
  const [first] = pages;
  const columns = useMemo(() => (first ? columnsOf(first) : []), [first]);
  const [open, setOpen] = useState<DataRow | null>(null);
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  const onRange = useCallback(
    (_first: number, last: number) => {
      if (last >= rows.length - AHEAD) more();
    },
    [rows.length, more],
  );
  const table = (
    <div className={classes.grow} style={{ height: "100%" }}>
      <PagedTable
        label="Rows of the data"
        columns={columns}
        count={rows.length}
        rowAt={rowAt}
        rowId={(row) => String(row.line)}
        onRange={onRange}
        sort=""
        onSort={() => undefined}
        openId={open === null ? null : String(open.line)}
        onOpen={setOpen}
        nothing="There are no rows."
      />
    </div>
  );
  if (open === null) return table;
  return (
    <div className={classes.grow}>
      <Split label={`Row ${open.line}`} width="clamp(320px, 34vw, 560px)" main={table} side={<RowSide row={open} columns={first?.columns ?? []} onClose={() => setOpen(null)} />} />
    </div>
  );
}

type Entry = DataFolder["entries"][number];

const ENTRY_COLUMNS: Column<Entry>[] = [
  {
    id: "path",
    header: "Name",
    value: (row) => row.path,
    cell: (row) => (
      <Group gap={8} wrap="nowrap" component="span">
        {row.kind === "folder" ? <IconFolder size={15} aria-label="Folder" /> : <IconFile size={15} aria-label="File" />}
        {row.path}
      </Group>
    ),
  },
  { id: "files", header: "Files", align: "right", value: (row) => row.files ?? 1, width: 90 },
  { id: "bytes", header: "Size", align: "right", value: (row) => row.bytes, cell: (row) => formatBytes(row.bytes), width: 110 },
];

function Folder({ folder }: { readonly folder: DataFolder }) {
  return (
    <>
      <div className={classes.bar}>
        <span>
          {formatNumber(folder.files)} {folder.files === 1 ? "file" : "files"}, {formatBytes(folder.bytes)}
          {folder.whole === false ? " and more" : ""}
        </span>
        {folder.kinds.map((kind) => (
          <span key={kind.extension}>
            {kind.extension === "" ? "without ending" : kind.extension}: {formatNumber(kind.files)}
          </span>
        ))}
      </div>
      <div className={classes.grow}>
        <DataTable name="entries" plain columns={ENTRY_COLUMNS} rows={folder.entries} rowId={(row) => row.path} defaultSort="path" nothing="The folder is empty." />
      </div>
    </>
  );
}

const PICTURE_TYPES: Record<string, string> = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", bmp: "image/bmp" };

function Thumb({ name, version, path }: { readonly name: string; readonly version: string; readonly path: string }) {
  const workspace = useWorkspace();
  const query = useQuery(data.content(workspace, name, version, path));
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!query.data) return;
    // A data: address, because the content security policy allows no blob: pictures.
    const reader = new FileReader();
    reader.onload = () => setAddress(typeof reader.result === "string" ? reader.result : null);
    reader.readAsDataURL(new Blob([query.data], { type: PICTURE_TYPES[path.split(".").at(-1)?.toLowerCase() ?? ""] ?? "image/png" }));
    return () => reader.abort();
  }, [query.data, path]);
  return (
    <figure className={classes.thumb}>
      {address === null ? <div className={classes.blank} /> : <img src={address} alt={path} loading="lazy" />}
      <figcaption className="fy-truncate" title={path}>
        {path}
      </figcaption>
    </figure>
  );
}

const SHOWN_PICTURES = 48;

function Pictures({ preview, source }: { readonly preview: DataPreview; readonly source: DataSource }) {
  const images = preview.images ?? [];
  if ("uri" in source) return <Text size="sm" c="dimmed">{formatNumber(images.length)} pictures. Make a data asset of them to see them here.</Text>;
  return (
    <div className={classes.thumbs}>
      {images.slice(0, SHOWN_PICTURES).map((image) => (
        <Thumb key={image.path} name={source.name} version={source.version} path={image.path} />
      ))}
    </div>
  );
}

function Body({ view, preview, pages, source, columnOffset, more }: { readonly view: string; readonly preview: DataPreview; readonly pages: readonly DataPreview[]; readonly source: DataSource; readonly columnOffset: number; readonly more: () => void }) {
  if (view === "columns") return <ColumnCards source={source} columnOffset={columnOffset} />;
  if (view === "files" && preview.folder) return <Folder folder={preview.folder} />;
  if (preview.kind === "text")
    return (
      <pre className={classes.text} tabIndex={0} aria-label="Beginning of the text">
        {preview.text ?? ""}
      </pre>
    );
  if (preview.kind === "images") return <Pictures preview={preview} source={source} />;
  if (preview.kind === "files" && preview.folder) return <Folder folder={preview.folder} />;
  if (preview.kind === "files") return <EmptyState icon={IconFile} title="This cannot be looked into" text={`Its ${formatBytes(preview.bytes ?? 0)} are neither rows, nor text, nor pictures.`} />;
  return <Rows pages={pages} more={more} />;
}

function words(preview: DataPreview, loaded: number): string {
  if (preview.kind !== "rows") return "";
  const total = preview.rows_total;
  const rows = typeof total === "number" ? `${formatNumber(total)} ${total === 1 ? "row" : "rows"}` : `${formatNumber(loaded)}${preview.more ? " and more" : ""} rows`;
  const columns = (preview.schema ?? []).length > 0 ? (preview.schema ?? []).length : preview.columns.length;
  return `${rows}, ${formatNumber(columns)} ${columns === 1 ? "column" : "columns"}`;
}

function ColumnPager({ preview, offset, setOffset }: { readonly preview: DataPreview; readonly offset: number; readonly setOffset: (offset: number) => void }) {
  const all = (preview.schema ?? []).length;
  const shown = preview.columns.length;
  if (all <= shown || shown === 0) return null;
  return (
    <Group gap={6}>
      <span>
        Columns {formatNumber(offset + 1)} to {formatNumber(offset + shown)}
      </span>
      <GuardedButton size="compact-xs" variant="default" off={offset === 0 ? "These are the first." : null} onClick={() => setOffset(Math.max(0, offset - shown))}>
        Before
      </GuardedButton>
      <GuardedButton size="compact-xs" variant="default" off={offset + shown >= all ? "These are the last." : null} onClick={() => setOffset(offset + shown)}>
        Next
      </GuardedButton>
    </Group>
  );
}

/** The ways in which something can be looked at: as what it mainly is, by its columns, by its files. */
function viewsOf({ kind = "rows", folder }: DataPreview): { value: string; label: string }[] {
  return [
    { value: "data", label: { rows: "Rows", text: "Text", images: "Pictures", files: "Files" }[kind] },
    ...(kind === "rows" ? [{ value: "columns", label: "Columns" }] : []),
    ...(folder && kind !== "files" ? [{ value: "files", label: "Files" }] : []),
  ];
}

/** What is in a version of an asset, or in a file or folder of a datastore: rows, columns, text, pictures or files. */
export function DataLook({ source }: { readonly source: DataSource }) {
  const workspace = useWorkspace();
  const [chosen, choose] = useUrlState("look", "data");
  const [columnOffset, setColumnOffset] = useState(0);
  const query = useInfiniteQuery(data.look(workspace, source, columnOffset));
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const pages = query.data?.pages ?? [];
  const [first] = pages;
  const latest = pages.at(-1);
  if (query.isPending) return <TableSkeleton columns={5} />;
  if (!first || !latest) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const views = viewsOf(first);
  const view = views.some(({ value }) => value === chosen) ? chosen : "data";
  const loaded = pages.reduce((rows, page) => rows + page.rows.length, 0);
  return (
    <div className={classes.look}>
      <div className={classes.bar}>
        {views.length > 1 && <SegmentedControl aria-label="What is shown" size="xs" data={views} value={view} onChange={choose} />}
        {view !== "columns" && <span>{words({ ...first, more: latest.more }, loaded)}</span>}
        {first.format && <span>{first.format}</span>}
        {typeof first.bytes === "number" && <span>{formatBytes(first.bytes)}</span>}
        {view !== "files" && <ColumnPager preview={first} offset={columnOffset} setOffset={setColumnOffset} />}
        {isFetchingNextPage && <span role="status">Loading more</span>}
      </div>
      <Findings findings={first.findings ?? []} />
      <Body view={view} preview={first} pages={pages} source={source} columnOffset={columnOffset} more={more} />
      {isFetchNextPageError && <ErrorPanel error={query.error} onRetry={() => void fetchNextPage()} />}
    </div>
  );
}
