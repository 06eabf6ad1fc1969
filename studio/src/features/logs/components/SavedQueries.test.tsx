import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { SavedQuery } from "@/api/types";
import { renderAt } from "@/testing/render";
import { SavedQueries } from "./SavedQueries";

/** A server that keeps queries: what it was sent, and what it has. */
function serving(kept: SavedQuery[]) {
  const sent: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const name = decodeURIComponent(new URL(request.url).pathname.split("/saved/")[1] ?? "");
    const body = await request.text();
    if (request.method !== "GET") sent.push(`${request.method} ${name} ${body}`.trim());
    if (request.method === "DELETE") {
      kept = kept.filter((each) => each.name !== name || !each.mine);
      return new Response(null, { status: 204 });
    }
    if (request.method === "PUT") {
      const made = { ...(JSON.parse(body) as { query: string; shared: boolean }), name, owner: "me", mine: true, updated_at: "" };
      kept = [...kept, made];
      return Response.json(made);
    }
    return Response.json({ items: kept, next_cursor: null });
  });
  return sent;
}

it("one's own and shared queries are chosen, kept, and only one's own deleted", async () => {
  const user = userEvent.setup();
  const chosen = vi.fn();
  const common = { query: "SELECT 1", updated_at: "" };
  const sent = serving([
    { ...common, name: "a/b", shared: false, owner: "me", mine: true },
    { ...common, name: "cost", query: "SELECT 2", shared: true, owner: "olga", mine: false },
  ]);
  await renderAt("/w/demo", <SavedQueries text="SELECT 3" onChoose={chosen} />);
  await user.click(screen.getByRole("button", { name: "Saved" }));
  expect(await screen.findByText("by olga")).toBeDefined();
  expect(screen.queryByLabelText("Delete cost")).toBeNull();
  await user.type(screen.getByLabelText("Name of the query"), "third");
  await user.click(screen.getByLabelText("Share it with the workspace"));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByLabelText("Delete third")).toBeDefined();
  await user.click(screen.getByLabelText("Delete a/b"));
  await waitFor(() => expect(screen.queryByLabelText("Delete a/b")).toBeNull());
  expect(sent).toEqual(['PUT third {"query":"SELECT 3","shared":true}', "DELETE a/b"]);
  await user.click(screen.getByTitle("SELECT 2"));
  expect(chosen).toHaveBeenCalledWith("SELECT 2");
});
