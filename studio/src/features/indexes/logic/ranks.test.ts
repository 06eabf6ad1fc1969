import { expect, test } from "vitest";
import { ordinal, scoresOf, whyHere } from "./ranks";

const at = (rank: number) => ({ rank, score: 1 / rank });

test("places in an order", () => {
  expect([1, 2, 3, 4, 11, 12, 21, 102].map(ordinal)).toEqual(["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "102nd"]);
});

test("a hit says by which orders it stands where it does", () => {
  expect(whyHere({ vector: at(1), words: at(3), fused: at(1) })).toContain("1st by meaning and 3rd by words");
  expect(whyHere({ vector: at(2), words: null, fused: at(2) })).toContain("by words it is not among");
  expect(whyHere({ words: at(2), fused: at(2) })).toContain("by meaning it is not among");
  expect(whyHere({ vector: at(1) })).toContain("words were not asked");
  expect(whyHere({ words: at(1) })).toContain("meaning was not asked");
});

test("a reranked hit says what the model changed, and what had found it", () => {
  const hit = { vector: at(9), words: null, fused: at(7), reranked: { rank: 1, score: 8.1 } };
  expect(whyHere(hit)).toBe("The reranking model read it with the question and moved it up from the 7th place. 9th by meaning; by words it is not among the candidates.");
  expect(whyHere({ vector: at(1), reranked: at(2) })).toContain("moved it down from the 1st place");
  expect(whyHere({ words: at(1), reranked: at(1) })).toContain("kept it there");
  expect(scoresOf(hit).map(({ name }) => name)).toEqual(["Meaning", "Fused", "Reranked"]);
});

test("only the scores that there are stand in the table", () => {
  expect(scoresOf({ vector: at(1), words: null, fused: at(2) }).map(({ name, rank }) => [name, rank])).toEqual([
    ["Meaning", 1],
    ["Fused", 2],
  ]);
});
