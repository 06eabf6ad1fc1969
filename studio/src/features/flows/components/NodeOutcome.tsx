import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { readProblem } from "@/api/problem";
import { formatNumber } from "@/lib/format";
import { CodeBlock } from "@/ui/CodeBlock";
import { Conversation } from "@/ui/conversation/Conversation";
import { readConversation } from "@/ui/conversation/messages";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Duration, Num } from "@/ui/figures";
import { KeyValue } from "@/ui/KeyValue";
import { Section } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { ValueView } from "@/ui/ValueView";
import { useTestRun } from "../hooks/useFlowRun";
import { withRemedy } from "../logic/remedies";
import type { TestRun } from "../logic/testRun";
import type { ModelExchange, NodeResult, Problem } from "../model";
import { PlaceLink } from "./FileLink";
import { StaleMark } from "./StaleMark";
import { TraceLink } from "./TraceLink";

function savedTokens(result: NodeResult): number {
  return (result.saved_prompt_tokens ?? 0) + (result.saved_completion_tokens ?? 0);
}

function ResultFacts({ result }: { readonly result: NodeResult }) {
  return (
    <KeyValue
      entries={[
        ["Duration", result.duration_ms != null && result.status !== "bypassed" && <Duration value={result.duration_ms} />],
        ["Prompt tokens", result.prompt_tokens != null && <Num value={result.prompt_tokens} />],
        ["Completion tokens", result.completion_tokens != null && <Num value={result.completion_tokens} />],
        ["Kept result", result.cached && "yes: this call cost nothing"],
        ["Saved tokens", savedTokens(result) > 0 && <Num value={savedTokens(result)} />],
        ["Failed attempts", result.attempts && result.attempts.length > 0 && result.attempts.map((attempt) => attempt.code).join(", ")],
      ]}
    />
  );
}

/** What failed, with the line of the user's code that it failed in. */
export function NodeProblem({ flow, problem, children }: { readonly flow: string; readonly problem: Problem; readonly children?: ReactNode }) {
  const { run, start } = useTestRun();
  const line = problem.extra?.source_line;
  return (
    <>
      <ErrorPanel error={withRemedy(problem)}>
        <PlaceLink flow={flow} problem={problem} />
        {problem.code === "NodeOutputMissing" && (
          <Button size="compact-sm" variant="default" leftSection={<IconPlayerPlay size={14} />} onClick={() => { start(null); }}>
            Run the whole flow
          </Button>
        )}
        {problem.code === "SessionDied" && (
          <Button size="compact-sm" variant="default" leftSection={<IconPlayerPlay size={14} />} onClick={() => { start(run.part); }}>
            Run again
          </Button>
        )}
        {children}
      </ErrorPanel>
      {typeof line === "string" && <CodeBlock code={line} label="Copy the line" wrap />}
    </>
  );
}

function Nothing({ children }: { readonly children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}

interface GivenProps {
  readonly flow: string;
  readonly result: NodeResult;
  readonly streamed: string | null;
  readonly maxHeight?: number;
}

function Given({ flow, result, streamed, maxHeight = 360 }: GivenProps) {
  const problem = readProblem(result.error);
  return (
    <>
      {problem && <NodeProblem flow={flow} problem={problem} />}
      {result.status === "completed" && <ValueView value={result.output} label={`Copy the output of ${result.node}`} maxHeight={maxHeight} />}
      {result.status === "running" && (streamed === null ? <Nothing>It runs: nothing has come yet.</Nothing> : <ValueView value={streamed} label={`Copy the output of ${result.node}`} maxHeight={maxHeight} />)}
      {result.status === "bypassed" && <Nothing>It was bypassed: its condition, or what feeds it, said so.</Nothing>}
      {result.status === "canceled" && <Nothing>It was stopped before it gave anything.</Nothing>}
    </>
  );
}

function Output({ flow, result, streamed }: GivenProps) {
  return (
    <Stack gap="sm">
      <Given flow={flow} result={result} streamed={streamed} />
      {result.logs && <CodeBlock code={result.logs} label="Copy what it printed" wrap maxHeight={240} />}
      <ResultFacts result={result} />
    </Stack>
  );
}

/** Time and tokens of a result, in a few words. */
export function ResultMeasures({ result }: { readonly result: NodeResult }) {
  const tokens = (result.prompt_tokens ?? 0) + (result.completion_tokens ?? 0);
  return (
    <Group gap={8} wrap="nowrap">
      {result.duration_ms != null && result.status !== "bypassed" && <Duration value={result.duration_ms} fz={12} c="dimmed" />}
      {tokens > 0 && (
        <Text size="xs" c="dimmed" className="fy-num">
          {formatNumber(tokens)} tokens
        </Text>
      )}
    </Group>
  );
}

/** What a node gave when it ran last, or why it gave nothing. */
export function LastOutput({ flow, node, streamed }: { readonly flow: string; readonly node: string; readonly streamed: string | null }) {
  const { run } = useTestRun();
  const result = run.nodes[node];
  const refused = refusalOf(run, node);
  if (refused) return <NodeProblem flow={flow} problem={refused} />;
  return result ? <Given flow={flow} result={result} streamed={streamed} maxHeight={200} /> : <Nothing>Not run yet.</Nothing>;
}

/** Why a run of a part that began at `node` could not begin, or what broke it off while the node ran. */
function refusalOf(run: TestRun, node: string): Problem | null {
  const isRefused = run.part?.node === node && run.traceId === null;
  return isRefused || (run.phase === "failed" && run.nodes[node]?.status === "canceled") ? run.error : null;
}

function promptOf({ request, response }: ModelExchange) {
  return readConversation({ "gen_ai.input.messages": request.messages ?? request.prompt, "gen_ai.output.messages": response?.choices });
}

/** The last prompt as it went to the model, by role, and the answer; a prompt node's text. */
function Prompt({ result }: { readonly result: NodeResult }) {
  const last = result.exchanges?.at(-1);
  const messages = last ? promptOf(last) : null;
  if (messages) return <Conversation messages={messages} />;
  return result.kind === "prompt" && result.status === "completed" ? <ValueView value={result.output} label="Copy the prompt" /> : <Nothing>No prompt was rendered.</Nothing>;
}

function Exchange({ exchange, title }: { readonly exchange: ModelExchange; readonly title: string | null }) {
  return (
    <Stack gap={6}>
      {title !== null && (
        <Text size="sm" fw={600}>
          {title}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        Request
      </Text>
      <ValueView value={exchange.request} label="Copy the request" />
      <Group gap={8}>
        <Text size="xs" c="dimmed">
          {exchange.streamed ? "Response, put together from its pieces" : "Response"}
        </Text>
        {exchange.duration_ms != null && <Duration value={exchange.duration_ms} fz={12} c="dimmed" />}
      </Group>
      {exchange.response ? <ValueView value={exchange.response} label="Copy the response" /> : <Nothing>None came.</Nothing>}
    </Stack>
  );
}

function tabsOf(flow: string, result: NodeResult, streamed: string | null): UrlTab[] {
  const exchanges = result.exchanges ?? [];
  const hasInputs = result.inputs && Object.keys(result.inputs).length > 0;
  return [
    { value: "output", label: "Output", content: () => <Output flow={flow} result={result} streamed={streamed} /> },
    ...(hasInputs ? [{ value: "inputs", label: "Inputs", content: () => <ValueView value={result.inputs} label="Copy inputs" /> }] : []),
    ...(exchanges.length > 0 || result.kind === "prompt" ? [{ value: "prompt", label: "Prompt", content: () => <Prompt result={result} /> }] : []),
    ...(exchanges.length > 0
      ? [
          {
            value: "request",
            label: "Request",
            content: () => (
              <Stack gap="md">
                {exchanges.map((exchange, index) => (
                  <Exchange key={index} exchange={exchange} title={exchanges.length > 1 ? `Call ${String(index + 1)}` : null} />
                ))}
              </Stack>
            ),
          },
        ]
      : []),
  ];
}

/** What a node did when it ran last: its output, inputs, prompt, and what was sent to the model. */
export function NodeOutcome({ flow, node, streamed }: { readonly flow: string; readonly node: string; readonly streamed: string | null }) {
  const { run, stale } = useTestRun();
  const result = run.nodes[node];
  const refused = refusalOf(run, node);
  if (!result && refused === null) return null;
  return (
    <Section
      title="Last run"
      aside={
        <Group gap={8}>
          {result && <StatusBadge status={result.status} />}
          {stale.has(node) && <StaleMark />}
          {run.chosen.includes(node) && <TraceLink traceId={run.traceId} />}
        </Group>
      }
    >
      {refused && <NodeProblem flow={flow} problem={refused} />}
      {result && <UrlTabs name="view" tabs={tabsOf(flow, result, streamed)} />}
    </Section>
  );
}
