import { type Document, parseDocument, type ToStringOptions } from "yaml";
import { diffLines, type Hunk, splitLines } from "./lines";

/** Reads a YAML text for reading and editing. What is wrong with it is in `errors`; nothing is thrown. */
export function readYaml(text: string): Document {
  return parseDocument(text, { logLevel: "silent" });
}

/** How a text is laid out, as far as its writer can be asked for the same. */
function layoutOf(text: string): ToStringOptions {
  const nested = /^[^\s#-][^\n]*:[ \t]*\n( +)[^\s#-]/m.exec(text);
  return {
    lineWidth: 0,
    indent: Math.min(8, Math.max(2, nested?.[1]?.length ?? 2)),
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text),
    flowCollectionPadding: !/[{[][^\s}\]]/.test(text),
  };
}

function same(left: Document, right: Document): boolean {
  return right.errors.length === 0 && JSON.stringify(left.toJS()) === JSON.stringify(right.toJS());
}

/** Which line of `right` each line of `left` is, spaces aside; undefined: none. */
function sameLines(left: readonly string[], right: readonly string[]): (number | undefined)[] {
  const bare = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll(/\s+/g, ""));
  const found: (number | undefined)[] = Array.from({ length: left.length });
  let at = 0;
  let shift = 0;
  for (const { from, to, lines } of [...diffLines(bare(left), bare(right)), { from: left.length, to: left.length, lines: [] }]) {
    for (; at < from; at += 1) found[at] = at + shift;
    at = to;
    shift += lines.length - (to - from);
  }
  return found;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A text as its writer would lay it out, beside the text as it is. */
class Laid {
  readonly #written: readonly string[];
  readonly #own: readonly string[];
  readonly #lines: readonly (number | undefined)[];

  constructor(written: readonly string[], own: readonly string[]) {
    this.#written = written;
    this.#own = own;
    this.#lines = sameLines(written, own);
  }

  /** The place in the own text that a change of the written one is made at. */
  #place({ from, to }: Hunk): readonly [number, number] {
    const before = this.#lines.slice(0, from).findLast((line) => line !== undefined);
    const start = (to > from ? this.#lines[from] : undefined) ?? (before === undefined ? 0 : before + 1);
    if (to === from) return [start, start];
    const last = this.#lines[to - 1];
    return [start, last === undefined ? (this.#lines.slice(to).find((line) => line !== undefined) ?? this.#own.length) : last + 1];
  }

  /** A line with the spaces before it that lines of its depth have in the own text, near `at`. */
  #indented(line: string, at: number): string {
    const depth = indentOf(line);
    let best: readonly [number, number] = [0, 0];
    for (let distance = 0; distance < this.#written.length; distance += 1) {
      for (const index of [at - 1 - distance, at + distance]) {
        const own = this.#lines[index];
        const written = this.#written[index];
        if (own === undefined || written === undefined || written.trim() === "") continue;
        const there = [indentOf(written), indentOf(this.#own[own] ?? "")] as const;
        if (there[0] === depth) return " ".repeat(there[1]) + line.trimStart();
        if (there[0] < depth && there[0] > best[0]) best = there;
      }
    }
    return " ".repeat(best[1] + depth - best[0]) + line.trimStart();
  }

  /** The own text with the changes of the written one. */
  changed(hunks: readonly Hunk[]): string {
    const parts: string[] = [];
    let at = 0;
    for (const hunk of hunks) {
      const [from, to] = this.#place(hunk);
      parts.push(...this.#own.slice(at, from), ...hunk.lines.map((line) => (line.trim() === "" ? line : this.#indented(line, hunk.from))));
      at = Math.max(at, to);
    }
    parts.push(...this.#own.slice(at));
    return parts.map((part, index) => (index < parts.length - 1 && !part.endsWith("\n") ? `${part}\n` : part)).join("");
  }
}

/**
 * The text with a change made to its YAML: lines that the change does not touch stay as they are, byte for byte. The change is made on a
 * document of its own, so that it may change whatever it likes.
 *
 * The changed document is written in one manner, and so is the unchanged one: what differs between the two is what the change did, and is
 * done to the same lines of the text, with its own indents. Throws when the text cannot be read.
 */
export function editYaml(text: string, change: (doc: Document) => void): string {
  const crlf = text.includes("\r\n");
  const plain = crlf ? text.replaceAll("\r\n", "\n") : text;
  const doc = readYaml(plain);
  const problem = doc.errors[0];
  if (problem) throw new Error(`The file cannot be read as YAML, so it can only be changed as text: ${problem.message}`);
  const layout = layoutOf(plain);
  const before = splitLines(doc.toString(layout));
  change(doc);
  const after = doc.toString(layout);
  const hunks = diffLines(before, splitLines(after));
  if (hunks.length === 0) return text;
  const kept = new Laid(before, splitLines(plain)).changed(hunks);
  const edited = same(doc, readYaml(kept)) ? kept : after;
  return crlf ? edited.replaceAll("\n", "\r\n") : edited;
}
