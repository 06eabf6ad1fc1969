import { ActionIcon, Button, Text, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconPlayerPlay, IconPlayerStop, IconRestore } from "@tabler/icons-react";
import { useMemo } from "react";
import { useRights } from "@/api/useRights";
import { formatDuration } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { InputsForm } from "@/ui/inputs/InputsForm";
import { TextLink } from "@/ui/links";
import { Panel, Section } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import type { FlowTester } from "../hooks/useFlowTest";
import { useInputsDraft } from "../hooks/useInputsDraft";
import { fieldOf } from "../logic/inputs";
import { withRemedy } from "../logic/remedies";
import { shownOutputs, type TestRun } from "../logic/testRun";
import type { FlowGraph } from "../model";
import { PlaceLink } from "./FileLink";

interface TestPanelProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly tester: FlowTester;
  /** The end of the flow that was clicked in the graph; its section is shown first. */
  readonly focus: string | null;
  readonly onSelectNode: (node: string) => void;
}

/** A link to the trace of a run. */
export function TraceLink({ traceId }: { readonly traceId: string | null }) {
  const workspace = useWorkspace();
  if (traceId === null) return null;
  return (
    <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId }} size="sm">
      Trace
    </TextLink>
  );
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
      title="Outputs"
      aside={
        <Text size="xs" c="dimmed" className="fy-num" aria-live="polite">
          {run.durationMs === null ? null : `${formatDuration(run.durationMs)} · `}
          <TraceLink traceId={run.traceId} />
        </Text>
      }
    >
      {run.error && (
        <ErrorPanel error={withRemedy(run.error)}>
          <PlaceLink flow={flow} problem={run.error} />
          <FailedNodes run={run} onSelectNode={onSelectNode} />
        </ErrorPanel>
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
    </Section>
  );
}

/** Inputs, Run and Stop, and what came out, beside the graph. */
export function TestPanel({ flow, graph, tester, focus, onSelectNode }: TestPanelProps) {
  const workspace = useWorkspace();
  const fields = useMemo(() => graph.inputs.map(fieldOf), [graph.inputs]);
  const inputs = useInputsDraft(`flowyard-test/${workspace}/${flow}`, fields);
  const { run, start, stop } = tester;
  const { write } = useRights(workspace);
  const running = run.phase === "running";
  const begin = (): void => {
    const values = write && !running ? inputs.read() : null;
    if (values) start(values);
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
            <Button
              size="compact-md"
              leftSection={<IconPlayerPlay size={15} />}
              disabled={!write}
              aria-keyshortcuts="Control+Enter Meta+Enter"
              title={write ? "Control or Command and Enter" : "Your role may look at flows, not run them"}
              onClick={begin}
            >
              Run
            </Button>
          )}
        </>
      }
    >
      {focus === "outputs" ? outcome : form}
      {focus === "outputs" ? form : outcome}
    </Panel>
  );
}
