import { queryOptions } from "@tanstack/react-query";
import { http, request, unwrap } from "./client";
import type { Flow, FlowFile, ToolValuesQuery } from "./types";

const one = "/api/v1/workspaces/{workspace}/flows/{flow}" as const;
const named = (workspace: string, flow: string) => ({ params: { path: { workspace, flow } } });

/** A file's path is several segments of the address: each is encoded, the slashes between them stay. */
function filed(workspace: string, flow: string, path: string) {
  return {
    params: { path: { workspace, flow, path } },
    pathSerializer: (template: string, parameters: Record<string, unknown>) =>
      template.replace(/\{(\w+)(?::path)?\}/g, (_match, name: string) => String(parameters[name]).split("/").map(encodeURIComponent).join("/")),
  };
}

/** Query keys and requests of flows and their files. */
export const flows = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["flows", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/flows", { params: { path: { workspace } }, signal })),
    }),
  templates: (workspace: string) =>
    queryOptions({
      queryKey: ["flow-templates", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/flows/templates", { params: { path: { workspace } }, signal })),
      staleTime: Infinity,
    }),
  get: (workspace: string, flow: string) =>
    queryOptions({
      queryKey: ["flows", workspace, flow],
      queryFn: ({ signal }) => unwrap(http.GET(one, { ...named(workspace, flow), signal })),
    }),
  graph: (workspace: string, flow: string) =>
    queryOptions({
      queryKey: ["flows", workspace, flow, "graph"],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/graph`, { ...named(workspace, flow), signal })),
    }),
  files: (workspace: string, flow: string) =>
    queryOptions({
      queryKey: ["flows", workspace, flow, "files"],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/files`, { ...named(workspace, flow), signal })),
    }),
  file: (workspace: string, flow: string, path: string) =>
    queryOptions({
      queryKey: ["flows", workspace, flow, "files", path],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/files/{path}`, { ...filed(workspace, flow, path), signal })),
    }),
  /** The package tools of the flow's environment: its session is started for it, so ask only where a node has one. */
  tools: (workspace: string, flow: string) =>
    queryOptions({
      queryKey: ["flow-tools", workspace, flow],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/tools`, { ...named(workspace, flow), signal })),
      staleTime: Infinity,
      retry: false,
    }),
  /** The values that a tool's package offers for an input. They come from services, so they are asked for again only on demand. */
  toolValues: (workspace: string, flow: string, query: ToolValuesQuery) =>
    queryOptions({
      queryKey: ["flow-tools", workspace, flow, "values", query],
      queryFn: ({ signal }) => unwrap(http.POST(`${one}/tools/values`, { ...named(workspace, flow), body: query, signal })),
      staleTime: Infinity,
      retry: false,
    }),
  create: (workspace: string, body: { name: string; template: string; index?: string }): Promise<Flow> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/flows", { params: { path: { workspace } }, body })),
  clone: (workspace: string, flow: string, name: string): Promise<Flow> => unwrap(http.POST(`${one}/clone`, { ...named(workspace, flow), body: { name } })),
  rename: (workspace: string, flow: string, name: string): Promise<Flow> => unwrap(http.POST(`${one}/rename`, { ...named(workspace, flow), body: { name } })),
  /** Makes a flow of a zip archive of its folder. */
  importArchive: async (workspace: string, name: string, archive: Blob): Promise<Flow> => {
    const path = `/api/v1/workspaces/${encodeURIComponent(workspace)}/flows/import?name=${encodeURIComponent(name)}`;
    const response = await request(path, { method: "POST", body: archive, headers: { "Content-Type": "application/zip" } });
    return (await response.json()) as Flow;
  },
  /** Where a flow's folder can be downloaded as a zip archive. */
  archivePath: (workspace: string, flow: string) => `/api/v1/workspaces/${encodeURIComponent(workspace)}/flows/${encodeURIComponent(flow)}/archive`,
  history: (workspace: string, flow: string) =>
    queryOptions({
      queryKey: ["flows", workspace, flow, "history"],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/history`, { ...named(workspace, flow), signal })),
    }),
  /** What a version changed, `against` "previous"; or what changed from it to another, "current" for what is there now. */
  diff: (workspace: string, flow: string, version: string, against: string) =>
    queryOptions({
      queryKey: ["flows", workspace, flow, "history", version, against],
      queryFn: ({ signal }) =>
        unwrap(http.GET(`${one}/history/{version}/diff`, { params: { path: { workspace, flow, version }, query: { against } }, signal })),
    }),
  restore: (workspace: string, flow: string, version: string) => unwrap(http.POST(`${one}/history/{version}/restore`, { params: { path: { workspace, flow, version } } })),
  nameVersion: (workspace: string, flow: string, version: string, name: string | null) =>
    unwrap(http.PUT(`${one}/history/{version}/name`, { params: { path: { workspace, flow, version } }, body: { name } })),
  remove: (workspace: string, flow: string) => unwrap(http.DELETE(one, named(workspace, flow))),
  listFiles: (workspace: string, flow: string) => unwrap(http.GET(`${one}/files`, named(workspace, flow))),
  readFile: (workspace: string, flow: string, path: string): Promise<FlowFile> => unwrap(http.GET(`${one}/files/{path}`, filed(workspace, flow, path))),
  /** Removes a file if it still is what `etag` names. Throws ApiError 412 otherwise. */
  removeFile: (workspace: string, flow: string, path: string, etag: string) =>
    unwrap(http.DELETE(`${one}/files/{path}`, { ...filed(workspace, flow, path), headers: { "If-Match": `"${etag}"` } })),
  /** Writes a file if it still is what `etag` names, or, with `etag` null, if it is not there yet. Throws ApiError 412 otherwise. */
  writeFile: (workspace: string, flow: string, path: string, content: string, etag: string | null): Promise<FlowFile> =>
    unwrap(
      http.PUT(`${one}/files/{path}`, {
        ...filed(workspace, flow, path),
        body: { content },
        headers: etag === null ? { "If-None-Match": "*" } : { "If-Match": `"${etag}"` },
      }),
    ),
  eventsPath: (workspace: string, flow: string) => `/api/v1/workspaces/${encodeURIComponent(workspace)}/flows/${encodeURIComponent(flow)}/events`,
  testPath: (workspace: string, flow: string) => `/api/v1/workspaces/${encodeURIComponent(workspace)}/flows/${encodeURIComponent(flow)}/test`,
};
