import { ActionIcon, Button, NumberInput, Slider, Text, Textarea } from "@mantine/core";
import { IconArrowUp, IconEraser, IconPlayerStopFilled } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { formatDuration, formatNumber } from "@/lib/format";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedIcon } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import type { ChatSettings, Turn } from "../hooks/useChat";
import classes from "./Try.module.css";

function Figures({ turn, workspace }: { turn: Turn; workspace: string }) {
  const { result } = turn;
  if (turn.stopped) return <div className={classes.figures}>Stopped</div>;
  if (!result) return null;
  const speed = result.completionTokens && result.firstTokenMs !== undefined ? result.completionTokens / (Math.max(1, result.totalMs - result.firstTokenMs) / 1000) : undefined;
  return (
    <div className={classes.figures}>
      {speed !== undefined && <span>{formatNumber(speed, speed < 10 ? 1 : 0)} tokens/s</span>}
      {result.firstTokenMs !== undefined && <span>first token after {formatDuration(result.firstTokenMs)}</span>}
      <span>{formatDuration(result.totalMs)} in all</span>
      {result.promptTokens !== undefined && (
        <span>
          {formatNumber(result.promptTokens)} + {formatNumber(result.completionTokens ?? 0)} tokens
        </span>
      )}
      {result.finishReason === "length" && <span>cut at the limit of tokens</span>}
      {result.traceId && (
        <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: result.traceId }} inherit>
          Trace
        </TextLink>
      )}
    </div>
  );
}

/** What a conversation is held with. */
export function TalkSettings({ settings, change, onClear }: { settings: ChatSettings; change: (part: Partial<ChatSettings>) => void; onClear: () => void }) {
  return (
    <div className={classes.settings}>
      <Textarea
        label="System message"
        placeholder="You are a helpful assistant."
        autosize
        minRows={3}
        maxRows={8}
        value={settings.system}
        onChange={(event) => {
          change({ system: event.currentTarget.value });
        }}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          Temperature <span className="fy-num">{settings.temperature.toFixed(1)}</span>
        </Text>
        <Slider
          min={0}
          max={2}
          step={0.1}
          label={null}
          thumbLabel="Temperature"
          value={settings.temperature}
          onChange={(temperature) => {
            change({ temperature });
          }}
        />
      </div>
      <NumberInput
        label="At most, tokens"
        min={1}
        max={8192}
        clampBehavior="strict"
        value={settings.maxTokens}
        onChange={(value) => {
          change({ maxTokens: Number(value) || 1 });
        }}
      />
      <Button variant="default" leftSection={<IconEraser size={15} />} onClick={onClear}>
        Start over
      </Button>
    </div>
  );
}

interface MessagesProps {
  readonly turns: readonly Turn[];
  readonly busy: boolean;
  readonly error: unknown;
  readonly workspace: string;
  /** Whose answers these are, for screen readers. */
  readonly label?: string;
}

/** What was said so far, the newest in sight. */
export function Messages({ turns, busy, error, workspace, label = "Conversation" }: MessagesProps) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [turns]);
  // An answer that failed before its first word is told by the error alone.
  const shown = error === undefined ? turns : turns.filter(({ content }) => content !== "");
  return (
    <div className={classes.messages} aria-live="polite" tabIndex={0} role="log" aria-label={label}>
      {turns.length === 0 && <div className={classes.start}>Ask something. The first answer takes a moment longer while the engine starts.</div>}
      {shown.map((turn) => (
        <div key={turn.id} className={`${classes.bubble} ${turn.role === "user" ? classes.user : classes.assistant}`}>
          {turn.content}
          {busy && turn === turns.at(-1) && <span className={classes.caret} aria-label="Writing" />}
          <Figures turn={turn} workspace={workspace} />
        </div>
      ))}
      {error !== undefined && <ErrorPanel error={error} />}
      <div ref={end} />
    </div>
  );
}

interface ComposerProps {
  readonly draft: string;
  readonly setDraft: (draft: string) => void;
  readonly busy: boolean;
  readonly onSend: () => void;
  readonly onStop: () => void;
}

/** Where a message is written; Enter sends it, Shift+Enter begins a line. */
export function Composer({ draft, setDraft, busy, onSend, onStop }: ComposerProps) {
  return (
    <div className={classes.composer}>
      <Textarea
        style={{ flex: 1 }}
        aria-label="Message"
        placeholder="Message"
        autosize
        minRows={1}
        maxRows={8}
        value={draft}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          onSend();
        }}
      />
      {busy ? (
        <ActionIcon size={36} variant="default" aria-label="Stop" onClick={onStop}>
          <IconPlayerStopFilled size={16} />
        </ActionIcon>
      ) : (
        <GuardedIcon size={36} variant="filled" color="indigo" label="Send" off={draft.trim() === "" ? "Write a message first." : null} onClick={onSend}>
          <IconArrowUp size={18} />
        </GuardedIcon>
      )}
    </div>
  );
}
