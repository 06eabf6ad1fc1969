import { IconActivity, IconBox, IconChecklist, IconCloudUp, IconDatabase, IconListCheck, IconListSearch, IconRoute, IconServer2, IconTimelineEvent, type TablerIcon } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import type { LineageEdge, LineageGraph, LineageNode } from "@/api/types";
import type { Target } from "../links";

/** What kinds of things are called, and their icons. */
export const LINEAGE_KINDS: Record<LineageNode["kind"], { readonly label: string; readonly icon: TablerIcon }> = {
  data: { label: "Data asset", icon: IconDatabase },
  datastore: { label: "Datastore", icon: IconServer2 },
  trace: { label: "Trace", icon: IconTimelineEvent },
  flow: { label: "Flow", icon: IconRoute },
  run: { label: "Run", icon: IconListCheck },
  model: { label: "Model", icon: IconBox },
  endpoint: { label: "Endpoint", icon: IconActivity },
  deployment: { label: "Deployment", icon: IconCloudUp },
  evaluator: { label: "Evaluator", icon: IconChecklist },
  index: { label: "Index", icon: IconListSearch },
};

/** What an activity did, in words. */
export const ACTIVITIES: Record<LineageEdge["activity"], string> = {
  bookmark: "bookmarked",
  questions: "questions made of",
  import: "imported",
  traces: "made of traces",
  collected: "collected",
  split: "split",
  transform: "transformed",
  run: "run",
  evaluation: "evaluated",
  deployment: "deployed",
  index: "indexed",
};

/** The view of a thing, or null where there is none. */
export function lineageTarget(node: Pick<LineageNode, "kind" | "name" | "version">, workspace: string): Target | null {
  const { kind, name, version } = node;
  switch (kind) {
    case "data":
      return linkOptions({ to: "/w/$workspace/data/$name", params: { workspace, name }, search: { version, tab: "lineage" } as never });
    case "datastore":
      return linkOptions({ to: "/w/$workspace/data/datastores/$store", params: { workspace, store: name } });
    case "trace":
      return linkOptions({ to: "/w/$workspace/traces/$traceId", params: { workspace, traceId: name } });
    case "flow":
      return linkOptions({ to: "/w/$workspace/flows/$flow", params: { workspace, flow: name } });
    case "run":
      return linkOptions({ to: "/w/$workspace/runs/$name", params: { workspace, name } });
    case "model":
      return linkOptions({ to: "/w/$workspace/models/$name", params: { workspace, name } });
    case "endpoint":
      return linkOptions({ to: "/w/$workspace/endpoints/$name", params: { workspace, name } });
    case "deployment":
      return linkOptions({ to: "/w/$workspace/endpoints/$name", params: { workspace, name: name.split("/")[0] ?? name } });
    case "evaluator":
    case "index":
      return null;
  }
}

export const LINEAGE_SIZE = { width: 232, height: 62 } as const;
const COLUMN = 330;
const ROW = 92;

/** The column of each node: its steps from the root on the longest way there, so that what was made of a thing stands right of it. */
function columnsOf({ nodes, edges }: Pick<LineageGraph, "nodes" | "edges">): ReadonlyMap<string, number> {
  const depths = new Map(nodes.map(({ id, depth }) => [id, depth]));
  const columns = new Map(depths);
  const shift = ({ source, target }: { readonly source: string; readonly target: string }): boolean => {
    const left = columns.get(source);
    const right = columns.get(target);
    if (left === undefined || right === undefined || left < right) return false;
    if ((depths.get(target) ?? 0) > 0) columns.set(target, left + 1);
    else if ((depths.get(source) ?? 0) < 0) columns.set(source, right - 1);
    else return false;
    return true;
  };
  // A way has at most as many steps as there are nodes.
  let rounds = nodes.length;
  while (rounds > 0 && edges.map(shift).includes(true)) rounds -= 1;
  return columns;
}

/** Where nodes stand: a column for each step away, what it was made of on the left; in a column by where their neighbours stand. */
export function placeNodes(graph: Pick<LineageGraph, "nodes" | "edges">): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  const columns = new Map<number, LineageNode[]>();
  const columnOf = columnsOf(graph);
  for (const node of graph.nodes) {
    const column = columnOf.get(node.id) ?? node.depth;
    columns.set(column, [...(columns.get(column) ?? []), node]);
  }
  const places = new Map<string, { x: number; y: number }>();
  const neighbours = new Map<string, string[]>();
  for (const { source, target } of graph.edges) {
    neighbours.set(source, [...(neighbours.get(source) ?? []), target]);
    neighbours.set(target, [...(neighbours.get(target) ?? []), source]);
  }
  const middle = (node: LineageNode): number => {
    const placed = (neighbours.get(node.id) ?? []).flatMap((id) => places.get(id)?.y ?? []);
    return placed.length === 0 ? Number.MAX_SAFE_INTEGER : placed.reduce((sum, y) => sum + y, 0) / placed.length;
  };
  // From the root outwards, so that each column is ordered by one that stands already.
  for (const depth of [...columns.keys()].sort((a, b) => Math.abs(a) - Math.abs(b))) {
    const column = (columns.get(depth) ?? []).map((node) => ({ node, at: middle(node) })).sort((a, b) => a.at - b.at || a.node.id.localeCompare(b.node.id));
    column.forEach(({ node }, index) => places.set(node.id, { x: depth * COLUMN, y: (index - (column.length - 1) / 2) * ROW }));
  }
  return places;
}
