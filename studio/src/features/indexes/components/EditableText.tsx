import { Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import classes from "./Questions.module.css";

interface EditableTextProps {
  readonly text: string;
  /** What it is, for screen readers and in its empty place. */
  readonly label: string;
  /** Whether it can be changed. */
  readonly off: boolean;
  readonly onChange: (text: string) => void;
}

/** A text that becomes a field when it is clicked. Enter and leaving keep it, Escape does not. */
export function EditableText({ text, label, off, onChange }: EditableTextProps) {
  const [typed, setTyped] = useState<string | null>(null);
  // A row that is scrolled out of a long table takes its field away: what was typed is kept then, too.
  const pending = useRef<string | null>(null);
  const keep = useRef(onChange);
  useEffect(() => {
    keep.current = onChange;
  });
  useEffect(
    () => () => {
      if (pending.current !== null) keep.current(pending.current);
    },
    [],
  );
  const type = (value: string | null) => {
    pending.current = value;
    setTyped(value);
  };
  const leave = () => {
    if (typed !== null) onChange(typed.trim());
    type(null);
  };
  if (typed === null) {
    const shown = text === "" ? <span className={classes.empty}>{off ? "–" : `No ${label.toLowerCase()}`}</span> : text;
    if (off) return <span className={classes.plain}>{shown}</span>;
    return (
      <button type="button" className={classes.text} title="Click to change it" onClick={() => type(text)}>
        {shown}
      </button>
    );
  }
  return (
    <Textarea
      aria-label={label}
      autoFocus
      autosize
      minRows={1}
      maxRows={12}
      size="sm"
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          leave();
        }
        if (event.key === "Escape") type(null);
      }}
    />
  );
}
