import { useDeferredValue, useMemo, useState } from "react";
import { useUrlState } from "@/lib/url";
import { findNodes } from "../logic/search";
import type { GraphNode } from "../model";
import { useFlow } from "./useFlowDocument";

export interface NodeSearch {
  readonly query: string;
  readonly setQuery: (query: string) => void;
  /** The names of the nodes that were found. */
  readonly found: readonly string[];
  /** Which of them is shown; -1: none was found. */
  readonly at: number;
  /** Its name; null: there is none. */
  readonly current: string | null;
  /** Goes on to the next one, or back with -1; after the last comes the first. */
  readonly step: (by: 1 | -1) => void;
}

/** A search over nodes, in the order in which they are given: `?find=` in the address. */
export function useNodeSearch(nodes: readonly GraphNode[]): NodeSearch {
  const { text, version } = useFlow();
  const [query, setUrl] = useUrlState("find");
  const wanted = useDeferredValue(query);
  const [place, setPlace] = useState(0);
  const found = useMemo(() => findNodes(nodes, text, wanted), [nodes, text, wanted, version]); // eslint-disable-line react-hooks/exhaustive-deps -- `text` reads what `version` counts
  const at = Math.min(place, found.length - 1);
  return {
    query,
    setQuery: (next) => {
      setPlace(0);
      setUrl(next);
    },
    found,
    at,
    current: found[at] ?? null,
    step: (by) => {
      if (found.length > 0) setPlace((at + by + found.length) % found.length);
    },
  };
}
