import { expect, test } from "vitest";
import { groundingOf, placeOf } from "./citations";

const SENTENCE = { text: "It opens at seven.", support: "supported", score: 1, citations: [1] };
const CITATION = { number: 1, index: "handbook:1", document: "garage.md", page: 3, chunk: "c1", text: "The garage opens at seven.", start: 0 };

test("sentences and citations among the outputs are the grounding of an answer", () => {
  const found = groundingOf({ answer: "It opens at seven. [1]", sentences: [SENTENCE], citations: [CITATION] });
  expect(found?.sentences).toEqual([SENTENCE]);
  expect(found?.citations).toEqual([{ number: 1, index: "handbook:1", document: "garage.md", page: 3, pages: [], chunk: "c1", text: "The garage opens at seven." }]);
});

test("outputs of other flows are none", () => {
  for (const outputs of [null, {}, { sentences: ["one"], citations: [] }, { sentences: [], citations: [] }, { sentences: [{ text: "a" }], citations: [] }])
    expect(groundingOf(outputs)).toBeNull();
  expect(groundingOf({ sentences: [SENTENCE], citations: ["no", { number: "1" }] })?.citations).toEqual([]);
});

test("a cited passage is called by its document and the pages that say it", () => {
  const citation = { number: 1, index: null, document: "garage.pdf", page: 2, pages: [2], chunk: null, text: "" };
  expect(placeOf(citation)).toBe("garage.pdf, page 2");
  expect(placeOf({ ...citation, pages: [1, 2] })).toBe("garage.pdf, pages 1, 2");
  expect(placeOf({ ...citation, page: null, pages: [] })).toBe("garage.pdf");
});
