import { Accordion, Text } from "@mantine/core";
import { readProblem } from "@/api/problem";
import { formatDuration, formatNumber } from "@/lib/format";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { KeyValue } from "@/ui/KeyValue";
import { NODE_KINDS } from "@/ui/nodeKinds";
import { Section } from "@/ui/Panel";
import { StatusBadge, StatusIcon, toneOf } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import type { NodeResult } from "../model";
import classes from "./NodeList.module.css";

function tokensText(node: NodeResult): string | false {
  const tokens = (node.prompt_tokens ?? 0) + (node.completion_tokens ?? 0);
  return tokens > 0 && `${formatNumber(node.prompt_tokens ?? 0)} → ${formatNumber(node.completion_tokens ?? 0)}`;
}

function Attempts({ node }: { readonly node: NodeResult }) {
  const attempts = node.attempts ?? [];
  if (attempts.length === 0) return null;
  return (
    <Section title={`Failed attempts before (${formatNumber(attempts.length)})`}>
      <KeyValue entries={attempts.map((attempt, index) => [`${index + 1}. ${formatDuration(attempt.duration_ms)}`, `${attempt.code}: ${attempt.detail}`])} />
    </Section>
  );
}

function NodeBody({ node }: { readonly node: NodeResult }) {
  const problem = readProblem(node.error);
  const saved = (node.saved_prompt_tokens ?? 0) + (node.saved_completion_tokens ?? 0);
  return (
    <div className={classes.body}>
      {problem && <ErrorPanel error={problem} />}
      <KeyValue
        entries={[
          ["Status", <StatusBadge key="status" status={node.status} bare />],
          ["Tokens", tokensText(node)],
          ["Kept result", node.cached && (saved > 0 ? `from the cache, ${formatNumber(saved)} tokens saved` : "from the cache")],
        ]}
      />
      <Attempts node={node} />
      {node.inputs && Object.keys(node.inputs).length > 0 && (
        <Section title="Inputs">
          <ValueView value={node.inputs} label={`Copy inputs of ${node.node}`} maxHeight={220} />
        </Section>
      )}
      {node.status === "completed" && (
        <Section title="Output">
          <ValueView value={node.output} label={`Copy output of ${node.node}`} maxHeight={220} />
        </Section>
      )}
      {node.logs && (
        <Section title="Logs">
          <CodeBlock code={node.logs} label={`Copy logs of ${node.node}`} wrap maxHeight={200} />
        </Section>
      )}
    </div>
  );
}

/** What each node did on a row, in the order in which they ran; those that failed stand open. */
export function NodeList({ nodes }: { readonly nodes: readonly NodeResult[] }) {
  if (nodes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No node ran.
      </Text>
    );
  const failed = nodes.filter((node) => node.status === "failed").map((node) => node.node);
  return (
    <Accordion multiple variant="contained" chevronSize={14} defaultValue={failed} key={failed.join(" ")} transitionDuration={0}>
      {nodes.map((node) => {
        const kind = NODE_KINDS[node.kind];
        return (
          <Accordion.Item key={node.node} value={node.node}>
            <Accordion.Control py={0} px={10}>
              <span className={classes.control}>
                <kind.icon size={16} stroke={1.75} color={kind.color} aria-label={kind.label} />
                <span className={`${classes.name} fy-truncate`}>{node.node}</span>
                {node.cached && <span className={classes.side}>kept</span>}
                {node.duration_ms != null && <span className={classes.side}>{formatDuration(node.duration_ms)}</span>}
                <StatusIcon tone={toneOf(node.status)} />
              </span>
            </Accordion.Control>
            <Accordion.Panel>
              <NodeBody node={node} />
            </Accordion.Panel>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}
