import { expect, test } from "vitest";
import type { IndexChunk } from "@/api/types";
import { chunkAt, stretchesOf } from "./stretches";

function chunk(ordinal: number, start: number, text: string, page: number | null = null): IndexChunk {
  const end = start + Array.from(text).length;
  return { id: `c${ordinal}`, document: "d", ordinal, text, prefix: "", start, end, page, headings: [], kind: "text", tokens: 1, tags: [], metadata: {} };
}

test("the text of a document is put together from chunks that overlap", () => {
  const found = stretchesOf([chunk(0, 0, "One two three."), chunk(1, 8, "three. Four.")]);
  expect(found.map(({ text }) => text)).toEqual(["One two ", "three.", " Four."]);
  expect(found.map(({ chunks }) => chunks.map(({ ordinal }) => ordinal))).toEqual([[0], [0, 1], [1]]);
});

test("white space that no chunk has is a line break, and pages begin where their first chunk does", () => {
  const found = stretchesOf([chunk(0, 0, "One.", 1), chunk(1, 6, "Two.", 1), chunk(2, 12, "Three.", 2)]);
  expect(found.map(({ text, page }) => [text, page])).toEqual([
    ["One.", 1],
    ["\n", null],
    ["Two.", null],
    ["\n", null],
    ["Three.", 2],
  ]);
});

test("a page that begins within a chunk parts it, and what overlaps on it", () => {
  const pages = [
    { number: 1, start: 0, end: 8 },
    { number: 2, start: 8, end: 14 },
  ];
  const found = stretchesOf([{ ...chunk(0, 0, "One two three.", 1), pages }, { ...chunk(1, 4, "two three. Four.", 2), pages: [{ number: 1, start: 4, end: 8 }, { number: 2, start: 8, end: 20 }] }]);
  expect(found.map(({ text, page }) => [text, page])).toEqual([
    ["One ", 1],
    ["two", null],
    ["three.", 2],
    [" Four.", null],
  ]);
});

test("characters outside the basic plane count as one, as the server counts them", () => {
  const found = stretchesOf([chunk(0, 0, "a🙂b"), chunk(1, 2, "b c")]);
  expect(found.map(({ text }) => text)).toEqual(["a🙂", "b", " c"]);
  expect(stretchesOf([])).toEqual([]);
});

test("a character of the text is in the first chunk that has it", () => {
  const chunks = [chunk(0, 0, "One two three."), chunk(1, 8, "three. Four.")];
  expect(["0", "8", "14", "19", "20", "", "x", "-1"].map((at) => chunkAt(chunks, at))).toEqual(["c0", "c0", "c1", "c1", "", "", "", ""]);
});
