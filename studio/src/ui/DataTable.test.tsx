import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { type Column, DataTable } from "./DataTable";

interface Fruit {
  name: string;
  grams: number | null;
}

const COLUMNS: Column<Fruit>[] = [
  { id: "name", header: "Name", value: (row) => row.name },
  { id: "grams", header: "Grams", value: (row) => row.grams, align: "right" },
];
const FRUITS: Fruit[] = [
  { name: "plum", grams: 60 },
  { name: "apple", grams: 180 },
  { name: "unknown", grams: null },
];

function table(rows: Fruit[] = FRUITS) {
  return (
    <DataTable name="fruits" columns={COLUMNS} rows={rows} rowId={(row) => row.name} rowLink={(row) => ({ to: `/w/demo/fruits/${row.name}` })} defaultSort="name" searchIn={(row) => row.name} />
  );
}

function names(): string[] {
  const [, body] = screen.getAllByRole("rowgroup");
  if (!body) throw new Error("the table has no body");
  return within(body)
    .getAllByRole("row")
    .map((row) => within(row).getAllByRole("cell")[0]?.textContent ?? "");
}

describe("DataTable", () => {
  it("sorts by a column, keeps unknown values last, and has the order in the address", async () => {
    const { router } = await renderAt("/w/demo", table());
    expect(names()).toEqual(["apple", "plum", "unknown"]);
    await userEvent.click(screen.getByRole("button", { name: "Grams" }));
    expect(names()).toEqual(["plum", "apple", "unknown"]);
    await userEvent.click(screen.getByRole("button", { name: "Grams" }));
    expect(names()).toEqual(["apple", "plum", "unknown"]);
    expect(router.state.location.search).toEqual({ sort: "-grams" });
  });

  it("searches what the address says, and leads to a row's view", async () => {
    const { router } = await renderAt("/w/demo?q=PLU", table());
    expect(names()).toEqual(["plum"]);
    await userEvent.click(screen.getByText("60"));
    expect(router.state.location.pathname).toBe("/w/demo/fruits/plum");
  });

  it("chooses rows by their boxes without opening them, all of them by the head's", async () => {
    const seen: string[][] = [];
    const Chooser = () => {
      const [ids, set] = useState<ReadonlySet<string>>(new Set());
      const choose = (next: ReadonlySet<string>): void => {
        seen.push([...next].sort());
        set(next);
      };
      return <DataTable name="fruits" columns={COLUMNS} rows={FRUITS} rowId={(row) => row.name} selection={{ ids, set: choose, label: (row) => row.name }} />;
    };
    await renderAt("/w/demo", <Chooser />);
    await userEvent.click(screen.getByRole("checkbox", { name: "Select plum" }));
    expect(screen.getByRole("row", { selected: true }).textContent).toContain("plum");
    await userEvent.click(screen.getByRole("checkbox", { name: "Select all rows" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Select apple" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Select all rows" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Select all rows" }));
    expect(seen).toEqual([["plum"], ["apple", "plum", "unknown"], ["plum", "unknown"], ["apple", "plum", "unknown"], []]);
  });

  it("draws only a part of ten thousand rows", async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ name: `fruit ${index}`, grams: index }));
    await renderAt("/w/demo", table(many));
    expect(screen.getAllByRole("row").length).toBeLessThan(200);
    expect(screen.getByText("10,000")).toBeTruthy();
  });
});
