/** Which words of a text are not in another one, for showing two answers beside each other. */

export interface Piece {
  readonly text: string;
  readonly fresh: boolean;
}

// The table of the longest common sequence has one cell for each pair of words.
const MOST_PAIRS = 250_000;

function table(base: readonly string[], words: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: base.length + 1 }, () => new Uint16Array(words.length + 1));
  for (let row = base.length - 1; row >= 0; row -= 1) {
    const here = lengths[row];
    const below = lengths[row + 1];
    if (!here || !below) continue;
    for (let column = words.length - 1; column >= 0; column -= 1) {
      here[column] = base[row] === words[column] ? (below[column + 1] ?? 0) + 1 : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return lengths;
}

/** Cuts `text` into pieces and says which are not in `base`, by the longest common sequence of words; a very long text is one piece. */
export function freshWords(base: string, text: string): Piece[] {
  const left = base.split(/(?<=\s)/);
  const right = text.split(/(?<=\s)/);
  if (left.length * right.length > MOST_PAIRS) return [{ text, fresh: base !== text }];
  const lengths = table(left.map((word) => word.trim()), right.map((word) => word.trim()));
  const pieces: Piece[] = [];
  let row = 0;
  for (const [column, word] of right.entries()) {
    while (row < left.length && left[row]?.trim() !== word.trim() && (lengths[row + 1]?.[column] ?? 0) >= (lengths[row]?.[column + 1] ?? 0)) row += 1;
    const common = row < left.length && left[row]?.trim() === word.trim();
    if (common) row += 1;
    const before = pieces.at(-1);
    if (before?.fresh === !common) pieces[pieces.length - 1] = { text: before.text + word, fresh: before.fresh };
    else pieces.push({ text: word, fresh: !common });
  }
  return pieces;
}
