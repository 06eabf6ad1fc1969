import { Stack, Text } from "@mantine/core";
import type { ComponentProps } from "react";
import { Duration } from "@/ui/figures";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import { inOrder } from "../logic/order";
import type { TestRun } from "../logic/testRun";
import type { FlowGraph, GraphNode } from "../model";
import classes from "./CardsTab.module.css";
import { NODE_KINDS } from "@/ui/nodeKinds";
import { type EditorPart, NodeEditors } from "./editors/NodeEditors";

interface CardsTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly run: TestRun;
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

function Card({ flow, graph, node, run }: CardsTabProps & { readonly node: GraphNode }) {
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
        {result?.duration_ms != null && <Duration value={result.duration_ms} fz={12} c="dimmed" />}
        {result && <StatusBadge status={result.status} />}
      </header>
      <div className={classes.body}>
        <div className={classes.editors}>
          <NodeEditors flow={flow} graph={graph} node={node} Part={Part} />
        </div>
        <div>
          <h3 className={classes.part}>Output of the last run</h3>
          {result?.status === "completed" ? (
            <ValueView value={result.output} label={`Copy the output of ${node.name}`} maxHeight={160} />
          ) : (
            <Text size="sm" c="dimmed">
              {result ? "None." : "Not run yet."}
            </Text>
          )}
        </div>
      </div>
    </article>
  );
}

/** The nodes as cards, in the order in which they can run. */
export function CardsTab({ flow, graph, run }: CardsTabProps) {
  return (
    <Stack gap="sm" maw={1200}>
      {inOrder(graph).map((node) => (
        <Card key={node.name} flow={flow} graph={graph} node={node} run={run} />
      ))}
      {graph.nodes.length === 0 && <Text c="dimmed">The flow has no nodes that could be read.</Text>}
    </Stack>
  );
}
