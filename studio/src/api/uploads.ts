import { useSyncExternalStore } from "react";
import { fail, STUDIO_HEADERS } from "./client";
import { datastores } from "./datastores";
import { asProblem, type Problem } from "./problem";

/** A file on its way into a datastore. */
export interface Upload {
  readonly id: number;
  readonly workspace: string;
  readonly store: string;
  readonly path: string;
  readonly bytes: number;
  readonly sent: number;
  readonly status: "waiting" | "sending" | "done" | "failed" | "canceled";
  readonly problem?: Problem;
}

interface Sending {
  readonly done: Promise<void>;
  readonly abort: () => void;
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Sends a file by XMLHttpRequest, which alone tells how far it is. */
function send(address: string, file: Blob, onProgress: (sent: number) => void): Sending {
  const call = new XMLHttpRequest();
  const done = new Promise<void>((resolve, reject) => {
    call.upload.onprogress = (event) => onProgress(event.loaded);
    call.onerror = () => {
      reject(new TypeError("network error while uploading"));
    };
    call.onabort = () => {
      reject(new DOMException("canceled", "AbortError"));
    };
    call.onload = () => {
      if (call.status >= 200 && call.status < 300) {
        resolve();
        return;
      }
      try {
        fail(bodyOf(call.responseText), new Response(null, { status: Math.max(200, call.status), statusText: call.statusText }));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
  });
  call.open("PUT", address);
  for (const [name, value] of Object.entries({ ...STUDIO_HEADERS, "Content-Type": "application/octet-stream" })) call.setRequestHeader(name, value);
  call.send(file);
  return { done, abort: () => call.abort() };
}

let items: readonly Upload[] = [];
let nextId = 1;
const files = new Map<number, Blob>();
const aborts = new Map<number, () => void>();
const listeners = new Set<() => void>();
const finished = new Set<(upload: Upload) => void>();
let busy = false;

function publish(next: readonly Upload[]): void {
  items = next;
  for (const listener of listeners) listener();
}

function change(id: number, part: Partial<Upload>): void {
  publish(items.map((item) => (item.id === id ? { ...item, ...part } : item)));
}

function ended(id: number, part: Partial<Upload>): void {
  aborts.delete(id);
  change(id, part);
  const upload = items.find((item) => item.id === id);
  if (upload?.status !== "failed") files.delete(id);
  if (upload) for (const listener of finished) listener(upload);
}

function stay(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

async function pump(): Promise<void> {
  if (busy) return;
  busy = true;
  window.addEventListener("beforeunload", stay);
  for (let next = items.find((item) => item.status === "waiting"); next; next = items.find((item) => item.status === "waiting")) {
    const { id, workspace, store, path } = next;
    const file = files.get(id);
    if (!file) {
      change(id, { status: "canceled" });
      continue;
    }
    const sending = send(datastores.contentPath(workspace, store, path), file, (sent) => change(id, { sent }));
    aborts.set(id, sending.abort);
    change(id, { status: "sending", sent: 0 });
    try {
      await sending.done;
      ended(id, { status: "done", sent: file.size });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") ended(id, { status: "canceled" });
      else ended(id, { status: "failed", problem: asProblem(error) });
    }
  }
  window.removeEventListener("beforeunload", stay);
  busy = false;
}

/** What is being uploaded into datastores. It goes on while other pages of the studio are looked at. */
export const uploads = {
  add: (workspace: string, store: string, chosen: readonly { readonly path: string; readonly file: Blob }[]): void => {
    const added = chosen.map(({ path, file }): Upload => {
      const id = nextId++;
      files.set(id, file);
      return { id, workspace, store, path, bytes: file.size, sent: 0, status: "waiting" };
    });
    publish([...items, ...added]);
    void pump();
  },
  cancel: (id: number): void => {
    const abort = aborts.get(id);
    if (abort) abort();
    else ended(id, { status: "canceled" });
  },
  retry: (id: number): void => {
    change(id, { status: "waiting", sent: 0 });
    void pump();
  },
  /** Forgets those that have ended. */
  clear: (workspace: string, store: string): void => {
    publish(items.filter((item) => item.workspace !== workspace || item.store !== store || item.status === "waiting" || item.status === "sending"));
  },
  onEnd: (listener: (upload: Upload) => void): (() => void) => {
    finished.add(listener);
    return () => {
      finished.delete(listener);
    };
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** All uploads of this window, live. */
export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(subscribe, () => items);
}
