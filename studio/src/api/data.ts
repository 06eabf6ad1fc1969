import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, request, unwrap } from "./client";
import { type PathFile, uploadInParts } from "./parts";
import { runs } from "./runs";
import type { DataAsset, DataFromTraces, DataImportCreate, DataRow, DataSchedule, DataSplitCreate, Job } from "./types";

const all = "/api/v1/workspaces/{workspace}/data";
const of = (workspace: string, name: string) => ({ params: { path: { workspace, name } } });
const at = (workspace: string, name: string, version: string) => ({ params: { path: { workspace, name, version } } });

/** What a version is made of besides its file. */
export interface DataAbout {
  readonly name: string;
  readonly description?: string;
  readonly tags?: Record<string, string>;
}

/** What is looked into: a version of an asset, or a file or folder of a datastore. */
export type DataSource = { readonly name: string; readonly version: string } | { readonly uri: string };

/** So many rows come at once, to be looked at, or because all are wanted. */
const LOOK_ROWS = 200;
const MANY_ROWS = 1000;

function versionPath(workspace: string, name: string, version: string): string {
  return `/api/v1/workspaces/${encodeURIComponent(workspace)}/data/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
}

/** Query keys and requests of data assets. */
export const data = {
  list: (workspace: string, archived = false) =>
    queryOptions({
      queryKey: ["data", workspace, "list", archived],
      queryFn: ({ signal }) => unwrap(http.GET(all, { params: { path: { workspace }, query: { archived } }, signal })),
    }),
  versions: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["data", workspace, name, "versions"],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/versions`, { ...of(workspace, name), signal })),
    }),
  get: (workspace: string, name: string, version: string) =>
    queryOptions({
      queryKey: ["data", workspace, name, version],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/versions/{version}`, { ...at(workspace, name, version), signal })),
    }),
  preview: (workspace: string, name: string, version: string, limit = 200) =>
    queryOptions({
      queryKey: ["data", workspace, name, version, "preview", limit],
      queryFn: ({ signal }) =>
        unwrap(http.GET(`${all}/{name}/versions/{version}/preview`, { params: { path: { workspace, name, version }, query: { limit } }, signal })),
    }),
  /** Rows page by page, with the schema, or the beginning of a text, or what files there are. */
  look: (workspace: string, source: DataSource, columnOffset: number) =>
    infiniteQueryOptions({
      queryKey: ["data", workspace, "look", source, columnOffset],
      queryFn: ({ signal, pageParam }) => {
        const query = { limit: LOOK_ROWS, offset: pageParam, column_offset: columnOffset };
        if ("uri" in source) return unwrap(http.GET(`${all}/preview`, { params: { path: { workspace }, query: { ...query, uri: source.uri } }, signal }));
        return unwrap(http.GET(`${all}/{name}/versions/{version}/preview`, { params: { path: { workspace, ...source }, query }, signal }));
      },
      initialPageParam: 0,
      getNextPageParam: (last, pages) => (last.more && last.rows.length > 0 ? pages.reduce((rows, page) => rows + page.rows.length, 0) : null),
      retry: false,
      staleTime: 60_000,
    }),
  /** The first `most` rows of a version, with what is wrong with those that cannot be read. */
  rows: (workspace: string, name: string, version: string, most: number) =>
    queryOptions({
      queryKey: ["data", workspace, name, version, "rows", most],
      queryFn: async ({ signal }) => {
        const rows: DataRow[] = [];
        let more = true;
        while (more && rows.length < most) {
          const query = { limit: Math.min(MANY_ROWS, most - rows.length), offset: rows.length };
          const page = await unwrap(http.GET(`${all}/{name}/versions/{version}/preview`, { params: { path: { workspace, name, version }, query }, signal }));
          rows.push(...page.rows);
          more = page.more && page.rows.length > 0;
        }
        return { rows, more };
      },
      retry: false,
      staleTime: Infinity,
    }),
  /** A version that is one file: its name, and its text as it is. */
  text: async (workspace: string, name: string, version: string): Promise<{ readonly file: string; readonly text: string }> => {
    const response = await request(`${versionPath(workspace, name, version)}/file`);
    const file = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "";
    return { file, text: await response.text() };
  },
  /** Statistics of columns over the first `sample` rows; 0: over all. */
  statistics: (workspace: string, source: DataSource, sample: number, columnOffset: number) =>
    queryOptions({
      queryKey: ["data", workspace, "statistics", source, sample, columnOffset],
      queryFn: ({ signal }) => {
        const query = { sample, column_offset: columnOffset };
        if ("uri" in source) return unwrap(http.GET(`${all}/statistics`, { params: { path: { workspace }, query: { ...query, uri: source.uri } }, signal }));
        return unwrap(http.GET(`${all}/{name}/versions/{version}/statistics`, { params: { path: { workspace, ...source }, query }, signal }));
      },
      retry: false,
      staleTime: 60_000,
    }),
  /** A file of a version, as it is; for pictures. */
  content: (workspace: string, name: string, version: string, path: string) =>
    queryOptions({
      queryKey: ["data", workspace, name, version, "content", path],
      queryFn: async ({ signal }) => {
        const response = await request(`${versionPath(workspace, name, version)}/content?path=${encodeURIComponent(path)}`, { signal });
        return response.blob();
      },
      retry: false,
      staleTime: Infinity,
    }),
  /** Uploads files, in parts, or a zip archive of a folder, and makes a version of them. The same files again go on where they broke off. */
  create: async (workspace: string, files: readonly PathFile[], about: DataAbout, onProgress: (sent: number) => void, signal: AbortSignal): Promise<DataAsset> => {
    const [first, ...more] = files;
    const archive = first !== undefined && more.length === 0 && /\.zip$/i.test(first.path);
    const { reference } = archive ? await runs.upload(workspace, first.file) : await uploadInParts(workspace, files, onProgress, signal);
    return unwrap(http.POST(all, { params: { path: { workspace } }, body: { upload: reference, tags: {}, ...about } }));
  },
  /** Makes a version of what is in a datastore, without a copy. */
  bookmark: (workspace: string, uri: string, about: DataAbout): Promise<DataAsset> =>
    unwrap(http.POST(all, { params: { path: { workspace } }, body: { path: uri, tags: {}, ...about } })),
  fromTraces: (workspace: string, body: DataFromTraces): Promise<DataAsset> => unwrap(http.POST(`${all}/from-traces`, { params: { path: { workspace } }, body })),
  /** The first rows of what `fromTraces` would make, and of how many traces. */
  tracesPreview: (workspace: string, search: Pick<DataFromTraces, "q" | "since" | "limit">, rows: number) =>
    queryOptions({
      queryKey: ["data", workspace, "from-traces", search, rows],
      queryFn: ({ signal }) =>
        unwrap(
          http.POST(`${all}/from-traces/preview`, {
            params: { path: { workspace }, query: { rows } },
            body: { name: "preview", form: "columns", trace_ids: [], tags: {}, ...search },
            signal,
          }),
        ),
      retry: false,
    }),
  /** Divides the rows of a version among new assets, in a job. */
  split: (workspace: string, body: DataSplitCreate): Promise<Job> => unwrap(http.POST(`${all}/splits`, { params: { path: { workspace } }, body })),
  /** Makes a version of what a database answers, in a job. */
  importRows: (workspace: string, body: DataImportCreate): Promise<Job> => unwrap(http.POST(`${all}/imports`, { params: { path: { workspace } }, body })),
  /** The imports that are made again and again. */
  schedules: (workspace: string) =>
    queryOptions({
      queryKey: ["data", workspace, "schedules"],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/schedules`, { params: { path: { workspace } }, signal })),
      refetchInterval: 30_000,
    }),
  schedule: (workspace: string, cron: string, body: DataImportCreate): Promise<DataSchedule> => unwrap(http.POST(`${all}/schedules`, { params: { path: { workspace } }, body: { cron, request: body } })),
  pause: (workspace: string, name: string): Promise<DataSchedule> => unwrap(http.POST(`${all}/schedules/{name}/pause`, of(workspace, name))),
  resume: (workspace: string, name: string): Promise<DataSchedule> => unwrap(http.POST(`${all}/schedules/{name}/resume`, of(workspace, name))),
  unschedule: (workspace: string, name: string) => unwrap(http.DELETE(`${all}/schedules/{name}`, of(workspace, name))),
  archive: (workspace: string, name: string) => unwrap(http.POST(`${all}/{name}/archive`, of(workspace, name))),
  restore: (workspace: string, name: string) => unwrap(http.POST(`${all}/{name}/restore`, of(workspace, name))),
  /** Where a browser downloads a version from. */
  filePath: (workspace: string, name: string, version: string) => `${versionPath(workspace, name, version)}/file`,
};
