import type { PathFile } from "@/api/parts";
import type { ChunkRecipe, Index } from "@/api/types";
import type { Draft } from "./draft";
import type { From } from "./origin";
import { readCut, writeCut } from "./tuned";

/** So many ways of cutting stand side by side. */
export const MOST_WAYS = 3;

/** Where a document to be cut is: among files that are not sent yet, in data, or in an index. */
export type CutFrom = { readonly files: readonly PathFile[] } | { readonly data: string } | { readonly index: string; readonly version: string };

interface Chosen {
  readonly from: From;
  readonly files: readonly PathFile[];
  readonly asset: string | null;
}

/** Where documents of a build can be looked at before it: those chosen, or those of the index as it is; null while there are none here. */
export function cutFrom({ from, files, asset }: Chosen, before: Index | null): CutFrom | null {
  if (from === "files" && files.length > 0) return { files };
  if (from === "asset" && asset !== null) return { data: asset };
  return before === null ? null : { index: before.name, version: before.latest.version };
}

/** A draft's way of cutting. */
export function wayOf({ strategy, maxTokens, overlap }: Pick<Draft, "strategy" | "maxTokens" | "overlap">): ChunkRecipe {
  return { strategy, max_tokens: maxTokens, overlap_tokens: overlap };
}

/** A draft's way beside two others: half as long, and by the other strategy. */
export function sideBySide(present: ChunkRecipe): string[] {
  const { strategy = "structure", max_tokens: most = 256, overlap_tokens: overlap = 32 } = present;
  const half = Math.max(16, Math.floor(most / 2));
  const others: ChunkRecipe[] = [
    { strategy, max_tokens: half, overlap_tokens: Math.min(overlap, Math.floor(half / 2)) },
    { strategy: strategy === "structure" ? "tokens" : "structure", max_tokens: most, overlap_tokens: overlap },
  ];
  return [...new Set([present, ...others].map(writeCut))];
}

/** The ways that were written, and what is wrong with them; null when nothing is. */
export function readWays(texts: readonly string[]): { readonly ways: readonly ChunkRecipe[]; readonly problem: string | null } {
  const ways = texts.flatMap((text) => readCut(text) ?? []);
  const wrong = texts.find((text) => readCut(text) === null);
  if (wrong !== undefined) return { ways, problem: `${wrong} is no way of cutting: write structure:256:32, with an overlap of half of it at most.` };
  return { ways, problem: ways.length === 0 ? "Write a way of cutting or more." : null };
}

/** A way of cutting in words. */
export function tellWay({ strategy = "structure", max_tokens: most = 256, overlap_tokens: overlap = 32 }: ChunkRecipe): string {
  return `${strategy === "structure" ? "By structure" : "By length"}, ${String(most)} + ${String(overlap)}`;
}
