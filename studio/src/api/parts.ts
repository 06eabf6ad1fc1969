import { http, request, unwrap } from "./client";
import { ApiError } from "./problem";
import type { DataUpload, UploadInParts } from "./types";

/** A file with its path in the upload. */
export interface PathFile {
  readonly path: string;
  readonly file: File;
}

const all = "/api/v1/workspaces/{workspace}/uploads";
const one = `${all}/{upload}` as const;

const PART_BYTES = 8 * 1024 * 1024;
/** A part that the network loses is sent so often, with a longer wait each time. */
const TRIES = 5;
const WAIT_MS = 500;

/** The same files give the same key, so that what came of them before is not sent again. */
export function keyOf(files: readonly PathFile[]): string {
  return `studio ${files.reduce((sum, { file }) => (sum * 31 + file.lastModified) % 2 ** 40, 7)}`;
}

function received(upload: UploadInParts, path: string): number {
  return upload.files.find((each) => each.path === path)?.received ?? 0;
}

/** Whether the same part may succeed when it is sent again: the network broke off, or the file goes on elsewhere. */
function isPassing(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ApiError && (error.problem.code === "UploadOffset" || error.problem.status >= 502));
}

async function sendPart(workspace: string, upload: UploadInParts, { path, file }: PathFile, signal: AbortSignal): Promise<UploadInParts> {
  const named = { params: { path: { workspace, upload: upload.id } }, signal };
  let before = upload;
  for (let attempt = 1; ; attempt += 1) {
    const offset = received(before, path);
    const query = new URLSearchParams({ path, offset: String(offset) });
    const address = `/api/v1/workspaces/${encodeURIComponent(workspace)}/uploads/${encodeURIComponent(upload.id)}/content?${query.toString()}`;
    try {
      const answer = await request(address, { method: "PUT", body: file.slice(offset, offset + PART_BYTES), headers: { "Content-Type": "application/octet-stream" }, signal });
      return (await answer.json()) as UploadInParts;
    } catch (error) {
      if (attempt === TRIES || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * attempt));
      before = await unwrap(http.GET(one, named));
    }
  }
}

/** Sends files in parts and keeps them as `upload:<digest>`; the same files again go on where the last time broke off. `onProgress` is told the bytes that came. */
export async function uploadInParts(workspace: string, files: readonly PathFile[], onProgress: (sent: number) => void, signal: AbortSignal): Promise<DataUpload> {
  const body = { files: files.map(({ path, file }) => ({ path, bytes: file.size })), key: keyOf(files) };
  let upload = await unwrap(http.POST(all, { params: { path: { workspace } }, body, signal }));
  onProgress(upload.received);
  for (const each of files) {
    while (received(upload, each.path) < each.file.size) {
      upload = await sendPart(workspace, upload, each, signal);
      onProgress(upload.received);
    }
  }
  return unwrap(http.POST(`${one}/complete`, { params: { path: { workspace, upload: upload.id } }, signal }));
}
