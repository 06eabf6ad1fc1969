import { formatNumber } from "@/lib/format";
import type { DataAsset } from "@/api/types";

/** The traces that a version was made of, newest first; none for other origins. */
export function tracesOf(asset: Pick<DataAsset, "origin">): readonly string[] {
  const traces: unknown = asset.origin.traces;
  return Array.isArray(traces) ? traces.filter((each): each is string => typeof each === "string") : [];
}

/** What a version was made from, in a few words. */
export function originOf(asset: Pick<DataAsset, "origin">): string {
  switch (asset.origin.kind) {
    case "traces": {
      const count = tracesOf(asset).length;
      return `${formatNumber(count)} ${count === 1 ? "trace" : "traces"}`;
    }
    case "upload":
      return "an upload";
    case "datastore":
      return typeof asset.origin.path === "string" ? asset.origin.path : "a datastore";
    case "import":
      return typeof asset.origin.datastore === "string" ? `rows of ${asset.origin.datastore}` : "a database";
    default:
      return typeof asset.origin.kind === "string" ? asset.origin.kind : "–";
  }
}

/** What an asset may be called: the name of a file without its ending, as far as that is a name. */
export function nameFor(file: string): string {
  return file
    .replace(/\.[A-Za-z]{1,8}$/, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100);
}

/** What is wrong with a name; null for a good one. */
export function nameProblem(name: string): string | null {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) ? null : "Use 1 to 100 letters, digits and . _ -, a letter or digit first.";
}
