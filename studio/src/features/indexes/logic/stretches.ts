import type { IndexChunk } from "@/api/types";

/** A part of a document's text that the same chunks have, on one page. `page` is set where a page begins with it. */
export interface Stretch {
  readonly start: number;
  readonly text: string;
  readonly chunks: readonly IndexChunk[];
  readonly page: number | null;
}

/**
 * A document's text, put together from its chunks and parted wherever one begins or ends, or a page does: chunks overlap, and white space
 * between two may be in neither, which a line break then stands for.
 */
export function stretchesOf(chunks: readonly IndexChunk[]): Stretch[] {
  // What of a chunk stands on its first page begins where the chunk does.
  const turns = new Set(chunks.flatMap(({ pages }) => (pages ?? []).slice(1).map((page) => page.start)));
  const edges = [...new Set([...turns, ...chunks.flatMap(({ start, end }) => [start, end])])].sort((one, other) => one - other);
  const found: Stretch[] = [];
  let page: number | null = null;
  for (const [place, start] of edges.entries()) {
    const end = edges[place + 1];
    if (end === undefined) break;
    const here = chunks.filter((chunk) => chunk.start <= start && chunk.end >= end);
    const [first] = here;
    if (first === undefined) {
      found.push({ start, text: "\n", chunks: [], page: null });
      continue;
    }
    const begins = pageAt(here, start);
    const turned = begins !== null && begins !== page;
    if (turned) page = begins;
    // Characters are counted as Python counts them: a character outside the basic plane is one.
    const text = Array.from(first.text)
      .slice(start - first.start, end - first.start)
      .join("");
    found.push({ start, text: turns.has(end) ? text.trimEnd() : text, chunks: here, page: turned ? begins : null });
  }
  return found;
}

/** The page on which a character stands: as its chunk keeps it, or, of an older index, the one that most of the chunk is on. */
function pageAt(chunks: readonly IndexChunk[], at: number): number | null {
  for (const { pages, page, start } of chunks) {
    const on = pages?.find((one) => one.start <= at && at < one.end)?.number ?? (start === at ? page : null);
    if (on !== null) return on;
  }
  return null;
}

/** The chunk that has a character of the document's text, by its number in the address; empty for none. */
export function chunkAt(chunks: readonly IndexChunk[], at: string): string {
  if (!/^\d+$/.test(at)) return "";
  const place = Number(at);
  return chunks.find(({ start, end }) => start <= place && place < end)?.id ?? "";
}
