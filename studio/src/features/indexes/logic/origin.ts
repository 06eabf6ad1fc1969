import type { DocumentOrigin, Index } from "@/api/types";

/** Where documents are: files from here, a data asset, or what they are gathered from. */
export type From = "files" | "asset" | "web" | "git" | "sql";

export const FROMS: readonly { readonly value: From; readonly label: string }[] = [
  { value: "files", label: "Files" },
  { value: "asset", label: "Data asset" },
  { value: "web", label: "Web site" },
  { value: "git", label: "Git" },
  { value: "sql", label: "Query" },
];

/** What documents are gathered from, as it is typed. */
export interface OriginDraft {
  readonly webUrl: string;
  readonly depth: number;
  readonly pages: number;
  readonly gitUrl: string;
  readonly ref: string;
  readonly path: string;
  readonly datastore: string;
  readonly query: string;
  readonly key: string;
  readonly text: readonly string[];
  readonly title: string;
}

const EMPTY: OriginDraft = { webUrl: "", depth: 3, pages: 500, gitUrl: "", ref: "", path: "", datastore: "", query: "", key: "id", text: [], title: "" };

/** What an index was gathered from the last time, or what a new one starts with. */
export function originOf(before: Index | null): { readonly from: From; readonly draft: OriginDraft } {
  const { web, git, sql } = before?.latest.origin ?? {};
  if (web) return { from: "web", draft: { ...EMPTY, webUrl: web.url, depth: web.depth ?? EMPTY.depth, pages: web.pages ?? EMPTY.pages } };
  if (git) return { from: "git", draft: { ...EMPTY, gitUrl: git.url, ref: git.ref === "HEAD" ? "" : (git.ref ?? ""), path: git.path ?? "" } };
  if (sql) return { from: "sql", draft: { ...EMPTY, ...sql, title: sql.title ?? "" } };
  return { from: before !== null && newestOf(before.latest.source) !== null ? "asset" : "files", draft: EMPTY };
}

/** The newest version of the data asset that a version was built of; null where that was something else. */
export function newestOf(source: string): string | null {
  const name = /^azureml:([^:@/]+):\d+$/.exec(source)?.[1];
  return name === undefined ? null : `azureml:${name}@latest`;
}

function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s/@]+/.test(text);
}

/** What is wrong with where a web site begins; null for nothing. */
export function webProblem({ webUrl, depth, pages }: OriginDraft): string | null {
  if (!isUrl(webUrl)) return "Write it as https://host/docs/.";
  if (!Number.isInteger(depth) || depth < 0 || depth > 20) return "It goes up to 20 links deep.";
  return Number.isInteger(pages) && pages >= 1 && pages <= 10_000 ? null : "It reads up to 10,000 pages.";
}

/** What is wrong with what documents are gathered from; null for nothing. */
export function originProblem(from: "web" | "git" | "sql", draft: OriginDraft): string | null {
  if (from === "web") return webProblem(draft);
  if (from === "git") return isUrl(draft.gitUrl) || draft.gitUrl.startsWith("file:///") ? null : "Write it as https://host/owner/name.git.";
  if (draft.datastore === "") return "Choose a datastore.";
  return draft.query.trim() === "" || draft.key === "" || draft.text.length === 0 ? "It needs a query, its key and a column with text." : null;
}

/** The same as the API has it. */
export function originFrom(from: "web" | "git" | "sql", draft: OriginDraft): DocumentOrigin {
  if (from === "web") return { web: { url: draft.webUrl, depth: draft.depth, pages: draft.pages } };
  if (from === "git") return { git: { url: draft.gitUrl, ref: draft.ref || "HEAD", path: draft.path } };
  const { datastore, query, key, text, title } = draft;
  return { sql: { datastore, query, key, text: [...text], ...(title === "" ? {} : { title }) } };
}

/** A name for an index of it: of a web site its host, of a repository its last part, of a query its datastore. */
export function nameOfOrigin(from: "web" | "git" | "sql", { webUrl, gitUrl, datastore }: OriginDraft): string {
  if (from === "sql") return datastore;
  if (from === "web") return webUrl.split("/")[2]?.replace(/:\d+$/, "") ?? "";
  return gitUrl.replace(/\/+$/, "").split("/").at(-1)?.replace(/\.git$/, "") ?? "";
}

/** How it is said in a line. */
export function tellOrigin({ web, git, sql }: DocumentOrigin): string {
  if (web) return web.url;
  if (git) return `${git.url} at ${git.ref ?? "HEAD"}${git.path ? `, ${git.path}` : ""}`;
  return sql ? `a query of ${sql.datastore}` : "";
}

/** The options of the command that does the same, as words that are not quoted yet. */
export function originWords(from: "web" | "git" | "sql", draft: OriginDraft): readonly (readonly [string, string])[] {
  if (from === "web") return [["--web", draft.webUrl || "URL"], ["--depth", String(draft.depth)], ["--pages", String(draft.pages)]];
  if (from === "git") return [["--git", `${draft.gitUrl || "URL"}${draft.ref ? `@${draft.ref}` : ""}${draft.path ? `#${draft.path}` : ""}`]];
  return [
    ["--sql", draft.query || "SELECT"],
    ["--datastore", draft.datastore || "NAME"],
    ["--key", draft.key],
    ...draft.text.map((column) => ["--text", column] as const),
    ...(draft.title === "" ? [] : ([["--title", draft.title]] as const)),
  ];
}
