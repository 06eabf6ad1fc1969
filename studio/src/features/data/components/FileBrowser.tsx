import { TextInput } from "@mantine/core";
import { IconFile, IconFolder, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode, useCallback, useMemo, useState } from "react";
import { datastores } from "@/api/datastores";
import type { StoredFile } from "@/api/types";
import { formatBytes, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { type PagedColumn, PagedTable } from "@/ui/PagedTable";
import { TableSkeleton } from "@/ui/Skeletons";
import { crumbsOf, uriOf } from "../logic/paths";
import { baseName } from "@/lib/files";
import classes from "./Data.module.css";

const COLUMNS: readonly PagedColumn<StoredFile>[] = [
  {
    id: "name",
    header: "Name",
    cell: (row) => (
      <span className={classes.entry}>
        {row.kind === "folder" ? <IconFolder size={15} aria-label="Folder" /> : <IconFile size={15} aria-label="File" />}
        <span className="fy-truncate" title={row.path}>
          {baseName(row.path)}
        </span>
      </span>
    ),
  },
  { id: "size", header: "Size", align: "right", width: 110, cell: (row) => (typeof row.bytes === "number" ? formatBytes(row.bytes) : "–") },
  { id: "changed", header: "Changed", align: "right", width: 130, cell: (row) => <RelativeTime value={row.modified_at} /> },
];
/** So many rows before the end of what is loaded, the next page is asked for. */
const AHEAD = 100;

export function Crumbs({ store, path, onGo }: { readonly store: string; readonly path: string; readonly onGo: (path: string) => void }) {
  const crumbs = [{ name: store, path: "" }, ...crumbsOf(path)];
  return (
    <nav className={classes.crumbs} aria-label="Folders">
      {crumbs.map((crumb, index) => (
        <Fragment key={crumb.path}>
          {index > 0 && <span aria-hidden>/</span>}
          <button
            type="button"
            className={classes.crumb}
            title={crumb.name}
            {...(index === crumbs.length - 1 ? { "aria-current": "page" as const } : {})}
            onClick={() => onGo(crumb.path)}
          >
            {crumb.name}
          </button>
        </Fragment>
      ))}
      <CopyButton value={uriOf(store, path, "folder")} label="Copy URI of this folder" />
    </nav>
  );
}

interface FileBrowserProps {
  readonly store: string;
  readonly path: string;
  readonly onGo: (path: string) => void;
  readonly onFile: (file: StoredFile) => void;
  readonly openPath?: string | null;
  /** Buttons at the right of the folders. */
  readonly actions?: ReactNode;
  /** What can be done where nothing is. */
  readonly emptyNext?: ReactNode;
}

interface ListedProps extends Pick<FileBrowserProps, "onGo" | "onFile"> {
  readonly rows: readonly StoredFile[];
  readonly openPath: string | null;
  readonly more: () => void;
  readonly nothing: string;
}

function Listed({ rows, openPath, more, nothing, onGo, onFile }: ListedProps) {
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  const onRange = useCallback(
    (_first: number, last: number) => {
      if (last >= rows.length - AHEAD) more();
    },
    [rows.length, more],
  );
  return (
    <div className={classes.list}>
      <PagedTable
        label="Files and folders"
        columns={COLUMNS}
        count={rows.length}
        rowAt={rowAt}
        rowId={(row) => row.path}
        onRange={onRange}
        sort=""
        onSort={() => undefined}
        openId={openPath}
        onOpen={(row) => {
          if (row.kind === "folder") onGo(row.path);
          else onFile(row);
        }}
        nothing={nothing}
      />
    </div>
  );
}

/** The files and folders right below a folder of a datastore; further pages come as one scrolls. */
export function FileBrowser({ store, path, onGo, onFile, openPath = null, actions, emptyNext }: FileBrowserProps) {
  const workspace = useWorkspace();
  const query = useInfiniteQuery(datastores.files(workspace, store, path));
  const [wanted, setWanted] = useState("");
  const all = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const text = wanted.trim().toLowerCase();
  const rows = useMemo(() => (text === "" ? all : all.filter((row) => baseName(row.path).toLowerCase().includes(text))), [all, text]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isFetchNextPageError } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const words = `${formatNumber(all.length)}${hasNextPage ? " and more" : ""}`;
  return (
    <div className={classes.browser}>
      <div className={classes.bar}>
        <Crumbs
          store={store}
          path={path}
          onGo={(next) => {
            setWanted("");
            onGo(next);
          }}
        />
        <TextInput size="xs" w={170} type="search" aria-label="Filter by name" placeholder="Filter by name" leftSection={<IconSearch size={13} aria-hidden />} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} />
        {actions}
      </div>
      {query.isPending && <TableSkeleton columns={3} />}
      {query.error && all.length === 0 && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && all.length === 0 && (
        <EmptyState icon={IconFolder} title="Nothing is here" text="This folder has no files.">
          {emptyNext}
        </EmptyState>
      )}
      {all.length > 0 && (
        <Listed key={path} rows={rows} openPath={openPath} more={more} onGo={onGo} onFile={onFile} nothing={hasNextPage ? `None of the first ${formatNumber(all.length)} has such a name.` : "None has such a name."} />
      )}
      {all.length > 0 && query.error && <ErrorPanel error={query.error} onRetry={() => void fetchNextPage()} />}
      {all.length > 0 && (
        <div className={classes.foot} role="status">
          {text === "" ? `${words} here` : `${formatNumber(rows.length)} of ${words}`}
          {isFetchingNextPage && <span>Loading more</span>}
        </div>
      )}
    </div>
  );
}
