/** Unsaved text of a file, and the version of the file (its ETag) that it was made from. */
export interface FileDraft {
  readonly text: string;
  readonly etag: string;
}

/** How unsaved text stands to what is on disk now. */
export type DraftState = "clean" | "unsaved" | "conflict";

/** Whether a file was changed here, and whether it was changed on disk since. Equal texts are never a conflict. */
export function draftState(draft: FileDraft | undefined, content: string, etag: string): DraftState {
  if (!draft || draft.text === content) return "clean";
  return draft.etag === etag ? "unsaved" : "conflict";
}

/** The draft after an edit: none when the text is what is on disk; the version it was made from stays while there is one. */
export function editDraft(draft: FileDraft | undefined, text: string, content: string, etag: string): FileDraft | undefined {
  if (text === content && (!draft || draft.etag === etag)) return undefined;
  return { text, etag: draft?.etag ?? etag };
}
