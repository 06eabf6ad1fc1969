/** A file as the server has it; `text` null: it is no text. */
export interface ServerFile {
  readonly text: string | null;
  readonly etag: string;
}

/** A file in a listing. */
export interface ListedFile {
  readonly etag: string;
  readonly bytes: number;
}

/** The files of a flow by their paths. */
export type Listing = ReadonlyMap<string, ListedFile>;

/** The files of a flow on the server. All throw ApiError: 412 where a file is another version than the one that was given. */
export interface FlowFiles {
  list(): Promise<Listing>;
  /** A file, or null where there is none. */
  read(path: string): Promise<ServerFile | null>;
  /** Writes over version `etag` (null: the file must not be there yet), and returns the new version. */
  write(path: string, text: string, etag: string | null): Promise<string>;
  remove(path: string, etag: string): Promise<void>;
}

/** An edit that the server does not have yet, with what it was made from. */
export interface Draft {
  readonly text: string | null;
  readonly base: ServerFile | null;
}

/** Where edits are kept that the server does not have yet, over a reload too. */
export interface Drafts {
  read(): Readonly<Record<string, Draft>>;
  put(path: string, draft: Draft | null): void;
}

/** Keeps the drafts of a flow in the browser's own storage. */
export function browserDrafts(workspace: string, flow: string, storage: Storage = localStorage): Drafts {
  const prefix = `flowyard-draft/${workspace}/${flow}/`;
  return {
    read: () =>
      Object.fromEntries(
        Object.keys(storage)
          .filter((key) => key.startsWith(prefix))
          .map((key) => [key.slice(prefix.length), JSON.parse(storage.getItem(key) ?? "null") as Draft]),
      ),
    put: (path, draft) => {
      if (draft === null) storage.removeItem(prefix + path);
      else storage.setItem(prefix + path, JSON.stringify(draft));
    },
  };
}
