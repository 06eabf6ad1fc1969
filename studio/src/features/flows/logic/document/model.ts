import type { Document } from "yaml";
import type { Problem } from "@/api/problem";
import type { ServerFile } from "./ports";

/** `offline`: edits are kept in this browser and sent when the server takes them; `conflict`: somebody else changed the same lines. */
export type DocumentStatus = "saved" | "saving" | "offline" | "conflict";

/** Two versions of a file that do not go together; null: the file is not there. Both are kept until one is chosen. */
export interface Conflict {
  readonly mine: string | null;
  readonly theirs: ServerFile | null;
}

/** A flow as a live document: what every view shows, and where every view makes its edits. A new object with every change. */
export interface FlowDocument {
  /** The file that defines the flow: flow.dag.yaml, flow.flex.yaml, or a .prompty; null while the files are not known, or there is none. */
  readonly main: string | null;
  /** The paths of all files, sorted. */
  readonly paths: readonly string[];
  /** The text of a file; null while it is on its way, where there is none, or where it is no text. Asking for it loads it. */
  readonly text: (path: string) => string | null;
  /** False for a file that was read and is no text, or too large a one to be shown. */
  readonly isText: (path: string) => boolean;
  /** The size of a file on the server; null where it is not there yet. */
  readonly bytes: (path: string) => number | null;
  /** The main file's YAML (of a prompty: its front matter), read for looking at; null where it cannot be read. */
  readonly yaml: Document | null;
  /** Counts up with every change of any text. */
  readonly version: number;
  /** Changes the main file by its YAML; other lines stay as they are. Throws Error where it cannot be read. */
  readonly edit: (what: string, change: (doc: Document) => void) => void;
  /** Changes the text of a file, or makes it. Typing that goes on is undone as one. */
  readonly setText: (path: string, text: string, what?: string) => void;
  /** Changes several files as one edit; null removes a file. A `change` of the main file's YAML may go with it. */
  readonly editFiles: (what: string, files: Readonly<Record<string, string | null>>, change?: (doc: Document) => void) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** What undo would take back; null: nothing. */
  readonly canUndo: string | null;
  readonly canRedo: string | null;
  readonly status: DocumentStatus;
  /** Why nothing can be changed; null: it can. */
  readonly readOnly: string | null;
  /** The files whose edits the server does not have yet. */
  readonly unsaved: ReadonlySet<string>;
  readonly conflicts: Readonly<Record<string, Conflict>>;
  /** Settles a conflict with this text, which goes over both versions; null: the file goes. */
  readonly resolve: (path: string, text: string | null) => void;
  /** What the server refused at last, if it did. */
  readonly problem: Problem | null;
  /** What happened without being asked for, the last thing: a merge, an edit that could not be undone. */
  readonly note: string | null;
  readonly dismissNote: () => void;
  /** Sends what is not sent at once; resolves when the server has it, or cannot be reached. */
  readonly save: () => Promise<void>;
}
