import { Stack, Text } from "@mantine/core";
import type { ComponentProps } from "react";
import { StatusBadge } from "@/ui/StatusBadge";
import { useSeen } from "../hooks/useSeen";
import { useTestRun } from "../hooks/useFlowRun";
import type { End } from "../logic/edits/ends";
import { inOrder } from "../logic/order";
import { referencesOf } from "../logic/outputs";
import { streamedBy } from "../logic/testRun";
import type { FlowGraph, GraphNode } from "../model";
import classes from "./CardsTab.module.css";
import { IO_ICON, NODE_KINDS } from "@/ui/nodeKinds";
import { FlowEnds } from "./editors/FlowEnds";
import { type EditorPart, NodeEditors } from "./editors/NodeEditors";
import { LastOutput, ResultMeasures } from "./NodeOutcome";
import { RunButtons } from "./RunButtons";
import { StaleMark } from "./StaleMark";
import { VariantScope } from "./variants/VariantScope";

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
  const { box, seen } = useSeen();
  return (
    <article {...box} className={classes.card} aria-label={`Node ${node.name}`}>
      <header className={classes.head}>
        <span className={classes.kind} style={{ color: kind.color }}>
          <kind.icon size={18} stroke={1.75} aria-hidden />
        </span>
        <h2 className={classes.name}>{node.name}</h2>
        <Text size="xs" c="dimmed">
          {[kind.label, node.connection, node.model, node.variant && `${node.variant}, 1 of ${String(node.variants?.length ?? 0)} variants`].filter(Boolean).join(" · ")}
        </Text>
        <span className={classes.grow} />
        {result && <ResultMeasures result={result} />}
        {stale.has(node.name) && <StaleMark />}
        {result && <StatusBadge status={result.status} />}
        {seen && <RunButtons node={node.name} />}
      </header>
      {seen ? (
        <div className={classes.body}>
          <div className={classes.editors}>
            <VariantScope graph={graph} node={node} Part={Part}>
            {(shown) => <NodeEditors flow={flow} {...shown} Part={Part} />}
          </VariantScope>
          </div>
          <div>
            <h3 className={classes.part}>Output of the last run</h3>
            <LastOutput flow={flow} node={node.name} streamed={streamedBy(run, node.name, referencesOf(graph))} />
          </div>
        </div>
      ) : (
        <div className={classes.unseen} />
      )}
    </article>
  );
}

function EndCard({ end, graph }: { readonly end: End; readonly graph: FlowGraph }) {
  const name = end === "inputs" ? "Inputs" : "Outputs";
  return (
    <article className={classes.card} aria-label={`${name} of the flow`}>
      <header className={classes.head}>
        <IO_ICON size={18} stroke={1.75} aria-hidden />
        <h2 className={classes.name}>{name}</h2>
      </header>
      <div className={classes.ends}>
        <FlowEnds end={end} graph={graph} />
      </div>
    </article>
  );
}

/** What comes in, the nodes, and what goes out as cards, the nodes in the order in which they can run. */
export function CardsTab({ flow, graph }: CardsTabProps) {
  return (
    <Stack gap="sm" maw={1200}>
      <EndCard end="inputs" graph={graph} />
      {inOrder(graph).map((node) => (
        <Card key={node.name} flow={flow} graph={graph} node={node} />
      ))}
      {graph.nodes.length === 0 && <Text c="dimmed">The flow has no nodes that could be read.</Text>}
      <EndCard end="outputs" graph={graph} />
    </Stack>
  );
}
