import { Autocomplete, type AutocompleteProps } from "@mantine/core";
import { useState } from "react";

interface SavedProps extends Omit<AutocompleteProps, "value" | "onChange" | "onOptionSubmit" | "onBlur" | "onKeyDown" | "error" | "filter" | "data"> {
  readonly saved: string;
  /** What it may be. With a function: what goes with the text that is typed, null while nothing is. */
  readonly data: readonly string[] | ((typed: string | null) => readonly string[]);
  /** Takes the text when the field is left, on Enter, and when one is chosen. Returns what is wrong with it; null: it was taken. */
  readonly onSave: (text: string) => string | null;
}

/** A text with what it may be, which is set on Enter or when one leaves the field; Escape brings the old one back. What is wrong stays, and is told. */
export function Saved({ saved, data, onSave, ...props }: SavedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isAsked = typeof data === "function";
  const commit = (text: string): void => {
    const wrong = text === saved ? null : onSave(text);
    setProblem(wrong);
    setDraft(wrong === null ? null : text);
  };
  return (
    <Autocomplete
      size="xs"
      {...props}
      data={[...(isAsked ? data(draft) : data)]}
      value={draft ?? saved}
      error={problem}
      {...(isAsked || draft === null ? { filter: ({ options }) => options } : {})}
      onChange={(text) => {
        setDraft(text);
        setProblem(null);
      }}
      onOptionSubmit={commit}
      onBlur={() => {
        if (draft !== null) commit(draft);
      }}
      onKeyDown={(event) => {
        // With an option marked, Enter chooses that one.
        if (event.key === "Enter" && draft !== null && !event.currentTarget.hasAttribute("aria-activedescendant")) commit(draft);
        if (event.key === "Escape" && draft !== null) {
          setDraft(null);
          setProblem(null);
        }
      }}
    />
  );
}

/** Makes an edit; returns what is wrong where it is refused, else null. */
export function tried(edit: () => void): string | null {
  try {
    edit();
    return null;
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}
