import type { AccessRule, ChunkRecipe, Index } from "@/api/types";
import { nameProblem } from "@/lib/names";

export const STRATEGIES: Record<ChunkRecipe["strategy"] & string, string> = { structure: "By structure", tokens: "By length" };

/** How documents are cut and who finds them, as it is typed. */
export interface Draft {
  readonly strategy: "structure" | "tokens";
  readonly maxTokens: number;
  readonly overlap: number;
  readonly rules: readonly AccessRule[];
}

/** What is wrong with the name of an index; null for a good one. */
export function indexNameProblem(name: string): string | null {
  return name === "new" ? "New is where indexes are made: take another name." : nameProblem(name);
}

/** What a draft starts with: as the version before, or as a new index does. */
export function startOf(before: Index | null): Draft {
  const { chunking, access } = before?.latest ?? {};
  return { strategy: chunking?.strategy ?? "structure", maxTokens: chunking?.max_tokens ?? 256, overlap: chunking?.overlap_tokens ?? 32, rules: access ?? [] };
}

/** What is wrong with a way of cutting; null for a good one. */
export function cuttingProblem({ maxTokens, overlap }: Pick<Draft, "maxTokens" | "overlap">): string | null {
  if (!Number.isInteger(maxTokens) || maxTokens < 16) return "A chunk has at least 16 tokens.";
  if (!Number.isInteger(overlap) || overlap < 0 || overlap * 2 > maxTokens) return "The overlap is at most half of a chunk.";
  return null;
}

/** What is wrong with rules of access; null for good ones. */
export function rulesProblem(rules: readonly AccessRule[]): string | null {
  return rules.some(({ tags }) => tags.length === 0) ? "Give each rule a tag or more, or remove it." : null;
}

export function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

interface Asked {
  readonly name: string;
  /** What it is built of: options with their values. */
  readonly source: readonly (readonly [string, string])[];
  /** null: the index has its model. */
  readonly model: string | null;
  readonly draft: Draft;
}

/** The command that does the same. */
export function commandOf({ name, source, model, draft }: Asked): string {
  const parts = [
    `flowyard index create ${quoted(name || "NAME")}`,
    ...source.map(([option, value]) => `${option} ${quoted(value)}`),
    ...(model === null ? [] : [`--embedding-model ${quoted(model || "MODEL")}`]),
    `--strategy ${draft.strategy}`,
    `--max-tokens ${draft.maxTokens} --overlap ${draft.overlap}`,
    ...draft.rules.filter(({ tags }) => tags.length > 0).map(({ under, tags }) => `--access ${quoted(`${under}=${tags.join(",")}`)}`),
  ];
  return parts.join(" \\\n  ");
}
