import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { type PagedColumn, PagedTable } from "./PagedTable";

interface Entry {
  id: number;
  text: string;
}

const COLUMNS: PagedColumn<Entry>[] = [
  { id: "id", header: "Id", cell: (row) => row.id, sort: "id" },
  { id: "text", header: "Text", cell: (row) => row.text },
];

async function show(count: number, rowAt: (index: number) => Entry | undefined) {
  const told = { sorts: [] as string[], opened: [] as number[], ranges: [] as [number, number][] };
  await renderAt(
    "/w/demo",
    <PagedTable
      label="Entries"
      columns={COLUMNS}
      count={count}
      before={200}
      rowAt={rowAt}
      rowId={(row) => String(row.id)}
      onRange={(first, last) => told.ranges.push([first, last])}
      sort="id"
      onSort={(sort) => told.sorts.push(sort)}
      openId="1"
      onOpen={(row) => told.opened.push(row.id)}
      nothing="Nothing is here."
    />,
  );
  return told;
}

const entry = (index: number): Entry => ({ id: index, text: `entry ${index}` });

describe("PagedTable", () => {
  it("draws and asks for the first of a hundred thousand rows only, and tells where they stand", async () => {
    const told = await show(100_000, entry);
    expect(screen.getAllByRole("row").length).toBeLessThan(120);
    expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("100201");
    expect(told.ranges.every(([, last]) => last < 120)).toBe(true);
  });

  it("keeps the place of rows that are on their way", async () => {
    const told = await show(3, (index) => (index === 1 ? entry(1) : undefined));
    expect(told.ranges).toEqual([[0, 2]]);
    expect(screen.getByText("entry 1").closest("tr")?.getAttribute("aria-rowindex")).toBe("203");
    expect(screen.getAllByRole("row")).toHaveLength(4);
    expect(document.querySelectorAll("tr[aria-busy]")).toHaveLength(2);
  });

  it("opens a row by mouse and keyboard, and sorts where the server can", async () => {
    const told = await show(3, entry);
    await userEvent.click(screen.getByText("entry 2"));
    screen.getByRole("button", { name: "0" }).focus();
    await userEvent.keyboard("{Enter}");
    expect(told.opened).toEqual([2, 0]);
    expect(screen.getByRole("button", { name: "1" }).getAttribute("aria-pressed")).toBe("true");
    await userEvent.click(screen.getByRole("button", { name: "Id" }));
    expect(told.sorts).toEqual(["-id"]);
    expect(screen.queryByRole("button", { name: "Text" })).toBeNull();
  });

  it("says that there is nothing", async () => {
    await show(0, entry);
    expect(screen.getByText("Nothing is here.")).toBeTruthy();
  });

  it("draws what has come since, when it is told so", async () => {
    const rows = new Map<number, Entry>();
    let tell: () => void = () => undefined;
    await renderAt(
      "/w/demo",
      <PagedTable
        label="Entries"
        columns={COLUMNS}
        count={2}
        rowAt={(index) => rows.get(index)}
        watch={(changed) => {
          tell = changed;
          return () => undefined;
        }}
        rowId={(row) => String(row.id)}
        onRange={() => undefined}
        sort=""
        onSort={() => undefined}
        onOpen={() => undefined}
        nothing=""
      />,
    );
    expect(document.querySelectorAll("tr[aria-busy]")).toHaveLength(2);
    rows.set(1, entry(1));
    act(tell);
    expect(screen.getByText("entry 1")).toBeTruthy();
  });
});
