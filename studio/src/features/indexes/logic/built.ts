import { formatNumber } from "@/lib/format";

/** What a build did, as its job's result says. */
export interface Built {
  readonly name: string;
  readonly version: string;
  readonly made: boolean;
  readonly documents: number;
  readonly chunks: number;
  readonly unread: number;
  readonly embedded: number;
}

/** The result of a build's job; null for none. */
export function builtBy(result: unknown): Built | null {
  if (typeof result !== "object" || result === null || !("version" in result) || !("made" in result)) return null;
  return result as Built;
}

export function counted(count: number, noun: string): string {
  return `${formatNumber(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** The same in a sentence. */
export function tellBuilt({ version, made, documents, chunks, unread, embedded }: Built): string {
  if (!made) return `Nothing differs from version ${version}, so no other was made.`;
  const left = unread === 0 ? "" : ` ${counted(unread, "file")} could not be read; Documents says why.`;
  return `Version ${version} has ${counted(documents, "document")} in ${counted(chunks, "chunk")}, of which ${formatNumber(embedded)} ${embedded === 1 ? "was" : "were"} embedded now.${left}`;
}
