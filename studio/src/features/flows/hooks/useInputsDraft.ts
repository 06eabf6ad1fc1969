import { useCallback, useMemo, useState } from "react";
import { coerceDraft, initialDraft, type Draft, type Field } from "@/ui/inputs/fields";
import { keepable } from "../logic/inputs";

export interface InputsDraft {
  readonly draft: Draft;
  readonly errors: Readonly<Record<string, string>>;
  readonly set: (name: string, text: string) => void;
  readonly reset: () => void;
  /** What can be sent of it as it is, whatever is wrong with the rest. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The values to send; null when something is wrong, which `errors` then tells. */
  readonly read: () => Readonly<Record<string, unknown>> | null;
}

function kept(key: string): Draft {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}") as Draft;
  } catch {
    return {};
  }
}

const NOTHING: Draft = {};

/**
 * The text of an inputs form, which begins with defaults and what `first` says. What was typed (no secrets) is kept in this browser under
 * `key`, so that a reload loses nothing.
 */
export function useInputsDraft(key: string, fields: readonly Field[], first: Draft = NOTHING): InputsDraft {
  const [typed, setTyped] = useState<Draft>(() => kept(key));
  const [asked, setAsked] = useState(false);
  const draft = useMemo(() => ({ ...initialDraft(fields), ...first, ...typed }), [fields, first, typed]);
  const read = useMemo(() => coerceDraft(fields, draft), [fields, draft]);

  const set = useCallback(
    (name: string, text: string) => {
      setTyped((before) => {
        const after = { ...before, [name]: text };
        localStorage.setItem(key, JSON.stringify(keepable(fields, after)));
        return after;
      });
    },
    [key, fields],
  );
  const reset = useCallback(() => {
    localStorage.removeItem(key);
    setTyped({});
    setAsked(false);
  }, [key]);
  const readNow = useCallback(() => {
    setAsked(true);
    return Object.keys(read.errors).length === 0 ? read.values : null;
  }, [read]);
  return useMemo(
    () => ({ draft, errors: asked ? read.errors : {}, values: read.values, set, reset, read: readNow }),
    [draft, asked, read, set, reset, readNow],
  );
}
