/** A piece of a text; `hit`: a word of the question. */
export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

const COMMON = new Set("a an and are as at be by do does for from has have how i if in is it of on or that the this to was what when where which who why will with you".split(" "));
const WORD = /[\p{L}\p{N}_]+/gu;

/** A word without its ending, so that "deployments" is found by "deployment". */
function stem(word: string): string {
  const lower = word.toLowerCase();
  const cut = lower.replace(/(ings?|ed|es|s)$/, "");
  return cut.length >= 3 ? cut : lower;
}

/** The words of a question that say something; all of them where none does. */
export function wordsOf(question: string): ReadonlySet<string> {
  const words = question.match(WORD) ?? [];
  const telling = words.filter((word) => !COMMON.has(word.toLowerCase()));
  return new Set((telling.length > 0 ? telling : words).map(stem));
}

/** Divides a text into what the question asks for by words and what lies between. */
export function markWords(text: string, words: ReadonlySet<string>): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(WORD)) {
    if (!words.has(stem(found[0]))) continue;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), hit: false });
    pieces.push({ text: found[0], hit: true });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hit: false });
  return pieces;
}
