import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { LicenseRules, RegisteredModel, RegisteredModelCreate, RegisteredModelUpdate } from "./types";

const all = "/api/v1/workspaces/{workspace}/registered-models";
const at = `${all}/{name}/versions/{version}` as const;
const of = (workspace: string, { name, version }: Pick<RegisteredModel, "name" | "version">) => ({ params: { path: { workspace, name, version } } });

/** Query keys and requests of the registry: versions of models that a workspace keeps under a name. */
export const registry = {
  /** Every version, archived ones too, by name and the latest first. */
  versions: (workspace: string) =>
    queryOptions({
      queryKey: ["registry", workspace, "versions"],
      queryFn: async ({ signal }): Promise<readonly RegisteredModel[]> => {
        const lists = await Promise.all([false, true].map((archived) => unwrap(http.GET(all, { params: { path: { workspace }, query: { archived } }, signal }))));
        const names = [...new Set(lists.flatMap(({ items }) => items.map(({ name }) => name)))].sort();
        const versions = await Promise.all(names.map((name) => unwrap(http.GET(`${all}/{name}/versions`, { params: { path: { workspace, name } }, signal }))));
        return versions.flatMap(({ items }) => items);
      },
    }),
  register: (workspace: string, body: RegisteredModelCreate): Promise<RegisteredModel> => unwrap(http.POST(all, { params: { path: { workspace } }, body })),
  update: (workspace: string, version: RegisteredModel, body: RegisteredModelUpdate): Promise<RegisteredModel> => unwrap(http.PATCH(at, { ...of(workspace, version), body })),
  promote: (workspace: string, version: RegisteredModel, target: string, stage: RegisteredModel["stage"]): Promise<RegisteredModel> =>
    unwrap(http.POST(`${at}/promote`, { ...of(workspace, version), body: { workspace: target, stage } })),
  setArchived: (workspace: string, { name, version }: RegisteredModel, archived: boolean) => {
    const named = { params: { path: { workspace, name }, query: { version } } };
    return unwrap(archived ? http.POST(`${all}/{name}/archive`, named) : http.POST(`${all}/{name}/restore`, named));
  },
  licenses: (workspace: string) =>
    queryOptions({
      queryKey: ["registry", workspace, "licenses"],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/licenses`, { params: { path: { workspace } }, signal })),
    }),
  setLicenses: (workspace: string, body: LicenseRules): Promise<LicenseRules> => unwrap(http.PUT(`${all}/licenses`, { params: { path: { workspace } }, body })),
};
