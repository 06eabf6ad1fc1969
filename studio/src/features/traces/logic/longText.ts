/** A text of any length as rows of one height, so that only those in sight are in the page; and what is found in it. */

/** Characters of a row: what is longer goes on in the next one. */
export const ROW_LENGTH = 110;
/** So many places are told at most. */
export const MOST_FOUND = 10_000;

const BREAK = /[\n\r]/;

/** Where each row of a text begins; a row ends at a line's end, or after `length` characters, never within one of two code units. */
export function rowStarts(text: string, length: number = ROW_LENGTH): readonly number[] {
  const starts = [0];
  let start = 0;
  while (start < text.length) {
    const line = text.indexOf("\n", start);
    const shown = line < 0 ? text.length : text[line - 1] === "\r" ? line - 1 : line;
    let end = line < 0 ? text.length : line + 1;
    if (shown - start > length) {
      end = start + length;
      const unit = text.charCodeAt(end);
      if (unit >= 0xdc00 && unit <= 0xdfff) end -= 1;
    }
    start = end;
    if (start < text.length || text[start - 1] === "\n") starts.push(start);
  }
  return starts;
}

/** A row's text, without its line's end. */
export function rowText(text: string, starts: readonly number[], row: number): string {
  const shown = text.slice(starts[row], starts[row + 1] ?? text.length);
  return BREAK.test(shown) ? shown.replace(/\r?\n$/, "") : shown;
}

/** The row in which a place of the text is. */
export function rowOf(starts: readonly number[], place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where `wanted` stands in a text, whatever its case, the first `MOST_FOUND` places. `lowered`: the text in lower case. */
export function placesOf(lowered: string, wanted: string): readonly number[] {
  const places: number[] = [];
  const word = wanted.toLowerCase();
  if (word === "") return places;
  for (let place = lowered.indexOf(word); place >= 0 && places.length < MOST_FOUND; place = lowered.indexOf(word, place + word.length)) places.push(place);
  return places;
}

/** A text in lower case with each character where it was: one whose lower case is longer stays as it is. */
export function lowerCase(text: string): string {
  const lowered = text.toLowerCase();
  return lowered.length === text.length ? lowered : Array.from(text, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join("");
}

export interface Piece {
  readonly text: string;
  /** Which of the places it is part of; null: of none. */
  readonly found: number | null;
}

/** A row in pieces, by what was found: what begins in one row may end in the next. */
export function piecesOf(row: string, start: number, places: readonly number[], length: number): readonly Piece[] {
  const pieces: Piece[] = [];
  const end = start + row.length;
  // The first place that ends after the row's begin.
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) + length <= start) low = middle + 1;
    else high = middle;
  }
  let at = start;
  for (let index = low; index < places.length && (places[index] ?? end) < end; index += 1) {
    const place = places[index] ?? end;
    if (place > at) pieces.push({ text: row.slice(at - start, place - start), found: null });
    const stop = Math.min(end, place + length);
    pieces.push({ text: row.slice(Math.max(at, place) - start, stop - start), found: index });
    at = stop;
  }
  if (at < end || pieces.length === 0) pieces.push({ text: row.slice(at - start), found: null });
  return pieces;
}
