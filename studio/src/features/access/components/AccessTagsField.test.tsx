import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { AccessTags } from "@/api/types";
import { renderAt } from "@/testing/render";
import type { AccessTagsOf } from "../hooks/useAccessTags";
import { AccessTagsField } from "./AccessTagsField";

const ADA: AccessTags = { kind: "user", name: "ada", tags: ["hr"], everything: false };

async function show(holder: AccessTags | undefined, editable = true) {
  const given: string[][] = [];
  const tags: AccessTagsOf = { shown: true, items: [], of: () => holder, known: ["board", "hr"], error: null, set: (_, next) => given.push(next) };
  await renderAt("/w/demo", <AccessTagsField tags={tags} holder={holder} editable={editable} />);
  return given;
}

test("a tag that is typed is given, and one that is taken away is not had any more", async () => {
  const given = await show(ADA);
  await userEvent.type(screen.getByRole("combobox", { name: "Access tags of ada" }), "board{Enter}");
  await userEvent.type(screen.getByRole("combobox", { name: "Access tags of ada" }), "{Backspace}");
  expect(given).toEqual([["hr", "board"], []]);
});

test("who may not give tags sees them, and owners have none to give", async () => {
  await show(ADA, false);
  expect(screen.getByText("hr")).toBeTruthy();
  expect(screen.queryByRole("combobox")).toBeNull();
  await show({ ...ADA, tags: [], everything: true });
  expect(screen.getByText("All documents, as an owner")).toBeTruthy();
});
