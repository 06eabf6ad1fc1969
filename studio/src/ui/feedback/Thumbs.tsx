import { Button, Group, Textarea, Tooltip } from "@mantine/core";
import { IconThumbDown, IconThumbDownFilled, IconThumbUp, IconThumbUpFilled } from "@tabler/icons-react";
import { useState } from "react";
import { GuardedIcon } from "@/ui/GuardedButton";

interface ThumbProps {
  readonly good: boolean;
  readonly pressed: boolean;
  readonly busy: boolean;
  readonly off: string | null;
  readonly onClick: () => void;
}

function Thumb({ good, pressed, busy, off, onClick }: ThumbProps) {
  const label = good ? "Good answer" : "Bad answer";
  const Icon = good ? (pressed ? IconThumbUpFilled : IconThumbUp) : pressed ? IconThumbDownFilled : IconThumbDown;
  const colour = good ? "var(--fy-good)" : "var(--fy-bad)";
  return (
    <GuardedIcon label={label} off={off} c={pressed ? colour : "dimmed"} aria-pressed={pressed} loading={busy} onClick={onClick}>
      <Icon size={17} />
    </GuardedIcon>
  );
}

interface ThumbsProps {
  /** 1: up, 0: down, null: neither. */
  readonly value: number | null;
  readonly busy: boolean;
  /** Why nobody who is signed in may give one; null: they may. */
  readonly off?: string | null;
  readonly onChange: (value: number) => void;
}

/** Thumbs up and down; the one that was given is filled. */
export function Thumbs({ value, busy, off = null, onChange }: ThumbsProps) {
  return (
    <Group gap={4} wrap="nowrap">
      {[1, 0].map((each) => (
        <Thumb key={each} good={each === 1} pressed={value === each} busy={busy} off={off} onClick={() => { onChange(each); }} />
      ))}
    </Group>
  );
}

interface CommentBoxProps {
  readonly busy: boolean;
  /** Why nobody who is signed in may write one; null: they may. */
  readonly off?: string | null;
  readonly onSend: (text: string) => void;
}

/** A comment on something; empty again when it is sent. */
export function CommentBox({ busy, off = null, onSend }: CommentBoxProps) {
  const [comment, setComment] = useState("");
  const text = comment.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text === "" || off !== null) return;
        onSend(text);
        setComment("");
      }}
    >
      <Tooltip label={off ?? ""} disabled={off === null} maw={280} events={{ hover: true, focus: true, touch: true }}>
        <Textarea
          aria-label="Comment"
          readOnly={off !== null}
          {...(off === null ? {} : { variant: "filled", "aria-description": off })}
          placeholder="What is right or wrong with it?"
          autosize
          minRows={1}
          maxRows={6}
          value={comment}
          onChange={(event) => {
            setComment(event.currentTarget.value);
          }}
        />
      </Tooltip>
      {text !== "" && (
        <Group justify="flex-end" mt={6}>
          <Button type="submit" size="compact-sm" loading={busy}>
            Comment
          </Button>
        </Group>
      )}
    </form>
  );
}
