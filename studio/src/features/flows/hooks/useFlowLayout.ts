import ELK, { type ELK as Elk } from "elkjs/lib/elk-api.js";
import elkWorkerUrl from "elkjs/lib/elk-worker.min.js?url";
import { useEffect, useState } from "react";

import { type Layout, layoutOf, shapeOf, toElk } from "../logic/layout";
import type { FlowGraph } from "../model";

let shared: Elk | null = null;

/** ELK in one web worker for the whole page: a layout never holds up typing or dragging. */
function elk(): Elk {
  shared ??= new ELK({ workerUrl: elkWorkerUrl });
  return shared;
}

/** Starts the worker while the graph itself is still on its way. */
export function warmUpLayout(): void {
  elk();
}

export interface FlowLayout {
  /** Null until the first layout is there. */
  readonly layout: Layout | null;
  readonly error: string | null;
}

/** The graph laid out in layers. Laid out again only when its shape changes; until then the last layout stays. */
export function useFlowLayout(graph: FlowGraph): FlowLayout {
  const [state, setState] = useState<FlowLayout>({ layout: null, error: null });
  const shape = shapeOf(graph);
  useEffect(() => {
    let wanted = true;
    elk()
      .layout(toElk(graph))
      .then((laidOut) => {
        if (wanted) setState({ layout: layoutOf(laidOut), error: null });
      })
      .catch((error: unknown) => {
        if (wanted) setState((last) => ({ ...last, error: error instanceof Error ? error.message : String(error) }));
      });
    return () => {
      wanted = false;
    };
    // The shape stands for the graph: what a node holds does not move it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape]);
  return state;
}
