import { useEffect, useRef, useState } from "react";
import { request } from "./client";
import { asProblem, type Problem } from "./problem";

/** One server-sent event. */
export interface StreamEvent {
  id?: string;
  event: string;
  data: string;
}

/** Cuts text that arrives in pieces into server-sent events (WHATWG HTML, section 9.2). */
export class EventParser {
  private rest = "";
  private lastId: string | undefined;

  push(text: string): StreamEvent[] {
    this.rest += text;
    const events: StreamEvent[] = [];
    for (;;) {
      const end = /\r\n\r\n|\n\n|\r\r/.exec(this.rest);
      if (!end) return events;
      const event = this.block(this.rest.slice(0, end.index));
      this.rest = this.rest.slice(end.index + end[0].length);
      if (event) events.push(event);
    }
  }

  private block(block: string): StreamEvent | undefined {
    let event = "message";
    const data: string[] = [];
    for (const line of block.split(/\r\n|\n|\r/)) {
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") event = value;
      else if (field === "data") data.push(value);
      else if (field === "id") this.lastId = value;
    }
    return data.length > 0 ? { event, data: data.join("\n"), ...(this.lastId !== undefined ? { id: this.lastId } : {}) } : undefined;
  }
}

/** Reads an answer as server-sent events until it ends. */
export async function readEvents(response: Response, onEvent: (event: StreamEvent) => void): Promise<void> {
  if (!response.body) return;
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    for (const event of parser.push(decoder.decode(value, { stream: true }))) onEvent(event);
  }
  for (const event of parser.push("\n\n")) onEvent(event);
}

/** Posts `body` and hands over the answer's events as they come. Resolves with the response at its end; throws ApiError. */
export async function streamEvents(
  path: string,
  body: unknown,
  onEvent: (event: StreamEvent) => void,
  signal?: AbortSignal,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await request(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { Accept: "text/event-stream", ...headers },
    ...(signal ? { signal } : {}),
  });
  await readEvents(response, onEvent);
  return response;
}

const RETRY_MS = [500, 1000, 2000, 5000];

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

interface Following {
  lastId?: string;
  attempt: number;
  ended: boolean;
}

async function follow(path: string, signal: AbortSignal, onEvent: (event: StreamEvent) => boolean): Promise<void> {
  const state: Following = { attempt: 0, ended: false };
  while (!signal.aborted && !state.ended) {
    try {
      const response = await request(path, { signal, headers: { Accept: "text/event-stream", ...(state.lastId ? { "Last-Event-ID": state.lastId } : {}) } });
      await readEvents(response, (event) => {
        state.attempt = 0;
        if (event.id !== undefined) state.lastId = event.id;
        if (!onEvent(event)) state.ended = true;
      });
    } catch (error) {
      const { status } = asProblem(error);
      if (status >= 400 && status < 500) throw error;
    }
    await pause(RETRY_MS[Math.min(state.attempt, RETRY_MS.length - 1)] ?? 5000, signal);
    state.attempt += 1;
  }
}

/**
 * Follows a GET stream of events while `path` is set; resumes by Last-Event-ID after a lost connection.
 * `onEvent` returns false when nothing more is to come, until `turn` is another. Returns the problem that ended it for good, if one did.
 */
export function useEventStream(path: string | null, onEvent: (event: StreamEvent) => boolean, turn = 0): Problem | undefined {
  const handler = useRef(onEvent);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    handler.current = onEvent;
  });
  useEffect(() => {
    if (!path) return undefined;
    const stop = new AbortController();
    follow(path, stop.signal, (event) => handler.current(event)).catch((error: unknown) => {
      if (!stop.signal.aborted) setProblem(asProblem(error));
    });
    return () => {
      stop.abort();
    };
  }, [path, turn]);
  return problem;
}
