import { expect, test } from "vitest";
import { nameOfOrigin, newestOf, originFrom, originOf, originProblem, originWords, tellOrigin } from "./origin";

const { draft } = originOf(null);

test("an index starts with what it was gathered from the last time", () => {
  const latest = { origin: { git: { url: "https://h/a/b.git", ref: "v1", path: "docs" } } };
  const found = originOf({ latest } as never);
  expect(found.from).toBe("git");
  expect(originFrom("git", found.draft)).toEqual(latest.origin);
  expect(originOf(null).from).toBe("files");
  expect(originOf({ latest: { source: "azureml:papers:3" } } as never).from).toBe("asset");
  expect(originOf({ latest: { source: "azureml://datastores/shop/paths/papers" } } as never).from).toBe("files");
  expect([newestOf("azureml:papers:3"), newestOf("azureml://datastores/shop/paths/papers")]).toEqual(["azureml:papers@latest", null]);
});

test("what is missing is told before the server is asked", () => {
  expect(originProblem("web", { ...draft, webUrl: "docs.example.com" })).not.toBeNull();
  expect(originProblem("web", { ...draft, webUrl: "https://docs.example.com/" })).toBeNull();
  expect(originProblem("web", { ...draft, webUrl: "https://docs.example.com/", pages: 0 })).not.toBeNull();
  expect(originProblem("git", { ...draft, gitUrl: "git@h:a/b" })).not.toBeNull();
  const sql = { ...draft, datastore: "shop", query: "SELECT 1", text: ["name"] };
  expect(originProblem("sql", sql)).toBeNull();
  expect(originProblem("sql", { ...sql, text: [] })).not.toBeNull();
});

test("a name is suggested", () => {
  expect(nameOfOrigin("web", { ...draft, webUrl: "https://docs.example.com:8443/x" })).toBe("docs.example.com");
  expect(nameOfOrigin("git", { ...draft, gitUrl: "https://h/owner/papers.git/" })).toBe("papers");
});

test("it is told in a line and as a command", () => {
  expect(tellOrigin({ git: { url: "https://h/a.git", ref: "main", path: "docs" } })).toBe("https://h/a.git at main, docs");
  expect(originWords("git", { ...draft, gitUrl: "https://h/a.git", ref: "v1", path: "docs" })).toEqual([["--git", "https://h/a.git@v1#docs"]]);
  expect(originWords("sql", { ...draft, text: ["a", "b"], title: "t" }).map(([word]) => word)).toEqual(["--sql", "--datastore", "--key", "--text", "--text", "--title"]);
});
