import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import { runs } from "./runs";
import type { DataAsset, DataFromTraces } from "./types";

const all = "/api/v1/workspaces/{workspace}/data";
const of = (workspace: string, name: string) => ({ params: { path: { workspace, name } } });
const at = (workspace: string, name: string, version: string) => ({ params: { path: { workspace, name, version } } });

/** What a version is made of besides its file. */
export interface DataAbout {
  readonly name: string;
  readonly description?: string;
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
  /** Uploads a file, or a zip archive of a folder, and makes a version of it. */
  create: async (workspace: string, file: File, about: DataAbout): Promise<DataAsset> => {
    const { reference } = await runs.upload(workspace, file);
    return unwrap(http.POST(all, { params: { path: { workspace } }, body: { upload: reference, tags: {}, ...about } }));
  },
  /** Makes a version of what is in a datastore, without a copy. */
  bookmark: (workspace: string, uri: string, about: DataAbout): Promise<DataAsset> =>
    unwrap(http.POST(all, { params: { path: { workspace } }, body: { path: uri, tags: {}, ...about } })),
  fromTraces: (workspace: string, body: DataFromTraces): Promise<DataAsset> => unwrap(http.POST(`${all}/from-traces`, { params: { path: { workspace } }, body })),
  archive: (workspace: string, name: string) => unwrap(http.POST(`${all}/{name}/archive`, of(workspace, name))),
  restore: (workspace: string, name: string) => unwrap(http.POST(`${all}/{name}/restore`, of(workspace, name))),
  /** Where a browser downloads a version from. */
  filePath: (workspace: string, name: string, version: string) =>
    `/api/v1/workspaces/${encodeURIComponent(workspace)}/data/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}/file`,
};
