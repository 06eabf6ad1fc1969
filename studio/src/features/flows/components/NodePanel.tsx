import { CloseButton, Text } from "@mantine/core";
import { readProblem } from "@/api/problem";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Duration, Num } from "@/ui/figures";
import { KeyValue } from "@/ui/KeyValue";
import { Panel, Section } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import { withRemedy } from "../logic/remedies";
import type { TestRun } from "../logic/testRun";
import type { Finding, FlowGraph, GraphNode, NodeResult } from "../model";
import { FileLink, PlaceLink } from "./FileLink";
import { FindingRow } from "./FindingRow";
import { useFlow } from "../hooks/useFlowDocument";
import { NodeMenu } from "./NodeDialogs";
import { isOwnNode, NodeEditors } from "./editors/NodeEditors";
import { NODE_KINDS } from "@/ui/nodeKinds";

interface NodePanelProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly node: GraphNode;
  readonly run: TestRun;
  readonly onClose: () => void;
  /** Goes to a node: the one that has another name now, or a copy. */
  readonly onGo: (name: string) => void;
}

function Facts({ flow, node, graph }: { readonly flow: string; readonly node: GraphNode; readonly graph: FlowGraph }) {
  const feeds = graph.edges.filter((edge) => edge.source === node.name).map((edge) => edge.target);
  return (
    <KeyValue
      entries={[
        ["Kind", NODE_KINDS[node.kind].label],
        ["Tool", node.tool],
        ["Source", node.source && <FileLink flow={flow} path={node.source} />],
        ["Feeds", feeds.length > 0 && [...new Set(feeds)].join(", ")],
      ]}
    />
  );
}

function savedTokens(result: NodeResult): number {
  return (result.saved_prompt_tokens ?? 0) + (result.saved_completion_tokens ?? 0);
}

function ResultFacts({ result }: { readonly result: NodeResult }) {
  return (
    <KeyValue
      entries={[
        ["Status", <StatusBadge key="status" status={result.status} bare />],
        ["Duration", result.duration_ms != null && <Duration value={result.duration_ms} />],
        ["Prompt tokens", result.prompt_tokens != null && <Num value={result.prompt_tokens} />],
        ["Completion tokens", result.completion_tokens != null && <Num value={result.completion_tokens} />],
        ["Kept result", result.cached && "yes: this call cost nothing"],
        ["Saved tokens", savedTokens(result) > 0 && <Num value={savedTokens(result)} />],
        ["Failed attempts", result.attempts && result.attempts.length > 0 && result.attempts.map((attempt) => attempt.code).join(", ")],
      ]}
    />
  );
}

function Result({ flow, result }: { readonly flow: string; readonly result: NodeResult }) {
  const problem = readProblem(result.error);
  return (
    <>
      <Section title="Last run">
        <ResultFacts result={result} />
        {problem && (
          <ErrorPanel error={withRemedy(problem)}>
            <PlaceLink flow={flow} problem={problem} />
          </ErrorPanel>
        )}
      </Section>
      {result.status === "completed" && (
        <Section title="Output">
          <ValueView value={result.output} label="Copy output" />
        </Section>
      )}
      {result.inputs && Object.keys(result.inputs).length > 0 && (
        <Section title="Inputs as they came">
          <ValueView value={result.inputs} label="Copy inputs" />
        </Section>
      )}
      {result.logs && (
        <Section title="Logs">
          <CodeBlock code={result.logs} label="Copy logs" wrap maxHeight={240} />
        </Section>
      )}
    </>
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
export function NodePanel({ flow, graph, node, run, onClose, onGo }: NodePanelProps) {
  const document = useFlow();
  const kind = NODE_KINDS[node.kind];
  const result = run.nodes[node.name];
  return (
    <Panel
      head={
        <>
          <kind.icon size={18} stroke={1.75} color={kind.color} aria-hidden />
          <Text fw={600} flex={1} className="fy-truncate" title={node.name}>
            {node.name}
          </Text>
          {result && <StatusBadge status={result.status} />}
          {isOwnNode(document.yaml, node.name) && <NodeMenu graph={graph} node={node} onRenamed={onGo} onDeleted={onClose} />}
          <CloseButton aria-label="Back to the test run" onClick={onClose} />
        </>
      }
    >
      <Findings flow={flow} findings={graph.findings.filter((finding) => finding.node === node.name)} />
      {result && <Result flow={flow} result={result} />}
      <Section title="Definition">
        <Facts flow={flow} node={node} graph={graph} />
      </Section>
      <NodeEditors key={node.name} flow={flow} graph={graph} node={node} Part={Section} />
    </Panel>
  );
}
