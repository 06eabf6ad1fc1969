import { CloseButton, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Panel, Section } from "@/ui/Panel";
import { referencesOf } from "../logic/outputs";
import { streamedBy } from "../logic/testRun";
import type { Finding, FlowGraph, GraphNode } from "../model";
import { FindingRow } from "./FindingRow";
import { useFlow } from "../hooks/useFlowDocument";
import { useTestRun } from "../hooks/useFlowRun";
import { DotsMenu, type GraphActions, NodeItems } from "./GraphMenu";
import { NodeOutcome } from "./NodeOutcome";
import { RunButtons } from "./RunButtons";
import { hasNode, NodeEditors } from "./editors/NodeEditors";
import { VariantScope } from "./variants/VariantScope";
import { NODE_KINDS } from "@/ui/nodeKinds";

interface NodePanelProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly node: GraphNode;
  readonly onClose: () => void;
  readonly actions: GraphActions;
}

/** What the node is, and which ones use what it gives, in one line: its editors have the rest. */
function Facts({ node, graph }: { readonly node: GraphNode; readonly graph: FlowGraph }) {
  const feeds = [...new Set(graph.edges.filter((edge) => edge.source === node.name).map((edge) => edge.target))];
  const facts = [NODE_KINDS[node.kind].label, node.tool, feeds.length > 0 && `feeds ${feeds.join(", ")}`].filter(Boolean).join(" · ");
  return (
    <Text size="xs" c="dimmed" className="fy-truncate" title={facts}>
      {facts}
    </Text>
  );
}

function Findings({ flow, findings }: { readonly flow: string; readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <Section title="Findings">
      {findings.map((finding) => (
        <FindingRow key={`${finding.code} ${finding.file ?? ""} ${finding.line ?? 0} ${finding.message}`} flow={flow} finding={finding} />
      ))}
    </Section>
  );
}

/** A node: what its file says, and what it did in the last run. */
export function NodePanel({ flow, graph, node, actions, onClose }: NodePanelProps) {
  const document = useFlow();
  const { run, hasParts, start } = useTestRun();
  const kind = NODE_KINDS[node.kind];
  useHotkeys([["mod+Enter", () => { if (hasParts && run.phase !== "running") start({ node: node.name, onward: false }); }]], [], true);
  return (
    <Panel
      head={
        <>
          <kind.icon size={18} stroke={1.75} color={kind.color} aria-hidden />
          <Text fw={600} flex={1} className="fy-truncate" title={node.name}>
            {node.name}
          </Text>
          <RunButtons node={node.name} isNarrow />
          {hasNode(document.yaml, node.name) && (
            <DotsMenu label={`Change node ${node.name}`}>
              <NodeItems actions={actions} node={node.name} />
            </DotsMenu>
          )}
          <CloseButton aria-label="Back to the test run" onClick={onClose} />
        </>
      }
    >
      <Facts node={node} graph={graph} />
      <Findings flow={flow} findings={graph.findings.filter((finding) => finding.node === node.name)} />
      <NodeOutcome flow={flow} node={node.name} streamed={streamedBy(run, node.name, referencesOf(graph))} />
      <VariantScope key={node.name} graph={graph} node={node} Part={Section}>
        {(shown) => <NodeEditors key={node.name} flow={flow} {...shown} Part={Section} />}
      </VariantScope>
    </Panel>
  );
}
