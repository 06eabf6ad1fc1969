import type { Document } from "yaml";
import { asProblem, type Problem } from "@/api/problem";
import { changed, type FileChange, type History, NO_HISTORY, remember, turned } from "./history";
import { merge3 } from "./lines";
import { editMain, readMain } from "./mainFile";
import type { Conflict, DocumentStatus, FlowDocument } from "./model";
import type { Draft, Drafts, FlowFiles, Listing, ServerFile } from "./ports";

/** A file as it is here, and as the server had it when it was last read or written; null: it is not there. */
interface Copy {
  readonly base: ServerFile | null;
  readonly text: string | null;
  readonly conflict?: Conflict;
}

interface Options {
  readonly files: FlowFiles;
  readonly drafts: Drafts;
  /** How long edits are collected before they are sent, milliseconds. */
  readonly delay?: number;
  /** How long to wait before a server is asked again that did not answer, milliseconds, for each time in a row. */
  readonly retry?: readonly number[];
}

const SAVE_AFTER_MS = 400;
const RETRY_MS = [500, 1000, 2000, 5000];
const MAIN = ["flow.dag.yaml", "flow.dag.yml", "flow.flex.yaml", "flow.flex.yml"];

function isDirty(copy: Copy): boolean {
  return copy.text !== (copy.base?.text ?? null) && copy.base?.text !== null;
}

function mainOf(paths: readonly string[]): string | null {
  return MAIN.find((name) => paths.includes(name)) ?? paths.find((path) => path.endsWith(".prompty") && !path.includes("/")) ?? null;
}

/** No answer, or one that may be another in a moment. */
function passes(problem: Problem): boolean {
  return problem.status === 0 || problem.status >= 500 || problem.status === 429;
}

/**
 * The files of a flow as this browser has them: edits show at once, are sent after a moment, and are brought together with what others
 * wrote meanwhile. No text is ever lost: what the server does not have is kept in the browser, what does not go together is kept twice.
 */
export class FlowStore {
  readonly #files: FlowFiles;
  readonly #drafts: Drafts;
  readonly #delay: number;
  readonly #retry: readonly number[];
  readonly #copies = new Map<string, Copy>();
  readonly #loading = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** What was sent and not answered for: the server may have it all the same. */
  readonly #attempts = new Map<string, (string | null)[]>();
  #listing: Listing | null = null;
  #history: History = NO_HISTORY;
  #version = 0;
  #sending: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #problem: Problem | null = null;
  #note: string | null = null;
  #readOnly: string | null = null;
  /** How many views have it open: nothing is sent while none has. */
  #views = 0;
  #shown: FlowDocument | null = null;
  #yaml: { readonly text: string; readonly doc: Document | null } | null = null;

  constructor({ files, drafts, delay = SAVE_AFTER_MS, retry = RETRY_MS }: Options) {
    this.#files = files;
    this.#drafts = drafts;
    this.#delay = delay;
    this.#retry = retry;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** The document as it is now: the same object until something changes. */
  readonly snapshot = (): FlowDocument => {
    this.#shown ??= this.#document();
    return this.#shown;
  };

  /** Takes up what this browser kept, and reads the flow. */
  async open(): Promise<void> {
    this.#views += 1;
    for (const [path, { base, text }] of Object.entries(this.#drafts.read())) {
      if (!this.#copies.has(path)) this.#copies.set(path, { base, text });
    }
    await this.refresh();
  }

  /** Ends one `open`. Nothing is sent once all ended; what is not sent stays in the browser. */
  close(): void {
    this.#views -= 1;
    if (this.#closed) clearTimeout(this.#timer);
  }

  get #closed(): boolean {
    return this.#views <= 0;
  }

  #isSending(): boolean {
    return this.#sending !== null;
  }

  setReadOnly(why: string | null): void {
    if (why === this.#readOnly) return;
    this.#readOnly = why;
    this.#changed(false);
  }

  /** Looks what is new on the server: of all files, or as `listing` says. Files that were loaded are read again where they changed. */
  async refresh(listing?: Listing): Promise<void> {
    try {
      const found = listing ?? (await this.#files.list());
      this.#reached();
      this.#listing = found;
      await this.#sending;
      const main = mainOf(this.#paths());
      if (main !== null && !this.#copies.has(main)) await this.#load(main);
      const old = [...this.#copies].filter(([path, { base }]) => (found.get(path)?.etag ?? null) !== (base?.etag ?? null)).map(([path]) => path);
      for (const path of old) await this.#reload(path, found.has(path));
      this.#changed();
      this.#sendSoon(0);
    } catch (error) {
      this.#failed(asProblem(error));
    }
  }

  #paths(): readonly string[] {
    const paths = new Set(this.#listing?.keys());
    for (const [path, { text, base }] of this.#copies) {
      if (text !== null) paths.add(path);
      else if (base?.text !== null) paths.delete(path);
    }
    return [...paths].sort();
  }

  #document(): FlowDocument {
    const paths = this.#paths();
    const main = mainOf(paths);
    const dirty = [...this.#copies].filter(([, copy]) => isDirty(copy)).map(([path]) => path);
    const conflicts = Object.fromEntries([...this.#copies].flatMap(([path, { conflict }]) => (conflict ? [[path, conflict] as const] : [])));
    return {
      main,
      paths,
      text: this.#text,
      isText: (path) => this.#copies.get(path)?.base?.text !== null,
      bytes: (path) => this.#listing?.get(path)?.bytes ?? null,
      yaml: this.#mainYaml(main),
      version: this.#version,
      edit: (what, change) => {
        this.editFiles(what, {}, change);
      },
      setText: (path, text, what) => {
        this.#apply(what ?? `Edit ${path}`, [{ path, before: this.#copies.get(path)?.text ?? null, after: text }], true);
      },
      editFiles: this.editFiles,
      undo: this.undo,
      redo: this.redo,
      canUndo: this.#readOnly === null ? (this.#history.past.at(-1)?.what ?? null) : null,
      canRedo: this.#readOnly === null ? (this.#history.future.at(-1)?.what ?? null) : null,
      status: this.#status(dirty.length > 0, Object.keys(conflicts).length > 0),
      readOnly: this.#readOnly,
      unsaved: new Set(dirty),
      conflicts,
      resolve: this.resolve,
      problem: this.#problem,
      note: this.#note,
      dismissNote: () => {
        this.#note = null;
        this.#changed(false);
      },
      save: this.save,
    };
  }

  #status(dirty: boolean, conflict: boolean): DocumentStatus {
    if (conflict) return "conflict";
    if (this.#problem !== null) return "offline";
    return dirty || this.#sending !== null ? "saving" : "saved";
  }

  #mainYaml(main: string | null): Document | null {
    const text = main === null ? null : this.#copies.get(main)?.text;
    if (main === null || text === null || text === undefined) return null;
    if (this.#yaml?.text !== text) this.#yaml = { text, doc: readMain(main, text) };
    return this.#yaml.doc;
  }

  readonly #text = (path: string): string | null => {
    const copy = this.#copies.get(path);
    if (copy) return copy.text;
    if (this.#listing?.has(path)) queueMicrotask(() => void this.#load(path));
    return null;
  };

  readonly editFiles = (what: string, files: Readonly<Record<string, string | null>>, change?: (doc: Document) => void): void => {
    const changes = Object.entries(files).map(([path, after]) => ({ path, before: this.#copies.get(path)?.text ?? null, after }));
    const main = mainOf(this.#paths());
    if (change) {
      const before = main === null ? null : (this.#copies.get(main)?.text ?? null);
      if (main === null || before === null) throw new Error("The flow's file is not read yet, or there is none.");
      changes.push({ path: main, before, after: editMain(main, before, change) });
    }
    this.#apply(what, changes, false);
  };

  #apply(what: string, changes: readonly FileChange[], typed: boolean): void {
    const real = changes.filter(({ before, after }) => before !== after);
    if (this.#readOnly !== null || real.length === 0) return;
    this.#history = remember(this.#history, { what, changes: real, at: performance.now() }, typed);
    for (const { path, after } of real) this.#set(path, after);
    this.#changed();
    this.#sendSoon(this.#delay);
  }

  #set(path: string, text: string | null): void {
    const { base = null, conflict } = this.#copies.get(path) ?? {};
    this.#put(path, { base, text, ...(conflict ? { conflict: { ...conflict, mine: text } } : {}) });
  }

  #put(path: string, copy: Copy): void {
    this.#copies.set(path, copy);
    const draft: Draft | null = isDirty(copy) ? { base: copy.base, text: copy.text } : null;
    try {
      this.#drafts.put(path, draft);
    } catch {
      // The browser's storage is full or off: the edit is kept as long as the page is open, and the page asks before it is left.
    }
  }

  readonly undo = (): void => {
    this.#step(this.#history.past.at(-1), true);
  };

  readonly redo = (): void => {
    this.#step(this.#history.future.at(-1), false);
  };

  #step(entry: History["past"][number] | undefined, back: boolean): void {
    if (!entry || this.#readOnly !== null) return;
    const { past, future } = this.#history;
    const texts = entry.changes.map((change) => [change.path, changed(this.#copies.get(change.path)?.text ?? null, back ? turned(change) : change)] as const);
    const possible = texts.every(([, text]) => text !== undefined);
    this.#history = back
      ? { past: past.slice(0, -1), future: possible ? [...future, entry] : future }
      : { past: possible ? [...past, entry] : past, future: future.slice(0, -1) };
    if (possible) for (const [path, text] of texts) this.#set(path, text ?? null);
    else this.#note = `“${entry.what}” cannot be ${back ? "undone" : "done again"}: the same lines were changed since. Earlier versions are under History.`;
    this.#changed();
    this.#sendSoon(this.#delay);
  }

  readonly resolve = (path: string, text: string | null): void => {
    const copy = this.#copies.get(path);
    if (!copy?.conflict) return;
    const { theirs } = copy.conflict;
    // What is put aside can be brought back: one undo away.
    this.#history = remember(this.#history, { what: `Settle the conflict of ${path}`, changes: [{ path, before: copy.text, after: text }], at: performance.now() }, false);
    this.#put(path, { base: theirs, text });
    this.#changed();
    this.#sendSoon(0);
  };

  async #load(path: string): Promise<void> {
    if (this.#copies.has(path) || this.#loading.has(path)) return;
    this.#loading.add(path);
    try {
      const found = await this.#files.read(path);
      if (!this.#copies.has(path) && found) this.#copies.set(path, { base: found, text: found.text });
      this.#changed();
    } catch (error) {
      this.#failed(asProblem(error));
    } finally {
      this.#loading.delete(path);
    }
  }

  async #reload(path: string, isThere: boolean): Promise<void> {
    const theirs = await this.#readBetweenWrites(path, isThere);
    const copy = this.#copies.get(path);
    if (!copy || (theirs?.etag ?? null) === (copy.base?.etag ?? null)) return;
    if (!isDirty(copy)) {
      if (theirs === null) this.#copies.delete(path);
      else this.#put(path, { base: theirs, text: theirs.text });
      return;
    }
    this.#bringTogether(path, copy, theirs);
  }

  /** What the server has of a file while nothing is on its way there: an answer that a write overtook says nothing of who wrote. */
  async #readBetweenWrites(path: string, isThere: boolean): Promise<ServerFile | null> {
    for (;;) {
      while (this.#isSending()) await this.#sending?.catch(() => undefined);
      const before = this.#copies.get(path)?.base;
      // A listing without it may be older than the file.
      const found = isThere || (await this.#files.list()).has(path) ? await this.#files.read(path) : null;
      if (!this.#isSending() && this.#copies.get(path)?.base === before) return found;
    }
  }

  #bringTogether(path: string, copy: Copy, theirs: ServerFile | null): void {
    const base = copy.base?.text ?? null;
    // What was sent from here and not answered is no change of somebody else.
    if ([copy.text, ...(this.#attempts.get(path) ?? [])].includes(theirs?.text ?? null)) {
      this.#put(path, { base: theirs, text: copy.text });
      return;
    }
    if (base !== null && copy.text !== null && typeof theirs?.text === "string") {
      const merged = merge3(base, copy.text, theirs.text);
      if (merged.clashes === 0) {
        this.#put(path, { base: theirs, text: merged.text });
        this.#note = `${path} was changed by somebody else meanwhile: both changes are in it now.`;
        return;
      }
    }
    this.#put(path, { base: copy.base, text: copy.text, conflict: { mine: copy.text, theirs } });
  }

  #sendSoon(delay: number): void {
    if (this.#closed || this.#readOnly !== null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), delay);
  }

  readonly save = async (): Promise<void> => {
    clearTimeout(this.#timer);
    while (this.#sending !== null) await this.#sending;
    const next = [...this.#copies].filter(([, copy]) => isDirty(copy) && !copy.conflict);
    if (this.#closed || this.#readOnly !== null || next.length === 0) return;
    this.#sending = this.#send(next.map(([path]) => path));
    this.#changed(false);
    try {
      await this.#sending;
      this.#reached();
    } catch (error) {
      this.#failed(asProblem(error));
    } finally {
      this.#sending = null;
      this.#changed(false);
    }
    if (this.#problem === null && [...this.#copies.values()].some((copy) => isDirty(copy) && !copy.conflict)) this.#sendSoon(this.#delay);
  };

  async #send(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const copy = this.#copies.get(path);
      if (copy && isDirty(copy) && !copy.conflict) await this.#sendOne(path, copy);
    }
  }

  async #sendOne(path: string, { base, text }: Copy): Promise<void> {
    this.#attempts.set(path, [...(this.#attempts.get(path) ?? []), text]);
    try {
      if (text !== null) this.#sent(path, { text, etag: await this.#files.write(path, text, base?.etag ?? null) });
      else if (base !== null) {
        await this.#files.remove(path, base.etag);
        this.#sent(path, null);
      }
    } catch (error) {
      const { status } = asProblem(error);
      if (status !== 412 && !(status === 404 && text === null)) throw error;
      const theirs = await this.#files.read(path);
      const copy = this.#copies.get(path);
      if (copy) this.#bringTogether(path, copy, theirs);
      this.#changed();
    }
  }

  /** The server has a text now; what was typed meanwhile is made from it. */
  #sent(path: string, base: ServerFile | null): void {
    this.#attempts.delete(path);
    const copy = this.#copies.get(path);
    if (!copy) return;
    const listing = new Map(this.#listing);
    if (base === null) listing.delete(path);
    else listing.set(path, { etag: base.etag, bytes: new TextEncoder().encode(base.text ?? "").length });
    this.#listing = listing;
    if (base === null && copy.text === null) {
      this.#put(path, { base, text: null });
      this.#copies.delete(path);
    } else this.#put(path, { base, text: copy.text });
  }

  #reached(): void {
    this.#failures = 0;
    this.#problem = null;
  }

  #failed(problem: Problem): void {
    this.#problem = problem;
    this.#changed(false);
    if (this.#closed || !passes(problem)) return;
    const wait = this.#retry[Math.min(this.#failures, this.#retry.length - 1)] ?? 0;
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), wait);
  }

  #changed(texts = true): void {
    if (texts) this.#version += 1;
    this.#shown = null;
    for (const listener of this.#listeners) listener();
  }
}
