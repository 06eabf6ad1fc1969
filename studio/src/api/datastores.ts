import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, request, unwrap } from "./client";
import type { Datastore, DatastoreTest, DatastoreWrite, StoredTable, TableRows } from "./types";

const all = "/api/v1/workspaces/{workspace}/datastores";
const one = `${all}/{name}` as const;
const named = (workspace: string, name: string) => ({ params: { path: { workspace, name } } });

/** The server gives at most so many bytes of a file at once. */
const PART_BYTES = 16 * 1024 * 1024;

function contentPath(workspace: string, name: string, path: string): string {
  return `/api/v1/workspaces/${encodeURIComponent(workspace)}/datastores/${encodeURIComponent(name)}/content?path=${encodeURIComponent(path)}`;
}

/** Reads the bytes of a file from `start` to before `end`; fewer where it ends before. */
async function readRange(address: string, start: number, end: number, signal?: AbortSignal): Promise<Blob> {
  const response = await request(address, { headers: { Range: `bytes=${start}-${end - 1}` }, ...(signal ? { signal } : {}) });
  return response.blob();
}

/** Query keys and requests of datastores and of the files in them. */
export const datastores = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["datastores", workspace],
      queryFn: ({ signal }) => unwrap(http.GET(all, { params: { path: { workspace } }, signal })),
    }),
  get: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["datastores", workspace, name],
      queryFn: ({ signal }) => unwrap(http.GET(one, { ...named(workspace, name), signal })),
    }),
  create: (workspace: string, body: DatastoreWrite): Promise<Datastore> => unwrap(http.POST(all, { params: { path: { workspace } }, body })),
  remove: (workspace: string, name: string) => unwrap(http.DELETE(one, named(workspace, name))),
  test: (workspace: string, name: string): Promise<DatastoreTest> => unwrap(http.POST(`${one}/test`, named(workspace, name))),
  /** Reaches a datastore that is not made yet. */
  tryOut: (workspace: string, body: DatastoreWrite): Promise<DatastoreTest> => unwrap(http.POST(`${all}/test`, { params: { path: { workspace } }, body })),
  /** The files and folders right below a folder, page by page. */
  files: (workspace: string, name: string, path: string) =>
    infiniteQueryOptions({
      queryKey: ["datastores", workspace, name, "files", path],
      queryFn: ({ signal, pageParam }) =>
        unwrap(http.GET(`${one}/files`, { params: { path: { workspace, name }, query: { path, ...(pageParam === null ? {} : { after: pageParam }) } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next ?? null,
      retry: false,
    }),
  /** The beginning of a file, for looking into it. */
  head: (workspace: string, name: string, path: string, bytes: number) =>
    queryOptions({
      queryKey: ["datastores", workspace, name, "head", path, bytes],
      queryFn: async ({ signal }) => new Uint8Array(await (await readRange(contentPath(workspace, name, path), 0, bytes, signal)).arrayBuffer()),
      retry: false,
    }),
  /** Reads a whole file in parts; `onProgress` hears how many bytes there are. */
  download: async (workspace: string, name: string, path: string, onProgress: (bytes: number) => void, signal: AbortSignal): Promise<Blob> => {
    const address = contentPath(workspace, name, path);
    const parts: Blob[] = [];
    let read = 0;
    for (;;) {
      const part = await readRange(address, read, read + PART_BYTES, signal);
      parts.push(part);
      read += part.size;
      onProgress(read);
      if (part.size < PART_BYTES) return new Blob(parts);
    }
  },
  contentPath,
  /** Tables and views of a database, page by page. */
  tables: (workspace: string, name: string) =>
    infiniteQueryOptions({
      queryKey: ["datastores", workspace, name, "tables"],
      queryFn: ({ signal, pageParam }) =>
        unwrap(http.GET(`${one}/tables`, { params: { path: { workspace, name }, query: pageParam === null ? {} : { after: pageParam } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next ?? null,
      retry: false,
    }),
  columns: (workspace: string, name: string, table: Pick<StoredTable, "name" | "schema">) =>
    queryOptions({
      queryKey: ["datastores", workspace, name, "columns", table.schema, table.name],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/columns`, { params: { path: { workspace, name }, query: { table: table.name, schema: table.schema } }, signal })),
      retry: false,
    }),
  /** Some rows of a table, in no order. */
  rows: (workspace: string, name: string, table: Pick<StoredTable, "name" | "schema">, limit = 50) =>
    queryOptions({
      queryKey: ["datastores", workspace, name, "rows", table.schema, table.name, limit],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/rows`, { params: { path: { workspace, name }, query: { table: table.name, schema: table.schema, limit } }, signal })),
      retry: false,
    }),
  query: (workspace: string, name: string, sql: string, limit: number): Promise<TableRows> => unwrap(http.POST(`${one}/query`, { ...named(workspace, name), body: { sql, limit } })),
};
