import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import { turnInputs, type ChatShape, type ChatTurn } from "../logic/chat";
import { applyEvent, breakRun, shownOutputs, startedRun, stopRun, type TestRun } from "../logic/testRun";
import { CUT_SHORT, streamTest } from "./streamTest";

function withRun(turn: ChatTurn, run: TestRun): ChatTurn {
  return turn.run === run ? turn : { ...turn, run };
}

/** The answer of a turn so far; undefined while there is none. */
export function answerOf(turn: ChatTurn, shape: ChatShape): unknown {
  return shownOutputs(turn.run)[shape.answer];
}

export interface Chat {
  readonly turns: readonly ChatTurn[];
  readonly busy: boolean;
  readonly send: (question: string, others: Readonly<Record<string, unknown>>) => void;
  readonly stop: () => void;
  readonly clear: () => void;
}

/** A conversation with a chat flow: each question is a run of the flow with the turns before as its history. */
export function useChat(address: { workspace: string; flow: string }, shape: ChatShape): Chat {
  const { workspace, flow } = address;
  const [turns, setTurns] = useState<readonly ChatTurn[]>([]);
  const current = useRef<AbortController | null>(null);
  const busy = turns.at(-1)?.run.phase === "running";

  const updateLast = useCallback((change: (run: TestRun) => TestRun) => {
    setTurns((before) => before.map((turn, index) => (index === before.length - 1 ? withRun(turn, change(turn.run)) : turn)));
  }, []);

  const send = useCallback(
    (question: string, others: Readonly<Record<string, unknown>>) => {
      current.current?.abort();
      const own = new AbortController();
      current.current = own;
      const inputs = turnInputs(shape, question, others, turns);
      setTurns([...turns, { id: (turns.at(-1)?.id ?? 0) + 1, inputs, question, run: startedRun() }]);
      const update = (change: (run: TestRun) => TestRun): void => {
        if (current.current === own) updateLast(change);
      };
      streamTest(
        { workspace, flow },
        inputs,
        (event) => {
          update((run) => applyEvent(run, event));
        },
        own.signal,
      )
        .then(() => {
          update((run) => breakRun(run, CUT_SHORT));
        })
        .catch((error: unknown) => {
          if (!own.signal.aborted) update((run) => breakRun(run, asProblem(error)));
        });
    },
    [workspace, flow, shape, turns, updateLast],
  );

  const stop = useCallback(() => {
    current.current?.abort();
    current.current = null;
    updateLast(stopRun);
  }, [updateLast]);

  const clear = useCallback(() => {
    current.current?.abort();
    current.current = null;
    setTurns([]);
  }, []);

  useEffect(
    () => () => {
      current.current?.abort();
    },
    [],
  );
  return { turns, busy, send, stop, clear };
}
