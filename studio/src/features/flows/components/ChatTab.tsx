import { ActionIcon, Button, Text, Textarea, Tooltip } from "@mantine/core";
import { IconEraser, IconMessages, IconPlayerStop, IconRefresh, IconSend } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatDuration } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { InputsForm } from "@/ui/inputs/InputsForm";
import { Panel, Section, Split } from "@/ui/Panel";
import { answerOf, type Chat, useChat } from "../hooks/useChat";
import { type InputsDraft, useInputsDraft } from "../hooks/useInputsDraft";
import type { ChatShape, ChatTurn } from "../logic/chat";
import { fieldOf } from "../logic/inputs";
import { withRemedy } from "../logic/remedies";
import { groundingOf } from "../logic/citations";
import classes from "./ChatTab.module.css";
import { PlaceLink } from "./FileLink";
import { GroundedAnswer } from "./GroundedAnswer";
import { TraceLink } from "./TraceLink";

interface ChatTabProps {
  readonly flow: string;
  readonly shape: ChatShape;
}

function Answer({ flow, turn, shape }: { readonly flow: string; readonly turn: ChatTurn; readonly shape: ChatShape }) {
  const answer = answerOf(turn, shape);
  const text = typeof answer === "string" ? answer : answer === undefined || answer === null ? "" : JSON.stringify(answer, null, 2);
  const { run } = turn;
  const grounding = groundingOf(run.outputs);
  return (
    <div className={classes.answer} aria-busy={run.phase === "running"}>
      {text !== "" && (grounding ? <GroundedAnswer grounding={grounding} /> : <div className={classes.text}>{text}</div>)}
      {text === "" && run.phase === "running" && (
        <Text size="sm" c="dimmed">
          {runningWords(turn)}
        </Text>
      )}
      {text === "" && run.phase === "completed" && (
        <Text size="sm" c="dimmed">
          The flow ended without an answer in {shape.answer}.
        </Text>
      )}
      {run.phase === "stopped" && (
        <Text size="xs" c="dimmed">
          Stopped. This exchange is not part of the history.
        </Text>
      )}
      {run.error && (
        <ErrorPanel error={withRemedy(run.error)}>
          <PlaceLink flow={flow} problem={run.error} />
        </ErrorPanel>
      )}
      <div className={classes.facts}>
        {run.durationMs !== null && <span>{formatDuration(run.durationMs)}</span>}
        <TraceLink traceId={run.traceId} />
      </div>
    </div>
  );
}

function runningWords(turn: ChatTurn): string {
  const running = Object.values(turn.run.nodes).filter((node) => node.status === "running");
  return running.length > 0 ? `Running ${running.map((node) => node.node).join(", ")}` : "Starting the flow";
}

function Turns({ flow, chat, shape }: { readonly flow: string; readonly chat: Chat; readonly shape: ChatShape }) {
  const end = useRef<HTMLDivElement>(null);
  const last = chat.turns.at(-1);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [last]);
  return (
    <div className={classes.scroller} tabIndex={0} role="log" aria-label="Conversation">
      <div className={classes.column}>
        {chat.turns.length === 0 && (
          <EmptyState
            icon={IconMessages}
            title="Talk to the flow"
            text="Each message runs the flow once, with what was said before as its history. Every answer has its trace."
          />
        )}
        {chat.turns.map((turn) => (
          <div key={turn.id} className={classes.turn}>
            <div className={classes.question}>{turn.question}</div>
            <Answer flow={flow} turn={turn} shape={shape} />
            {turn === last && !chat.busy && (
              <div>
                <Button size="compact-xs" variant="subtle" leftSection={<IconRefresh size={14} />} onClick={chat.again}>
                  Answer again
                </Button>
              </div>
            )}
          </div>
        ))}
        <div ref={end} />
      </div>
    </div>
  );
}

function Composer({ chat, inputs, off }: { readonly chat: Chat; readonly inputs: InputsDraft; readonly off: string | null }) {
  const [text, setText] = useState("");
  const send = (): void => {
    const others = inputs.read();
    if (off !== null || text.trim() === "" || others === null || chat.busy) return;
    chat.send(text, others);
    setText("");
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={classes.composer}>
      <div className={classes.column}>
        <div className={classes.compose}>
          <Textarea
            flex={1}
            aria-label="Message"
            placeholder="Message. Enter sends, Shift and Enter makes a new line."
            autosize
            minRows={1}
            maxRows={8}
            value={text}
            data-autofocus
            onChange={(event) => {
              setText(event.currentTarget.value);
            }}
            onKeyDown={press}
          />
          {chat.busy ? (
            <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={chat.stop}>
              Stop
            </Button>
          ) : (
            <GuardedButton leftSection={<IconSend size={15} />} onClick={send} off={off} disabled={off === null && text.trim() === ""}>
              Send
            </GuardedButton>
          )}
          <Tooltip label="Clear the conversation">
            <ActionIcon size={34} variant="default" aria-label="Clear the conversation" disabled={chat.turns.length === 0} onClick={chat.clear}>
              <IconEraser size={16} />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
    </div>
  );
}

/** A conversation with a chat flow. */
export function ChatTab({ flow, shape }: ChatTabProps) {
  const workspace = useWorkspace();
  const address = useMemo(() => ({ workspace, flow }), [workspace, flow]);
  const chat = useChat(address, shape);
  const off = whyReadOnly(useRights(workspace));
  const fields = useMemo(() => shape.others.map(fieldOf), [shape]);
  const inputs = useInputsDraft(`flowyard-chat/${workspace}/${flow}`, fields);
  const conversation = (
    <div className={classes.chat}>
      <Turns flow={flow} chat={chat} shape={shape} />
      <Composer chat={chat} inputs={inputs} off={off} />
    </div>
  );
  if (fields.length === 0) return <div className={classes.frame}>{conversation}</div>;
  return (
    <Split
      label="Other inputs"
      width={340}
      main={conversation}
      side={
        <Panel head={<Text fw={600}>Other inputs</Text>}>
          <Section title="Sent with every message">
            <InputsForm fields={fields} draft={inputs.draft} errors={inputs.errors} onChange={inputs.set} />
          </Section>
        </Panel>
      }
    />
  );
}
