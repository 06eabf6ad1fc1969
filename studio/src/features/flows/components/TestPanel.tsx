import { ActionIcon, Button, Text, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconPlayerPlay, IconPlayerStop, IconRestore } from "@tabler/icons-react";
import { useMemo } from "react";
import { formatDuration } from "@/lib/format";
import { GuardedButton } from "@/ui/GuardedButton";
import { InputsForm } from "@/ui/inputs/InputsForm";
import { Panel, Section } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import { useTestRun } from "../hooks/useFlowRun";
import { fieldOf } from "../logic/inputs";
import { INPUTS_NODE } from "../logic/layout";
import { shownOutputs, type TestRun } from "../logic/testRun";
import type { FlowGraph } from "../model";
import { FlowEnds } from "./editors/FlowEnds";
import { NodeProblem } from "./NodeOutcome";
import { TraceLink } from "./TraceLink";

interface TestPanelProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  /** The end of the flow that was clicked in the graph; its section is shown first. */
  readonly focus: string | null;
  readonly onSelectNode: (node: string) => void;
}

function RunState({ run }: { readonly run: TestRun }) {
  if (run.phase === "idle") return null;
  return <StatusBadge status={run.phase} tone={run.phase === "stopped" ? "off" : undefined} />;
}

function FailedNodes({ run, onSelectNode }: Pick<TestPanelProps, "onSelectNode"> & { readonly run: TestRun }) {
  const failed = Object.values(run.nodes).filter((node) => node.status === "failed");
  return failed.map((node) => (
    <Button
      key={node.node}
      size="compact-sm"
      variant="default"
      onClick={() => {
        onSelectNode(node.node);
      }}
    >
      Show node {node.node}
    </Button>
  ));
}

/** What a run is at, in words, while nothing has come out yet. */
function waitingFor(run: TestRun): string {
  if (run.traceId === null) return "Starting the flow's process.";
  const running = Object.values(run.nodes).filter((node) => node.status === "running");
  return running.length > 0 ? `Running ${running.map((node) => node.node).join(", ")}.` : "Waiting for the first node.";
}

function Outcome({ flow, run, onSelectNode }: Pick<TestPanelProps, "flow" | "onSelectNode"> & { readonly run: TestRun }) {
  const outputs = Object.entries(shownOutputs(run));
  const nothing = run.phase === "running" ? waitingFor(run) : "No outputs.";
  if (run.phase === "idle") return null;
  return (
    <Section
      title={run.part === null ? "Outputs" : run.part.onward ? `Outputs, run from ${run.part.node} on` : `Output of ${run.part.node}, run alone`}
      aside={
        <Text size="xs" c="dimmed" className="fy-num" aria-live="polite">
          {run.durationMs === null ? null : `${formatDuration(run.durationMs)} · `}
          <TraceLink traceId={run.traceId} />
        </Text>
      }
    >
      {run.error && (
        <NodeProblem flow={flow} problem={run.error}>
          <FailedNodes run={run} onSelectNode={onSelectNode} />
        </NodeProblem>
      )}
      {outputs.map(([name, value]) => (
        <div key={name}>
          <Text size="xs" c="dimmed" mb={4}>
            {name}
          </Text>
          <ValueView value={value} label={`Copy ${name}`} />
        </div>
      ))}
      {outputs.length === 0 && run.error === null && (
        <Text size="sm" c="dimmed">
          {nothing}
        </Text>
      )}
      {run.metrics && (
        <div>
          <Text size="xs" c="dimmed" mb={4}>
            Metrics
          </Text>
          <ValueView value={run.metrics} label="Copy the metrics" />
        </div>
      )}
      {run.warnings.map((warning) => (
        <Text key={warning} size="sm" c="var(--mantine-color-yellow-light-color)">
          {warning}
        </Text>
      ))}
    </Section>
  );
}

/** Inputs, Run and Stop, and what came out, beside the graph. */
export function TestPanel({ flow, graph, focus, onSelectNode }: TestPanelProps) {
  const fields = useMemo(() => graph.inputs.map(fieldOf), [graph.inputs]);
  const { run, inputs, off, start, stop } = useTestRun();
  const running = run.phase === "running";
  const begin = (): void => {
    if (!running) start(null);
  };
  useHotkeys([["mod+Enter", begin]], []);
  const form = (
    <Section
      title="Inputs"
      aside={
        <Tooltip label="Back to the defaults">
          <ActionIcon aria-label="Back to the defaults" onClick={inputs.reset}>
            <IconRestore size={15} />
          </ActionIcon>
        </Tooltip>
      }
    >
      <InputsForm fields={fields} draft={inputs.draft} errors={inputs.errors} disabled={running} onChange={inputs.set} />
    </Section>
  );
  const outcome = <Outcome flow={flow} run={run} onSelectNode={onSelectNode} />;
  return (
    <Panel
      head={
        <>
          <Text fw={600} flex={1}>
            Test run
          </Text>
          <RunState run={run} />
          {running ? (
            <Button size="compact-md" variant="default" leftSection={<IconPlayerStop size={15} />} onClick={stop}>
              Stop
            </Button>
          ) : (
            <GuardedButton
              size="compact-md"
              leftSection={<IconPlayerPlay size={15} />}
              off={off}
              aria-keyshortcuts="Control+Enter Meta+Enter"
              {...(off === null ? { title: "Control or Command and Enter" } : {})}
              onClick={begin}
            >
              Run
            </GuardedButton>
          )}
        </>
      }
    >
      {focus === "outputs" ? outcome : form}
      {focus === "outputs" ? form : outcome}
      {focus !== null && (
        <Section title={focus === INPUTS_NODE ? "Inputs of the flow" : "Outputs of the flow"}>
          <FlowEnds end={focus === INPUTS_NODE ? "inputs" : "outputs"} graph={graph} />
        </Section>
      )}
    </Panel>
  );
}
