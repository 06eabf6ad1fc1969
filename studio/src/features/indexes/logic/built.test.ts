import { expect, test } from "vitest";
import { builtBy, tellBuilt } from "./built";

const BUILT = { name: "x", version: "2", made: true, documents: 1, chunks: 1200, unread: 0, embedded: 1 };

test("what a build did is said in a sentence", () => {
  expect(tellBuilt(BUILT)).toBe("Version 2 has 1 document in 1,200 chunks, of which 1 was embedded now.");
  expect(tellBuilt({ ...BUILT, unread: 2 })).toContain("2 files could not be read");
  expect(tellBuilt({ ...BUILT, made: false })).toContain("Nothing differs from version 2");
});

test("a job without a result has built nothing yet", () => {
  for (const result of [null, undefined, "x", { rows: 3 }]) expect(builtBy(result)).toBeNull();
  expect(builtBy(BUILT)).toEqual(BUILT);
});
