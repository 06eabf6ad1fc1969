import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { useUrlState } from "@/lib/url";
import { searchSpans } from "../logic/spanSearch";
import type { Span } from "../model";

const NONE: ReadonlySet<string> = new Set();

/** A search in the spans of a trace. */
export interface SpanSearch {
  readonly text: string;
  readonly setText: (text: string | null) => void;
  /** The spans that hold the text, in their order. */
  readonly ids: readonly string[];
  readonly set: ReadonlySet<string>;
  readonly busy: boolean;
}

/** Looks for a text in names, messages and attributes of spans; the text is kept in the address. */
export function useSpanSearch(spans: readonly Span[]): SpanSearch {
  const [kept, keep] = useUrlState("find");
  const [text, setText] = useState(kept);
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const [found, setFound] = useState<{ readonly wanted: string; readonly ids: readonly string[] }>({ wanted: "", ids: [] });
  useEffect(() => {
    if (wanted !== kept) keep(wanted);
  }, [wanted, kept, keep]);
  useEffect(() => {
    if (wanted === "") return undefined;
    return searchSpans(spans, wanted, (ids) => setFound({ wanted, ids }));
  }, [spans, wanted]);
  const ids = useMemo(() => (text.trim() === "" ? [] : found.ids), [text, found]);
  const set = useMemo(() => (ids.length === 0 ? NONE : new Set(ids)), [ids]);
  return { text, setText: (next) => setText(next ?? ""), ids, set, busy: text.trim() !== "" && found.wanted !== text.trim() };
}
