import { http, unwrap } from "./client";
import type { Job, TransformCreate, TransformPreview, TransformPreviewCreate } from "./types";

const all = "/api/v1/workspaces/{workspace}/data" as const;

/** Requests of transforms: steps that make a version of a data asset from another one. */
export const transforms = {
  preview: (workspace: string, body: TransformPreviewCreate): Promise<TransformPreview> => unwrap(http.POST(`${all}/transforms/preview`, { params: { path: { workspace } }, body })),
  create: (workspace: string, body: TransformCreate): Promise<Job> => unwrap(http.POST(`${all}/transforms`, { params: { path: { workspace } }, body })),
  rerun: (workspace: string, name: string, version: string, latest: boolean): Promise<Job> =>
    unwrap(http.POST(`${all}/{name}/versions/{version}/rerun`, { params: { path: { workspace, name, version } }, body: { latest } })),
};
