import { Group, SegmentedControl, Select, Skeleton } from "@mantine/core";
import { IconBinaryTree2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { lineage, type LineageDirection } from "@/api/lineage";
import type { LineageEdge, LineageGraph, LineageNode } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "../DataTable";
import { EmptyState } from "../EmptyState";
import { RelativeTime } from "../figures";
import { TextLink } from "../links";
import { Loaded } from "../Loaded";
import classes from "./Lineage.module.css";
import { ACTIVITIES, LINEAGE_KINDS, lineageTarget } from "./shape";

const Canvas = lazy(() => import("./LineageCanvas"));

interface Row {
  readonly id: string;
  readonly node: LineageNode;
  readonly edge: LineageEdge | undefined;
}

function stepsWords(depth: number): string {
  if (depth === 0) return "itself";
  const steps = Math.abs(depth);
  return `${formatNumber(steps)} ${steps === 1 ? "step" : "steps"} ${depth < 0 ? "up" : "down"}`;
}

/** The activity on the way from a thing to the root. */
function edgeOf(node: LineageNode, graph: LineageGraph): LineageEdge | undefined {
  return graph.edges.find((edge) => (node.depth < 0 ? edge.source === node.id : node.depth > 0 && edge.target === node.id));
}

function Thing({ node }: { readonly node: LineageNode }) {
  const workspace = useWorkspace();
  const target = lineageTarget(node, workspace);
  const kind = LINEAGE_KINDS[node.kind];
  return (
    <Group gap={8} wrap="nowrap" component="span">
      <kind.icon size={15} stroke={1.6} aria-hidden />
      {target ? (
        <TextLink {...(target as { to: "/" })} inherit underline="hover">
          {node.name}
        </TextLink>
      ) : (
        node.name
      )}
    </Group>
  );
}

function parametersOf(edge: LineageEdge | undefined): string {
  const parameters = edge?.parameters ?? {};
  return Object.keys(parameters).length === 0 ? "" : JSON.stringify(parameters);
}

const COLUMNS: Column<Row>[] = [
  { id: "thing", header: "Thing", value: ({ node }) => node.name, cell: ({ node }) => <Thing node={node} /> },
  { id: "kind", header: "Kind", value: ({ node }) => LINEAGE_KINDS[node.kind].label, width: 110 },
  { id: "version", header: "Version", value: ({ node }) => node.version, width: 110 },
  { id: "away", header: "Away", value: ({ node }) => node.depth, cell: ({ node }) => stepsWords(node.depth), width: 110 },
  { id: "how", header: "How", value: ({ edge }) => (edge ? ACTIVITIES[edge.activity] : undefined), width: 120 },
  { id: "with", header: "With", value: ({ edge }) => parametersOf(edge) || undefined },
  { id: "by", header: "By", value: ({ edge }) => edge?.created_by, width: 110 },
  { id: "when", header: "When", align: "right", value: ({ edge }) => (edge ? Date.parse(edge.created_at) : undefined), cell: ({ edge }) => (edge ? <RelativeTime value={edge.created_at} /> : "–"), width: 120 },
];

function List({ graph }: { readonly graph: LineageGraph }) {
  const rows = useMemo(() => graph.nodes.map((node): Row => ({ id: node.id, node, edge: edgeOf(node, graph) })), [graph]);
  return <DataTable name="lineage" plain columns={COLUMNS} rows={rows} rowId={(row) => row.id} defaultSort="away" />;
}

const DEPTHS = [
  { value: "1", label: "1 step" },
  { value: "2", label: "2 steps" },
  { value: "3", label: "3 steps" },
  { value: "all", label: "To the end" },
];

/** What something was made of, and what was made of it, as a graph and as a list. */
export function LineageView({ of }: { readonly of: string }) {
  const workspace = useWorkspace();
  const [form, setForm] = useUrlState("as", "graph");
  const [direction, setDirection] = useUrlState("way", "both");
  const [depth, setDepth] = useUrlState("depth", "all");
  const query = useQuery(lineage.graph(workspace, of, direction as LineageDirection, depth === "all" ? null : Number(depth)));
  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <SegmentedControl aria-label="Graph or list" size="xs" value={form} onChange={setForm} data={[{ value: "graph", label: "Graph" }, { value: "list", label: "List" }]} />
        <SegmentedControl
          aria-label="Which way"
          size="xs"
          value={direction}
          onChange={setDirection}
          data={[
            { value: "both", label: "Both ways" },
            { value: "up", label: "Made of" },
            { value: "down", label: "Made of it" },
          ]}
        />
        <Select aria-label="How far" size="xs" w={120} allowDeselect={false} data={DEPTHS} value={depth} onChange={setDepth} />
        {query.data && (
          <span>
            {formatNumber(query.data.nodes.length)} {query.data.nodes.length === 1 ? "thing" : "things"}
            {query.data.truncated && ", the nearest; there are more"}
          </span>
        )}
      </div>
      <Loaded query={query} skeleton={<Skeleton h={320} />}>
        {(graph) => {
          if (graph.edges.length === 0)
            return <EmptyState icon={IconBinaryTree2} title="Nothing is recorded here yet" text="What this was made of, and the runs, assets and deployments that use it, appear here by themselves as they are made." />;
          if (form === "list") return <List graph={graph} />;
          return (
            <Suspense fallback={<Skeleton h={320} />}>
              <Canvas graph={graph} workspace={workspace} />
            </Suspense>
          );
        }}
      </Loaded>
    </div>
  );
}
