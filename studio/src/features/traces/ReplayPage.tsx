import { Autocomplete, Button, Code, Text } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { callableModels } from "@/api/inference";
import { traces } from "@/api/traces";
import { useRights } from "@/api/useRights";
import { formatDuration, formatNumber } from "@/lib/format";
import { searchOf } from "@/lib/traceSearch";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeEditor } from "@/ui/CodeEditor";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { Section, Split } from "@/ui/Panel";
import { CostOrUnknown } from "./components/CostOrUnknown";
import { MessageEditor } from "./components/MessageEditor";
import classes from "./components/Replay.module.css";
import { type Answer, useReplay } from "./hooks/useReplay";
import { textsOf } from "./logic/pairing";
import { modelFor, readParameters, type Replay, replayOf } from "./logic/replay";
import type { Span, Trace } from "./model";

interface AnswerBoxProps {
  readonly title: string;
  readonly figures: ReactNode;
  readonly children: ReactNode;
}

function AnswerBox({ title, figures, children }: AnswerBoxProps) {
  return (
    <section className={classes.answer} aria-label={title}>
      <div className={classes.head}>{title}</div>
      <div className={classes.figures}>{figures}</div>
      {children}
    </section>
  );
}

function Original({ span }: { readonly span: Span }) {
  const { output } = useMemo(() => textsOf(span), [span]);
  return (
    <AnswerBox
      title="Original answer"
      figures={
        <>
          <span>{span.model}</span>
          <span>{formatDuration(span.duration_ms)}</span>
          {span.completion_tokens != null && (
            <span>
              {formatNumber(span.prompt_tokens ?? 0)} → {formatNumber(span.completion_tokens)} tokens
            </span>
          )}
          <CostOrUnknown trace={{ cost: span.cost ?? null, models: ["called"] }} />
        </>
      }
    >
      <div className={classes.text}>{output.replace(/^assistant:\n/, "") || <Text c="dimmed">No answer was recorded.</Text>}</div>
    </AnswerBox>
  );
}

function NewFigures({ answer, trace, original }: { readonly answer: Answer; readonly trace: Trace | undefined; readonly original: Span }) {
  const workspace = useWorkspace();
  const { result } = answer;
  if (answer.state === "running") return <span>Answering…</span>;
  if (answer.state === "stopped") return <span>Stopped</span>;
  if (!result) return <span>Failed</span>;
  return (
    <>
      <span>{formatDuration(result.totalMs)}</span>
      {result.firstTokenMs !== undefined && <span>first token after {formatDuration(result.firstTokenMs)}</span>}
      {result.completionTokens !== undefined && (
        <span>
          {formatNumber(result.promptTokens ?? 0)} → {formatNumber(result.completionTokens)} tokens
        </span>
      )}
      {trace && <CostOrUnknown trace={trace} />}
      {result.traceId && (
        <>
          <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: result.traceId }} inherit>
            Its trace
          </TextLink>
          {trace && (
            <TextLink to="/w/$workspace/traces/compare" params={{ workspace }} search={{ left: original.trace_id, right: result.traceId } as never} inherit>
              Compare the traces
            </TextLink>
          )}
        </>
      )}
    </>
  );
}

function NewAnswer({ answer, trace, original }: { readonly answer: Answer | null; readonly trace: Trace | undefined; readonly original: Span }) {
  if (!answer)
    return (
      <AnswerBox title="New answer" figures={null}>
        <Text size="sm" c="dimmed">
          Change what you like at the left and run it. It goes through the gateway with your rights, and counts like any call.
        </Text>
      </AnswerBox>
    );
  return (
    <AnswerBox title="New answer" figures={<NewFigures answer={answer} trace={trace} original={original} />}>
      {answer.error !== undefined && <ErrorPanel error={answer.error} />}
      <div className={classes.text} aria-live="polite">
        {answer.text}
      </div>
      {answer.result?.toolCalls?.map((call, index) => (
        <Code block key={index}>
          {call.name} {call.arguments}
        </Code>
      ))}
    </AnswerBox>
  );
}

function Workbench({ span, first, known }: { readonly span: Span; readonly first: Replay; readonly known: readonly string[] }) {
  const workspace = useWorkspace();
  const { invoke } = useRights(workspace);
  const { answer, trace, send, stop } = useReplay(workspace, `${span.trace_id}-${span.span_id}`);
  const [model, setModel] = useState(() => modelFor(first.model, known));
  const [messages, setMessages] = useState(first.messages);
  const [written, setWritten] = useState(() => JSON.stringify(first.parameters, null, 2));
  const parameters = readParameters(written);
  const running = answer?.state === "running";
  const ready = model.trim() !== "" && "value" in parameters && invoke;
  const run = (): void => {
    if (ready && !running) void send({ model: model.trim(), messages, parameters: parameters.value });
  };
  const away = first.model !== "" && modelFor(first.model, known) === "" ? `It ran on ${first.model}, which cannot be called by this name here.` : null;
  return (
    <>
      <PageHeader
        title="Replay a call"
        parent={{ label: span.name, target: linkOptions({ to: "/w/$workspace/traces/$traceId", params: { workspace, traceId: span.trace_id }, search: { span: span.span_id } as never }) }}
        meta={
          <>
            <span>The same call with another prompt, model or parameters. The original stays as it is.</span>
            <TextLink to="/w/$workspace/traces" params={{ workspace }} search={{ q: searchOf("attr.flowyard.replay.span_id", span.span_id) } as never} inherit>
              Earlier replays
            </TextLink>
          </>
        }
      >
        {running ? (
          <Button color="gray" leftSection={<IconPlayerStop size={16} />} onClick={stop}>
            Stop
          </Button>
        ) : (
          <GuardedButton leftSection={<IconPlayerPlay size={16} />} off={!invoke ? "Your role does not let you call models." : model.trim() === "" ? "Choose a model first." : "value" in parameters ? null : "Its parameters cannot be read."} onClick={run}>
            Run
          </GuardedButton>
        )}
      </PageHeader>
      <div style={{ flex: 1, minHeight: 0 }}>
        <Split
          label="Answers"
          width="46%"
          main={
            <div className={classes.work}>
              <Autocomplete label="Model" description={away ?? "A model of the catalog, <connection>/<model>, or endpoint:<name>."} data={[...known]} value={model} onChange={setModel} />
              <Section title="Messages">
                <MessageEditor messages={messages} onChange={setMessages} />
              </Section>
              <Section title="Parameters">
                <div className={classes.parameters}>
                  <CodeEditor value={written} path="parameters.json" label="Parameters" wrap onChange={setWritten} onRun={run} />
                </div>
                {"problem" in parameters && (
                  <Text size="xs" c="var(--fy-bad)" role="alert">
                    {parameters.problem}
                  </Text>
                )}
              </Section>
            </div>
          }
          side={
            <div className={classes.answers}>
              <Original span={span} />
              <NewAnswer answer={answer} trace={trace} original={span} />
            </div>
          }
        />
      </div>
    </>
  );
}

/** A call of a model, sent again with what one changes. */
export function ReplayPage() {
  const workspace = useWorkspace();
  const [traceId] = useUrlState("trace");
  const [spanId] = useUrlState("span");
  const detail = useQuery(traces.get(workspace, traceId));
  const { invoke } = useRights(workspace);
  const known = useQuery({ ...callableModels(workspace), enabled: invoke });
  return (
    <Page fill>
      <Loaded query={detail}>
        {({ spans }) => {
          const span = spans.find((each) => each.span_id === spanId);
          const first = span ? replayOf(span) : null;
          if (!span || !first)
            return (
              <>
                <PageHeader title="Replay a call" parent={{ label: "Trace", target: linkOptions({ to: "/w/$workspace/traces/$traceId", params: { workspace, traceId } }) }} />
                <ErrorPanel error={{ code: "NothingToReplay", title: "This is no call that can be replayed", status: 404, detail: "The span is not in this trace, or it recorded no messages.", remedy: "Open the trace, choose a call of a model, and take Replay there." }} />
              </>
            );
          // Who may not call models sees what was sent, and why it cannot be sent again.
          if (!invoke) return <Workbench key={spanId} span={span} first={first} known={[]} />;
          return <Loaded query={known}>{(models) => <Workbench key={spanId} span={span} first={first} known={models} />}</Loaded>;
        }}
      </Loaded>
    </Page>
  );
}
