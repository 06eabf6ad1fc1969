import type { IndexHit } from "@/api/types";
import { formatNumber } from "@/lib/format";

/** A score of a hit, as a row of its table. */
export interface ScoreRow {
  readonly name: string;
  readonly what: string;
  readonly score: number;
  readonly rank: number;
}

/** The scores that a hit has, in the order in which they come about. */
export function scoresOf(hit: Pick<IndexHit, "vector" | "words" | "fused" | "reranked">): readonly ScoreRow[] {
  const rows = [
    { name: "Meaning", what: "cosine similarity of vectors", value: hit.vector },
    { name: "Words", what: "BM25", value: hit.words },
    { name: "Fused", what: "sum of 1 / (60 + rank)", value: hit.fused },
    { name: "Reranked", what: "the reranking model, which read question and chunk together", value: hit.reranked },
  ];
  return rows.flatMap(({ name, what, value }) => (value ? [{ name, what, score: value.score, rank: value.rank }] : []));
}

/** A place in an order: 1st, 2nd, 3rd, 11th. */
export function ordinal(rank: number): string {
  const ending = { one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" }[new Intl.PluralRules("en", { type: "ordinal" }).select(rank)];
  return `${formatNumber(rank)}${ending}`;
}

/** Why a hit stands where it does, in a sentence or two. */
export function whyHere(hit: Pick<IndexHit, "vector" | "words" | "fused" | "reranked">): string {
  const { vector, words, fused, reranked } = hit;
  if (reranked) {
    const before = (fused ?? vector ?? words)?.rank ?? reranked.rank;
    const moved = before === reranked.rank ? "kept it there" : `moved it ${before > reranked.rank ? "up" : "down"} from the ${ordinal(before)} place`;
    return `The reranking model read it with the question and ${moved}. ${whyHere({ ...hit, reranked: null })}`;
  }
  if (fused) {
    if (vector && words) return `${ordinal(vector.rank)} by meaning and ${ordinal(words.rank)} by words: found both ways, it counts twice.`;
    if (vector) return `${ordinal(vector.rank)} by meaning; by words it is not among the candidates.`;
    if (words) return `${ordinal(words.rank)} by words; by meaning it is not among the candidates.`;
  }
  if (vector) return `${ordinal(vector.rank)} by meaning; words were not asked.`;
  return words ? `${ordinal(words.rank)} by words; meaning was not asked.` : "";
}
