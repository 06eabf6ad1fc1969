/** A term of a search; values with other characters are quoted. */
export function searchOf(field: string, value: string): string {
  return /^[\w./:@-]+$/.test(value) ? `${field}:${value}` : `${field}:"${value.replace(/(["\\])/g, "\\$1")}"`;
}

/** The fields of a search, for completion and for whoever wants to know. */
export const SEARCH_FIELDS: readonly (readonly [name: string, example: string])[] = [
  ["status", "status:error"],
  ["duration", "duration>2s"],
  ["cost", "cost>0.01"],
  ["tokens", "tokens>=1000"],
  ["model", "model:gpt*"],
  ["kind", "kind:retrieval"],
  ["endpoint", "endpoint:support"],
  ["deployment", "deployment:blue"],
  ["flow", "flow:answers"],
  ["node", "node:rerank"],
  ["session", "session:abc"],
  ["user", "user:bob"],
  ["key", "key:mobile-app"],
  ["error", "error:Timeout*"],
  ["first_token", "first_token>1s"],
  ["score.", "score.feedback<0.5"],
  ["attr.", "attr.http.route:/chat"],
];

/** What the last word of a search may become, as whole searches. */
export function suggestionsFor(text: string): readonly string[] {
  const at = Math.max(text.lastIndexOf(" "), text.lastIndexOf("("), text.lastIndexOf("-")) + 1;
  const word = text.slice(at).toLowerCase();
  if (word === "" || /[:<>="]/.test(word)) return [];
  const start = text.slice(0, at);
  return SEARCH_FIELDS.filter(([name]) => name.startsWith(word)).map(([, example]) => `${start}${example}`);
}

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

/** Whether a search holds only where a term does; a range is two terms. */
export function hasTerm(text: string, term: string): boolean {
  const there = termsOf(text);
  return !there.includes("OR") && termsOf(term).every((one) => there.includes(one));
}

/** A search that asks for a term as well. */
export function withTerm(text: string, term: string): string {
  if (hasTerm(text, term)) return text;
  const before = text.trim();
  if (before === "") return term;
  return `${termsOf(before).includes("OR") ? `(${before})` : before} ${term}`;
}

/** A search that does not ask for a term any more. */
export function withoutTerm(text: string, term: string): string {
  const gone = termsOf(term);
  return termsOf(text)
    .filter((one) => !gone.includes(one))
    .join(" ");
}

/** The term that holds where another one does not. */
export function notTerm(term: string): string {
  return termsOf(term).length > 1 ? `-(${term})` : `-${term}`;
}

/** The values that a search asks for in a field, with those that it leaves out. */
export function valuesOf(text: string, field: string): readonly { readonly value: string; readonly q: string; readonly not: boolean }[] {
  const terms = termsOf(text);
  if (terms.includes("OR")) return [];
  return terms.flatMap((q) => {
    const not = q.startsWith("-");
    const written = not ? q.slice(1) : q;
    if (!written.startsWith(`${field}:`)) return [];
    const value = written.slice(field.length + 1);
    return [{ value: value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value, q, not }];
  });
}
