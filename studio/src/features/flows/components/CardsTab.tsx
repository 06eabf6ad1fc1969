import { Stack, Text } from "@mantine/core";
import type { ComponentProps } from "react";
import { StatusBadge } from "@/ui/StatusBadge";
import { useTestRun } from "../hooks/useFlowRun";
import { inOrder } from "../logic/order";
import { referencesOf } from "../logic/outputs";
import { streamedBy } from "../logic/testRun";
import type { FlowGraph, GraphNode } from "../model";
import classes from "./CardsTab.module.css";
import { NODE_KINDS } from "@/ui/nodeKinds";
import { type EditorPart, NodeEditors } from "./editors/NodeEditors";
import { LastOutput, ResultMeasures } from "./NodeOutcome";
import { RunButtons } from "./RunButtons";
import { StaleMark } from "./StaleMark";

interface CardsTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
}

function Part({ title, aside, children }: ComponentProps<EditorPart>) {
  return (
    <section>
      <div className={classes.partHead}>
        <h3 className={classes.part}>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

function Card({ flow, graph, node }: CardsTabProps & { readonly node: GraphNode }) {
  const { run, stale } = useTestRun();
  const kind = NODE_KINDS[node.kind];
  const result = run.nodes[node.name];
  return (
    <article className={classes.card} aria-label={`Node ${node.name}`}>
      <header className={classes.head}>
        <span className={classes.kind} style={{ color: kind.color }}>
          <kind.icon size={18} stroke={1.75} aria-hidden />
        </span>
        <h2 className={classes.name}>{node.name}</h2>
        <Text size="xs" c="dimmed">
          {[kind.label, node.connection, node.model].filter(Boolean).join(" · ")}
        </Text>
        <span className={classes.grow} />
        {result && <ResultMeasures result={result} />}
        {stale.has(node.name) && <StaleMark />}
        {result && <StatusBadge status={result.status} />}
        <RunButtons node={node.name} />
      </header>
      <div className={classes.body}>
        <div className={classes.editors}>
          <NodeEditors flow={flow} graph={graph} node={node} Part={Part} />
        </div>
        <div>
          <h3 className={classes.part}>Output of the last run</h3>
          <LastOutput flow={flow} node={node.name} streamed={streamedBy(run, node.name, referencesOf(graph))} />
        </div>
      </div>
    </article>
  );
}

/** The nodes as cards, in the order in which they can run. */
export function CardsTab({ flow, graph }: CardsTabProps) {
  return (
    <Stack gap="sm" maw={1200}>
      {inOrder(graph).map((node) => (
        <Card key={node.name} flow={flow} graph={graph} node={node} />
      ))}
      {graph.nodes.length === 0 && <Text c="dimmed">The flow has no nodes that could be read.</Text>}
    </Stack>
  );
}
