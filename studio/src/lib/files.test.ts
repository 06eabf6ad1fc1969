import { expect, test } from "vitest";
import { chosenFiles, droppedPath, nameOfAll } from "./files";

test("a dropped file keeps the folders it was dropped in, and never leads out", () => {
  expect(droppedPath({ name: "a.txt" })).toBe("a.txt");
  expect(droppedPath({ name: "a.txt", path: "./a.txt" })).toBe("a.txt");
  expect(droppedPath({ name: "a.txt", path: "/folder/sub/a.txt" })).toBe("folder/sub/a.txt");
  expect(droppedPath({ name: "a.txt", webkitRelativePath: "folder/a.txt" })).toBe("folder/a.txt");
});

test("files together are called by the folder that all are in", () => {
  expect(nameOfAll([{ path: "set/a.csv" }, { path: "set/sub/b.csv" }])).toBe("set");
  expect(nameOfAll([{ path: "a.csv" }])).toBe("a.csv");
  expect(nameOfAll([{ path: "a.csv" }, { path: "b.csv" }])).toBe("");
  expect(chosenFiles([new File(["x"], "a.csv")]).map(({ path }) => path)).toEqual(["a.csv"]);
});
