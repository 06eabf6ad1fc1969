import { ActionIcon, Button, Group, Text, Textarea } from "@mantine/core";
import { IconPencil, IconRefresh, IconTestPipe } from "@tabler/icons-react";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { formatDuration, formatNumber } from "@/lib/format";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Pictures } from "@/ui/images/Picture";
import { answerOf, type Chat } from "../../hooks/useChat";
import { type ChatShape, type ChatTurn, imagesOf } from "../../logic/chat";
import { groundingOf } from "../../logic/citations";
import { withRemedy } from "../../logic/remedies";
import { tokensOf } from "../../logic/testRun";
import classes from "../ChatTab.module.css";
import { PlaceLink } from "../FileLink";
import { GroundedAnswer } from "../GroundedAnswer";
import { TraceLink } from "../TraceLink";
import { AnswerParts } from "./AnswerParts";
import { SaveTestCase } from "./SaveTestCase";
import { TurnFeedback } from "./TurnFeedback";

function Answer({ flow, turn, shape }: { readonly flow: string; readonly turn: ChatTurn; readonly shape: ChatShape }) {
  const answer = answerOf(turn, shape);
  const isEmpty = answer === undefined || answer === null || answer === "";
  const { run } = turn;
  const grounding = groundingOf(run.outputs);
  const tokens = tokensOf(run);
  return (
    <div className={classes.answer} aria-busy={run.phase === "running"}>
      {!isEmpty && (grounding ? <GroundedAnswer grounding={grounding} /> : <AnswerParts answer={answer} />)}
      {isEmpty && run.phase === "running" && (
        <Text size="sm" c="dimmed">
          {runningWords(turn)}
        </Text>
      )}
      {isEmpty && run.phase === "completed" && (
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
        {tokens !== null && <span>{`${formatNumber(tokens.prompt + tokens.completion)} tokens`}</span>}
        <TraceLink traceId={run.traceId} />
      </div>
    </div>
  );
}

function runningWords(turn: ChatTurn): string {
  const running = Object.values(turn.run.nodes).filter((node) => node.status === "running");
  return running.length > 0 ? `Running ${running.map((node) => node.node).join(", ")}` : "Starting the flow";
}

interface QuestionProps {
  readonly turn: ChatTurn;
  readonly shape: ChatShape;
  /** Why it cannot be asked anew; null: it can. */
  readonly off: string | null;
  readonly onResend: (question: string) => void;
}

function Question({ turn, shape, off, onResend }: QuestionProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const images = imagesOf(turn, shape);
  if (draft === null)
    return (
      <div className={classes.asked}>
        {off === null && shape.message !== "image" && (
          <ActionIcon size="sm" variant="subtle" color="gray" aria-label="Edit this message" onClick={() => { setDraft(turn.question); }}>
            <IconPencil size={14} />
          </ActionIcon>
        )}
        <div className={classes.question}>
          <Pictures images={images} what="Image of the message" />
          {turn.question}
        </div>
      </div>
    );
  const isEmpty = draft.trim() === "" && images.length === 0;
  const send = () => {
    if (isEmpty) return;
    onResend(draft);
    setDraft(null);
  };
  return (
    <div className={classes.edited}>
      <Textarea
        aria-label="Edited message"
        description={images.length === 0 ? "What was said after it goes." : "Its images stay; what was said after it goes."}
        inputWrapperOrder={["input", "description"]}
        autosize
        minRows={1}
        maxRows={8}
        value={draft}
        data-autofocus
        autoFocus
        onChange={(event) => { setDraft(event.currentTarget.value); }}
        onKeyDown={(event) => {
          if (event.key === "Escape") setDraft(null);
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <Group gap="xs" justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={() => { setDraft(null); }}>
          Cancel
        </Button>
        <GuardedButton size="compact-sm" off={isEmpty ? "Write a message first." : null} onClick={send}>
          Send again
        </GuardedButton>
      </Group>
    </div>
  );
}

interface AfterProps extends Omit<TurnsProps, "label" | "opening"> {
  readonly turn: ChatTurn;
  readonly isLast: boolean;
}

/** What can be done about an answer that has ended. */
function After({ flow, chat, shape, off, turn, isLast }: AfterProps) {
  const [isSaving, setSaving] = useState(false);
  const answer = answerOf(turn, shape);
  const text = typeof answer === "string" ? answer : answer === undefined || answer === null ? "" : JSON.stringify(answer);
  if (off !== null) return null;
  return (
    <Group gap={4}>
      {isLast && (
        <Button size="compact-xs" variant="subtle" leftSection={<IconRefresh size={14} />} onClick={chat.again}>
          Answer again
        </Button>
      )}
      {turn.run.traceId !== null && <TurnFeedback traceId={turn.run.traceId} />}
      <Button size="compact-xs" variant="subtle" leftSection={<IconTestPipe size={14} />} onClick={() => { setSaving(true); }}>
        Save as test case
      </Button>
      {isSaving && <SaveTestCase flow={flow} turn={turn} shape={shape} answer={text} onClose={() => { setSaving(false); }} />}
    </Group>
  );
}

export interface TurnsProps {
  readonly flow: string;
  readonly chat: Chat;
  readonly shape: ChatShape;
  /** Why nothing can be asked or kept; null: it can. */
  readonly off: string | null;
  /** Who answers, where several do. */
  readonly label?: string;
  /** What stands there while nothing was said. */
  readonly opening: ReactNode;
}

/** What was said, with what can be done about each answer. */
export function Turns({ flow, chat, shape, off, label, opening }: TurnsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const last = chat.turns.at(-1);
  const asked = last?.run.phase === "running" ? last.id : null;
  useLayoutEffect(() => {
    if (asked !== null) follows.current = true;
  }, [asked]);
  // Whoever reads further up while an answer comes stays there.
  useLayoutEffect(() => {
    if (follows.current && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [last]);
  return (
    <div
      ref={scroller}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => { follows.current = scrollHeight - scrollTop - clientHeight < 40; }}
      className={classes.scroller}
      tabIndex={0}
      role="log" aria-label={label === undefined ? "Conversation" : `Conversation with ${label}`}
    >
      <div className={classes.column}>
        {chat.turns.length === 0 && opening}
        {chat.turns.map((turn) => (
          <div key={turn.id} className={classes.turn}>
            <Question turn={turn} shape={shape} off={off} onResend={(question) => { chat.resend(turn.id, question); }} />
            <Answer flow={flow} turn={turn} shape={shape} />
            {turn.run.phase !== "running" && <After flow={flow} chat={chat} shape={shape} off={off} turn={turn} isLast={turn === last && !chat.busy} />}
          </div>
        ))}
      </div>
    </div>
  );
}
