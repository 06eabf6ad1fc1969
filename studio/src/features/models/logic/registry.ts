import type { Endpoint, RegisteredModel } from "@/api/types";

/** How far a version is, in MLflow's and Azure ML's words. */
export const STAGES = ["None", "Development", "Staging", "Production", "Archived"] as const satisfies readonly RegisteredModel["stage"][];

/** Tags as lines of `key=value`. */
export function writeTags(tags: Readonly<Record<string, string>>): string[] {
  return Object.entries(tags).map(([key, value]) => (value === "" ? key : `${key}=${value}`));
}

/** Lines of `key=value` as tags; what has no value is a tag with an empty one. */
export function readTags(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf("=");
      return at < 1 ? ([line.trim(), ""] as const) : ([line.slice(0, at).trim(), line.slice(at + 1).trim()] as const);
    }),
  );
}

/** The names under which versions stand for a model of the catalog. */
export function namesFor(model: string, versions: readonly RegisteredModel[]): ReadonlySet<string> {
  return new Set(versions.filter((version) => version.model === model).map(({ name }) => name));
}

/** A deployment that runs a model, with its endpoint. */
export interface RunsAt {
  readonly endpoint: Endpoint;
  readonly deployment: Endpoint["deployments"][number];
}

/** Where a model runs: by its name in the catalog, or by a registered version that stands for it. */
export function runsAt(model: string, endpoints: readonly Endpoint[], versions: readonly RegisteredModel[]): readonly RunsAt[] {
  const calls = new Set([model, ...versions.filter((version) => version.model === model).map(({ reference }) => reference)]);
  return endpoints.flatMap((endpoint) => endpoint.deployments.filter((deployment) => typeof deployment.model === "string" && calls.has(deployment.model)).map((deployment) => ({ endpoint, deployment })));
}
