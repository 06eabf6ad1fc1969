import createClient from "openapi-fetch";
import { ApiError, problemOf } from "./problem";
import type { paths } from "./schema";

/** Tells the server that a request with a session cookie comes from the studio and from no other site. */
export const STUDIO_HEADERS = { "X-Flowyard-Studio": "1" } as const;

/** The typed client of the API; `unwrap` its answers. */
export const http = createClient<paths>({
  baseUrl: typeof window === "undefined" ? "http://localhost" : window.location.origin,
  headers: STUDIO_HEADERS,
  credentials: "same-origin",
  fetch: (request) => globalThis.fetch(request),
});

let signedOut: () => void = () => undefined;

/** Registers what happens when the session has ended (401 on any request). */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** Throws the ApiError that a failed response tells of. */
export function fail(body: unknown, response: Response): never {
  if (response.status === 401) signedOut();
  throw new ApiError(problemOf(body, response), response.headers);
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Returns the body of a successful answer; throws ApiError otherwise. */
export async function unwrap<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending;
  if (!response.ok) fail(error, response);
  return data as T;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A request to the data plane or of a stream, which the generated client does not cover. Throws ApiError unless it succeeds. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, {
    ...init,
    credentials: "same-origin",
    headers: { ...STUDIO_HEADERS, ...(init.body ? { "Content-Type": "application/json" } : {}), ...(init.headers as Record<string, string> | undefined) },
  });
  if (!response.ok) fail(await bodyOf(response), response);
  return response;
}

const WORKSPACE_HEADER = "Flowyard-Workspace";

/** Headers of a data plane call with a session: keys belong to one workspace, a session has to name it. */
export function workspaceHeaders(workspace: string): Record<string, string> {
  return { [WORKSPACE_HEADER]: workspace };
}

/** The trace that a data plane answer belongs to, or undefined. */
export function traceOf({ headers }: Pick<Response, "headers">): string | undefined {
  const direct = headers.get("x-flowyard-trace-id");
  if (direct) return direct;
  return headers.get("traceparent")?.split("-")[1];
}
