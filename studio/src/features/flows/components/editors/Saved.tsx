import { Autocomplete, type AutocompleteProps } from "@mantine/core";
import { useState } from "react";

interface SavedProps extends Omit<AutocompleteProps, "value" | "onChange" | "onOptionSubmit" | "onBlur" | "onKeyDown" | "error"> {
  readonly saved: string;
  /** Takes the text when the field is left, on Enter, and when one is chosen. Returns what is wrong with it; null: it was taken. */
  readonly onSave: (text: string) => string | null;
}

/** A text with what it may be, which is set on Enter or when one leaves the field; Escape brings the old one back. What is wrong stays, and is told. */
export function Saved({ saved, onSave, ...props }: SavedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const commit = (text: string): void => {
    const wrong = text === saved ? null : onSave(text);
    setProblem(wrong);
    setDraft(wrong === null ? null : text);
  };
  return (
    <Autocomplete
      size="xs"
      {...props}
      value={draft ?? saved}
      error={problem}
      {...(draft === null ? { filter: ({ options }) => options } : {})}
      onChange={(text) => {
        setDraft(text);
        setProblem(null);
      }}
      onOptionSubmit={commit}
      onBlur={() => {
        if (draft !== null) commit(draft);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && draft !== null) commit(draft);
        if (event.key === "Escape" && draft !== null) {
          setDraft(null);
          setProblem(null);
        }
      }}
    />
  );
}
