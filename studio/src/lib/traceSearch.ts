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
