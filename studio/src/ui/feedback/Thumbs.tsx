import { ActionIcon, Button, Group, Textarea, Tooltip } from "@mantine/core";
import { IconThumbDown, IconThumbDownFilled, IconThumbUp, IconThumbUpFilled } from "@tabler/icons-react";
import { useState } from "react";

interface ThumbProps {
  readonly good: boolean;
  readonly pressed: boolean;
  readonly busy: boolean;
  readonly onClick: () => void;
}

function Thumb({ good, pressed, busy, onClick }: ThumbProps) {
  const label = good ? "Good answer" : "Bad answer";
  const Icon = good ? (pressed ? IconThumbUpFilled : IconThumbUp) : pressed ? IconThumbDownFilled : IconThumbDown;
  const colour = good ? "var(--fy-good)" : "var(--fy-bad)";
  return (
    <Tooltip label={label}>
      <ActionIcon c={pressed ? colour : "dimmed"} aria-label={label} aria-pressed={pressed} loading={busy} onClick={onClick}>
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  );
}

interface ThumbsProps {
  /** 1: up, 0: down, null: neither. */
  readonly value: number | null;
  readonly busy: boolean;
  readonly onChange: (value: number) => void;
}

/** Thumbs up and down; the one that was given is filled. */
export function Thumbs({ value, busy, onChange }: ThumbsProps) {
  return (
    <Group gap={4} wrap="nowrap">
      {[1, 0].map((each) => (
        <Thumb key={each} good={each === 1} pressed={value === each} busy={busy} onClick={() => { onChange(each); }} />
      ))}
    </Group>
  );
}

/** A comment on something; empty again when it is sent. */
export function CommentBox({ busy, onSend }: { readonly busy: boolean; readonly onSend: (text: string) => void }) {
  const [comment, setComment] = useState("");
  const text = comment.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text === "") return;
        onSend(text);
        setComment("");
      }}
    >
      <Textarea
        aria-label="Comment"
        placeholder="What is right or wrong with it?"
        autosize
        minRows={1}
        maxRows={6}
        value={comment}
        onChange={(event) => {
          setComment(event.currentTarget.value);
        }}
      />
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
