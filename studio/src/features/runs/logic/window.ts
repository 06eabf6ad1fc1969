/** Which pages of rows a part of a long list needs. Rows are counted from 0. */

export const PAGE_ROWS = 200;
/** So many rows are in one scroll area at most: browsers limit how high an element can be. */
export const AREA_ROWS = 100_000;

/** The offsets of the pages that hold the rows from `first` to `last`, both included. */
export function pageOffsets(first: number, last: number): number[] {
  if (last < first) return [];
  const from = Math.floor(first / PAGE_ROWS);
  const to = Math.floor(last / PAGE_ROWS);
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * PAGE_ROWS);
}

/** The rows of the pages that hold `first` to `last`: scrolling within a page changes nothing. */
export function wholePages(first: number, last: number): { readonly first: number; readonly last: number } {
  const end = Math.max(first, last);
  return { first: first - (first % PAGE_ROWS), last: end - (end % PAGE_ROWS) + PAGE_ROWS - 1 };
}

/** The scroll area that begins at `from`, within `total` rows. */
export function areaOf(from: number, total: number): { readonly start: number; readonly count: number } {
  const start = Math.min(Math.floor(Math.max(from, 0) / AREA_ROWS) * AREA_ROWS, Math.max(0, Math.floor((total - 1) / AREA_ROWS) * AREA_ROWS));
  return { start, count: Math.min(AREA_ROWS, Math.max(0, total - start)) };
}
