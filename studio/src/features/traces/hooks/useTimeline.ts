import { useCallback, useEffect, useMemo, useState } from "react";
import { useUrlState } from "@/lib/url";
import { isWhole, readView, type View, writeView } from "../logic/timeline";

/** Written into the address when nothing has moved for this long, milliseconds. */
const KEPT_AFTER_MS = 250;

/** What of a trace's time is in sight, and how to change it. */
export interface Timeline {
  readonly extent: number;
  readonly view: View;
  readonly whole: boolean;
  /** Takes the next view out of the one now. */
  readonly change: (next: (view: View) => View) => void;
  readonly reset: () => void;
}

/** The view of a trace's time; it is kept in the address, so that a link shows the same. */
export function useTimeline(extent: number): Timeline {
  const [kept, keep] = useUrlState("time");
  const [view, setView] = useState(() => readView(kept, extent));
  const text = writeView(view, extent);
  useEffect(() => {
    const timer = setTimeout(() => {
      if ((text ?? "") !== kept) keep(text);
    }, KEPT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, kept, keep]);
  const reset = useCallback(() => setView({ from: 0, to: extent }), [extent]);
  return useMemo(() => ({ extent, view, whole: isWhole(view, extent), change: setView, reset }), [extent, view, reset]);
}
