import { useCallback, useEffect, useRef, useState } from "react";
import { request, traceOf, workspaceHeaders } from "@/api/client";
import { ApiError, asProblem, type Problem } from "@/api/problem";
import { readEvents } from "@/api/stream";
import { addEvent, type Answer, WAITING } from "../logic/answer";

export interface Call {
  readonly path: string;
  readonly body: unknown;
  readonly stream: boolean;
  /** Pins one deployment; null follows the traffic. */
  readonly deployment: string | null;
}

export interface Caller {
  readonly answer: Answer | null;
  readonly problem: Problem | null;
  readonly busy: boolean;
  readonly send: (call: Call) => void;
  readonly stop: () => void;
}

function headersOf(workspace: string, call: Call): Record<string, string> {
  return {
    ...workspaceHeaders(workspace),
    Accept: call.stream ? "text/event-stream, application/json" : "application/json",
    ...(call.deployment === null ? {} : { "azureml-model-deployment": call.deployment }),
  };
}

/** Which deployment an answer is of, errors included, and its trace. */
function whoAnswered(response: Pick<Response, "headers">): Pick<Answer, "deployment" | "traceId"> {
  return { traceId: traceOf(response) ?? null, deployment: response.headers.get("azureml-model-deployment") };
}

async function receive(response: Response, began: number, update: (change: Partial<Answer>) => void): Promise<void> {
  const facts = { status: response.status, firstMs: performance.now() - began, ...whoAnswered(response) };
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    let body: unknown;
    update({ ...facts, phase: "streaming", streamed: true });
    await readEvents(response, (event) => {
      body = addEvent(body, event.data);
      update({ body });
    });
    update({ phase: "done", totalMs: performance.now() - began });
    return;
  }
  const text = await response.text();
  update({ ...facts, phase: "done", totalMs: performance.now() - began, body: decoded(text) });
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Calls an endpoint as a program would, one call at a time, and follows its answer. */
export function useCall(workspace: string): Caller {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const current = useRef<AbortController | null>(null);

  const send = useCallback(
    (call: Call) => {
      current.current?.abort();
      const own = new AbortController();
      current.current = own;
      setProblem(null);
      setAnswer(WAITING);
      const update = (change: Partial<Answer>): void => {
        if (current.current === own) setAnswer((before) => ({ ...(before ?? WAITING), ...change }));
      };
      const began = performance.now();
      request(call.path, { method: "POST", body: JSON.stringify(call.body), headers: headersOf(workspace, call), signal: own.signal })
        .then((response) => receive(response, began, update))
        .catch((error: unknown) => {
          if (current.current !== own || own.signal.aborted) return;
          const told = error instanceof ApiError && error.headers ? whoAnswered({ headers: error.headers }) : {};
          update({ phase: "done", totalMs: performance.now() - began, ...told });
          setProblem(asProblem(error));
        });
    },
    [workspace],
  );

  const stop = useCallback(() => {
    current.current?.abort();
    current.current = null;
    setAnswer((before) => (before && before.phase !== "done" ? { ...before, phase: "done" } : before));
  }, []);

  useEffect(
    () => () => {
      current.current?.abort();
    },
    [],
  );
  return { answer, problem, busy: answer !== null && answer.phase !== "done", send, stop };
}
