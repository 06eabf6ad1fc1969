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
