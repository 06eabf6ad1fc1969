import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { chat, type ChatResult } from "@/api/inference";
import { ApiError } from "@/api/problem";
import { traces } from "@/api/traces";
import type { Replay } from "../logic/replay";
import type { Trace } from "../model";

/** The trace of a call reaches the store a moment after its answer; it is asked for this often, each a second. */
const ARRIVAL_TRIES = 12;

/** An answer as it stands now. */
export interface Answer {
  readonly text: string;
  readonly state: "running" | "done" | "stopped" | "failed";
  readonly result?: ChatResult;
  readonly error?: unknown;
}

/** Sends a changed call through the gateway, as whoever is signed in; the last answer, and its trace once it is kept. */
export function useReplay(workspace: string, original: string) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const stopper = useRef<AbortController>(undefined);
  useEffect(() => () => stopper.current?.abort(), []);
  const send = useCallback(
    async ({ model, messages, parameters }: Replay) => {
      stopper.current?.abort();
      const control = new AbortController();
      stopper.current = control;
      let text = "";
      const say = (more: Omit<Answer, "text">): void => {
        if (stopper.current === control) setAnswer({ text, ...more });
      };
      say({ state: "running" });
      try {
        const onText = (piece: string): void => {
          text += piece;
          say({ state: "running" });
        };
        const result = await chat(workspace, { ...parameters, model, messages }, onText, control.signal, original);
        say({ state: "done", result });
      } catch (error) {
        say(control.signal.aborted ? { state: "stopped" } : { state: "failed", error });
      }
    },
    [workspace, original],
  );
  const stop = useCallback(() => stopper.current?.abort(), []);
  const traceId = answer?.result?.traceId;
  const kept = useQuery({
    ...traces.get(workspace, traceId ?? ""),
    enabled: traceId !== undefined,
    retry: (count, error) => count < ARRIVAL_TRIES && error instanceof ApiError && error.problem.status === 404,
    retryDelay: 1000,
  });
  const trace: Trace | undefined = traceId === undefined ? undefined : kept.data?.trace;
  return { answer, trace, send, stop };
}
