import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { imagesOf, turnInputs, type ChatShape, type ChatTurn, type Message } from "../logic/chat";
import type { TestRequest } from "../logic/parts";
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
  readonly send: (message: Message, others: Readonly<Record<string, unknown>>) => void;
  /** Asks the last question once more, with the same inputs and history, in place of its answer. */
  readonly again: () => void;
  /** Asks another question in place of a turn, with the images and inputs it had; what came after it goes. */
  readonly resend: (id: number, question: string) => void;
  readonly stop: () => void;
  /** Shows another conversation, or an empty one. */
  readonly open: (turns: readonly ChatTurn[]) => void;
}

/** What is other than in the flow's files while one chats: a variant, or nodes' models. */
export type ChatChanges = Pick<TestRequest, "variant" | "overrides">;

const AS_WRITTEN: ChatChanges = {};

/** What a request holds, less room for what is said besides. */
const MOST_CHARACTERS = 16_000_000;
const TOO_LARGE: Problem = {
  code: "MessageTooLarge",
  title: "The message is too large",
  status: 0,
  detail: "With the images of the conversation it is larger than the 16 MB that a request holds.",
  remedy: "Begin a new conversation, or attach smaller images: those of earlier messages are sent with each one.",
};

/** A conversation with a chat flow: each question is a run of the flow with the turns before as its history. */
export function useChat(address: { workspace: string; flow: string }, shape: ChatShape, changes: ChatChanges = AS_WRITTEN): Chat {
  const { workspace, flow } = address;
  const [turns, setTurns] = useState<readonly ChatTurn[]>([]);
  const current = useRef<AbortController | null>(null);
  const busy = turns.at(-1)?.run.phase === "running";

  const updateLast = useCallback((change: (run: TestRun) => TestRun) => {
    setTurns((before) => before.map((turn, index) => (index === before.length - 1 ? withRun(turn, change(turn.run)) : turn)));
  }, []);

  const ask = useCallback(
    (before: readonly ChatTurn[], question: string, inputs: ChatTurn["inputs"]) => {
      current.current?.abort();
      const own = new AbortController();
      current.current = own;
      const run = JSON.stringify(inputs).length > MOST_CHARACTERS ? breakRun(startedRun(), TOO_LARGE) : startedRun();
      setTurns([...before, { id: (before.at(-1)?.id ?? 0) + 1, inputs, question, run }]);
      if (run.error) return;
      const update = (change: (run: TestRun) => TestRun): void => {
        if (current.current === own) updateLast(change);
      };
      streamTest(
        { workspace, flow },
        { inputs, ...changes },
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
    [workspace, flow, changes, updateLast],
  );

  const send = useCallback(
    (message: Message, others: Readonly<Record<string, unknown>>) => {
      ask(turns, message.text, turnInputs(shape, message, others, turns));
    },
    [ask, shape, turns],
  );

  const again = useCallback(() => {
    const last = turns.at(-1);
    if (last) ask(turns.slice(0, -1), last.question, last.inputs);
  }, [ask, turns]);

  const resend = useCallback(
    (id: number, question: string) => {
      const at = turns.findIndex((turn) => turn.id === id);
      const turn = turns[at];
      if (!turn) return;
      const message = { text: question, images: imagesOf(turn, shape).map(({ value }) => value) };
      ask(turns.slice(0, at), question, turnInputs(shape, message, turn.inputs, turns.slice(0, at)));
    },
    [ask, shape, turns],
  );

  const stop = useCallback(() => {
    current.current?.abort();
    current.current = null;
    updateLast(stopRun);
  }, [updateLast]);

  const open = useCallback((kept: readonly ChatTurn[]) => {
    current.current?.abort();
    current.current = null;
    setTurns(kept);
  }, []);

  useEffect(
    () => () => {
      current.current?.abort();
    },
    [],
  );
  return { turns, busy, send, again, resend, stop, open };
}
