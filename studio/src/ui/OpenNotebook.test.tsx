import { MantineProvider } from "@mantine/core";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { renderAt } from "@/testing/render";
import { NotebookButton } from "./OpenNotebook";

const URL_ONCE = "http://localhost:8801/open#ticket=fyn_1";
const MISSING = { code: "MissingExtra", title: "Some packages are missing", status: 501, detail: "A notebook needs packages.", remedy: 'Run: pip install "flowyard[notebook]"' };

let asked: unknown[] = [];
let answer: { status: number; body: unknown };

function tab(): { opener: unknown; location: { replace: ReturnType<typeof vi.fn> }; close: ReturnType<typeof vi.fn> } {
  return { opener: window, location: { replace: vi.fn() }, close: vi.fn() };
}

beforeEach(() => {
  asked = [];
  answer = { status: 201, body: { url: URL_ONCE, path: "run-nightly.ipynb" } };
  vi.stubGlobal("fetch", async (request: Request) => {
    if (!request.url.endsWith("/notebooks")) return new Response("{}", { status: 404 });
    asked.push(await request.json());
    return new Response(JSON.stringify(answer.body), { status: answer.status, headers: { "content-type": answer.status === 201 ? "application/json" : "application/problem+json" } });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function press(): Promise<void> {
  await renderAt(
    "/w/demo",
    <MantineProvider env="test">
      <NotebookButton about="run/nightly" />
    </MantineProvider>,
  );
  fireEvent.click(await screen.findByRole("button", { name: "Open in notebook" }));
}

it("opens a tab at once, and leads it to the notebook without a way back", async () => {
  const opened = tab();
  vi.spyOn(window, "open").mockReturnValue(opened as never);
  await press();
  await waitFor(() => expect(opened.location.replace).toHaveBeenCalledWith(URL_ONCE));
  expect(opened.opener).toBeNull();
  expect(asked).toEqual([{ of: "run/nightly" }]);
});

it("closes the tab and says the command where Jupyter is missing", async () => {
  const opened = tab();
  vi.spyOn(window, "open").mockReturnValue(opened as never);
  answer = { status: 501, body: MISSING };
  await press();
  expect((await screen.findByRole("alert")).textContent).toContain('pip install "flowyard[notebook]"');
  expect(opened.close).toHaveBeenCalled();
});

it("gives a link where the browser opens no tab", async () => {
  vi.spyOn(window, "open").mockReturnValue(null);
  await press();
  expect((await screen.findByRole("link", { name: "Open the notebook" })).getAttribute("href")).toBe(URL_ONCE);
});
