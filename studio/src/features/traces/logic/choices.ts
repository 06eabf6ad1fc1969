import { searchOf } from "@/lib/traceSearch";

const TERM = /^([A-Za-z_][\w.\-/]*)(:|=|>=|<=|>|<)("(?:[^"\\]|\\.)*"|[^\s()"]+)$/;

/** The parts of a search that have to hold side by side, as they are written; a group in parentheses is one. */
export function termsOf(text: string): readonly string[] {
  const found: string[] = [];
  let [start, depth, quoted] = [0, 0, false];
  for (let at = 0; at <= text.length; at += 1) {
    const char = text[at] ?? " ";
    if (quoted && char === "\\") at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "(") depth += 1;
    else if (!quoted && char === ")") depth -= 1;
    else if (!quoted && depth <= 0 && /\s/.test(char)) {
      if (at > start) found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (start < text.length) found.push(text.slice(start));
  return found.filter((term) => term !== "AND");
}

/** The parts of a search, each of which has to hold; one of alternatives is a single group. */
function partsOf(text: string): readonly string[] {
  const terms = termsOf(text);
  if (terms.includes("OR")) return [`(${text.trim()})`];
  const parts: string[] = [];
  for (const term of terms) {
    if (parts.at(-1)?.endsWith("NOT")) parts.push(`${parts.pop() ?? ""} ${term}`);
    else parts.push(term);
  }
  return parts;
}

interface Value {
  readonly field: string;
  /** As the facets write it. */
  readonly q: string;
  /** Whether it names a value, or compares with one. */
  readonly named: boolean;
}

/** What a term asks for; null where it is none of a field. */
function valueOf(term: string): Value | null {
  const [, field, operator, written] = TERM.exec(term) ?? [];
  if (field === undefined || written === undefined) return null;
  if (operator !== ":" && operator !== "=") return { field, q: term, named: false };
  return { field, q: searchOf(field, written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/g, "$1") : written), named: true };
}

/** What a part of a search lets a field be: each alternative as a term, a range as two; null where it says something else. */
function alternatives(part: string, field: string): readonly string[] | null {
  const inner = part.startsWith("(") && part.endsWith(")") ? termsOf(part.slice(1, -1)) : [part];
  const found: string[][] = [[]];
  for (const term of inner) {
    if (term === "OR") found.push([]);
    else {
      const value = valueOf(term);
      if (value?.field !== field) return null;
      found.at(-1)?.push(value.q);
    }
  }
  return found.map((terms) => terms.join(" "));
}

/** The values that a search chooses of a field, any of which will do: the term of each, a range as its two. */
export function chosenOf(text: string, field: string): readonly string[] {
  const chosen: string[] = [];
  const bounds: string[] = [];
  for (const part of partsOf(text)) (valueOf(part)?.named === false ? bounds : chosen).push(...(alternatives(part, field) ?? []));
  return bounds.length > 0 ? [...chosen, bounds.join(" ")] : chosen;
}

/** A search that chooses these values of a field, and is otherwise as it was. */
export function choosing(text: string, field: string, values: readonly string[]): string {
  const parts = partsOf(text);
  const isOwn = (part: string): boolean => alternatives(part, field) !== null;
  const first = parts.findIndex(isOwn);
  const written = values.length > 1 ? [`(${values.join(" OR ")})`] : values;
  const [before, after] = first < 0 ? [parts, []] : [parts.slice(0, first), parts.slice(first).filter((part) => !isOwn(part))];
  return [...before, ...written, ...after].join(" ");
}

/** The values of a field that a search leaves out, as their terms. */
export function leftOutOf(text: string, field: string): readonly string[] {
  return partsOf(text).flatMap((part) => {
    const left = part.startsWith("-") ? alternatives(part.slice(1), field) : null;
    return left?.length === 1 ? left : [];
  });
}

/** A search that leaves a value out, and does not choose it. */
export function leavingOut(text: string, field: string, value: string): string {
  const rest = choosing(
    text,
    field,
    chosenOf(text, field).filter((one) => one !== value),
  );
  return `${rest} ${termsOf(value).length > 1 ? `-(${value})` : `-${value}`}`.trim();
}

/** A search that does not leave a value out any more. */
export function lettingIn(text: string, field: string, value: string): string {
  return partsOf(text)
    .filter((part) => !part.startsWith("-") || alternatives(part.slice(1), field)?.join() !== value)
    .join(" ");
}

/** What a value is called where no trace says it: itself, or what it is compared with. */
export function wordsOf(field: string, value: string): string {
  const written = termsOf(value).map((term) => term.slice(field.length).replace(/^:/, ""));
  return written.map((one) => (one.startsWith('"') ? one.slice(1, -1).replace(/\\(.)/g, "$1") : one)).join(" ");
}
