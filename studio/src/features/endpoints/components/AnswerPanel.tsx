import { Text } from "@mantine/core";
import { formatDuration } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { TextLink } from "@/ui/links";
import { Panel, Section } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import type { Caller } from "../hooks/useCall";
import { type Answer, answerText } from "../logic/answer";
import classes from "./TestTab.module.css";

function Facts({ answer }: { readonly answer: Answer }) {
  const workspace = useWorkspace();
  return (
    <div className={classes.facts}>
      {answer.deployment && <span>deployment {answer.deployment}</span>}
      {answer.streamed && answer.firstMs !== null && <span>first byte {formatDuration(answer.firstMs)}</span>}
      {answer.totalMs !== null && <span>total {formatDuration(answer.totalMs)}</span>}
      {answer.traceId !== null && (
        <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: answer.traceId }} inherit>
          Trace
        </TextLink>
      )}
    </div>
  );
}

function Body({ answer }: { readonly answer: Answer }) {
  const { body } = answer;
  const text = answerText(body);
  if (text !== undefined) {
    return (
      <>
        <Section title="Text">
          <div className={classes.text}>{text}</div>
        </Section>
        <Section title="JSON">
          <ValueView value={body} label="Copy answer" maxHeight={420} />
        </Section>
      </>
    );
  }
  if (typeof body === "object" && body !== null && !Array.isArray(body)) {
    return Object.entries(body as Record<string, unknown>).map(([name, value]) => (
      <Section key={name} title={name}>
        <ValueView value={value} label={`Copy ${name}`} maxHeight={420} />
      </Section>
    ));
  }
  return body === undefined ? null : <ValueView value={body} label="Copy answer" maxHeight={420} />;
}

function State({ caller }: { readonly caller: Caller }) {
  if (caller.busy) return <StatusBadge status="running" label={caller.answer?.phase === "streaming" ? "Streaming" : "Waiting"} />;
  if (caller.problem) return <StatusBadge status="error" label={caller.problem.status > 0 ? `${caller.problem.status}` : "No answer"} />;
  return caller.answer?.status ? <StatusBadge status="ok" label={`${caller.answer.status} OK`} /> : null;
}

/** What the endpoint answered, how long it took, and the way to its trace. */
export function AnswerPanel({ caller, hasDeployment }: { readonly caller: Caller; readonly hasDeployment: boolean }) {
  const { answer, problem } = caller;
  return (
    <Panel
      head={
        <>
          <Text fw={600} flex={1}>
            Answer
          </Text>
          <State caller={caller} />
        </>
      }
    >
      {answer === null && (
        <Text size="sm" c="dimmed">
          {hasDeployment ? "Send the request to see what callers get." : "Add a deployment first: nothing serves this endpoint yet."}
        </Text>
      )}
      {answer && <Facts answer={answer} />}
      {problem && <ErrorPanel error={problem} />}
      <div aria-live="polite" style={{ display: "contents" }}>
        {answer && <Body answer={answer} />}
      </div>
    </Panel>
  );
}
