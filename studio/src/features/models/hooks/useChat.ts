import { useCallback, useEffect, useRef, useState } from "react";
import { chat, type ChatMessage, type ChatResult } from "@/api/inference";

/** A turn on the screen: its text so far, and what it cost once it is done. */
export interface Turn extends ChatMessage {
  id: number;
  result?: ChatResult;
  stopped?: boolean;
}

export interface ChatSettings {
  system: string;
  temperature: number;
  maxTokens: number;
}

/** What a conversation begins with. */
export const CHAT_START: ChatSettings = { system: "", temperature: 0.2, maxTokens: 256 };

/** A conversation with a model, streamed. `error` is why the last turn failed; its text stays. */
export function useChat(workspace: string, model: string) {
  const [turns, setTurns] = useState<Turn[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const stopper = useRef<AbortController>(undefined);
  const nextId = useRef(0);
  useEffect(() => () => stopper.current?.abort(), []);

  const send = useCallback(
    async (text: string, settings: ChatSettings) => {
      const control = new AbortController();
      stopper.current = control;
      const question: Turn = { id: nextId.current++, role: "user", content: text };
      const answer: Turn = { id: nextId.current++, role: "assistant", content: "" };
      const patch = (change: (turn: Turn) => Turn) => {
        setTurns((before) => before.map((turn) => (turn.id === answer.id ? change(turn) : turn)));
      };
      const said = turns.filter((turn) => turn.content !== "").map(({ role, content }) => ({ role, content }));
      const system: ChatMessage[] = settings.system.trim() ? [{ role: "system", content: settings.system.trim() }] : [];
      setTurns([...turns, question, answer]);
      setBusy(true);
      setError(undefined);
      try {
        const body = { model, messages: [...system, ...said, { role: "user" as const, content: text }], temperature: settings.temperature, max_tokens: settings.maxTokens };
        const result = await chat(workspace, body, (piece) => patch((turn) => ({ ...turn, content: turn.content + piece })), control.signal);
        patch((turn) => ({ ...turn, result }));
      } catch (failure) {
        if (control.signal.aborted) patch((turn) => ({ ...turn, stopped: true }));
        else setError(failure);
      } finally {
        setBusy(false);
      }
    },
    [turns, workspace, model],
  );
  const stop = useCallback(() => stopper.current?.abort(), []);
  const clear = useCallback(() => {
    stopper.current?.abort();
    setTurns([]);
    setError(undefined);
  }, []);
  return { turns, busy, error, send, stop, clear };
}
