import { expect, test } from "vitest";
import { nameAndVersion, partNames, partsOf, readRatios } from "./splits";

test("shares are read as percents and as fractions", () => {
  expect(readRatios("80/20")).toEqual([0.8, 0.2]);
  expect(readRatios("0.8, 0.1, 0.1")).toEqual([0.8, 0.1, 0.1]);
  expect(readRatios("70 15 15")).toEqual([0.7, 0.15, 0.15]);
  for (const wrong of ["", "100", "80/30", "a/b", "100/0", "-20/120"]) expect(readRatios(wrong)).toBeNull();
});

test("parts have names", () => {
  expect(partNames("q", 2)).toEqual(["q-train", "q-test"]);
  expect(partNames("q", 4)).toEqual(["q-part-1", "q-part-2", "q-part-3", "q-part-4"]);
});

test("what a split made is read of its job", () => {
  expect(partsOf({ parts: [{ data: "azureml:q-train:1", rows: 8 }, { rows: 1 }] })).toEqual([{ data: "azureml:q-train:1", rows: 8 }]);
  expect(partsOf(null)).toEqual([]);
  expect(nameAndVersion("azureml:q-train:3")).toEqual(["q-train", "3"]);
});
