import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Endpoint } from "@/api/types";
import { renderAt } from "@/testing/render";
import { TestTab } from "./TestTab";

const ENDPOINT: Endpoint = {
  name: "web",
  description: null,
  traffic: { blue: 50, green: 50 },
  deployments: [
    { name: "blue", endpoint: "web", state: "healthy", instance_count: 1, replicas: [], created_at: "", updated_at: "", flow: "answers" },
    { name: "green", endpoint: "web", state: "healthy", instance_count: 1, replicas: [], created_at: "", updated_at: "", flow: "answers" },
  ],
  created_at: "",
  updated_at: "",
  scoring_path: "/endpoints/web/score",
  swagger_path: "/endpoints/web/swagger.json",
  openai_path: "/endpoints/web/v1",
};
const SCORE = { requestBody: { content: { "application/json": { schema: { type: "object", properties: { text: { type: "string" } } } } } } };
const PATIENCE = { timeout: 30_000 };
const ME = { user: "me@here", workspaces: [{ name: "demo", role: "owner" }] };

/** Answers what the panel asks first, and each score with `answered`. */
function serve(answered: () => Response): void {
  vi.stubGlobal("fetch", (input: Request | string) => {
    const path = typeof input === "string" ? input : input.url;
    if (path.endsWith("/score")) return Promise.resolve(answered());
    const body = path.endsWith("swagger.json") ? { paths: { "/score": { post: SCORE } } } : ME;
    return Promise.resolve(new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } }));
  });
}

async function send(): Promise<void> {
  const button = await screen.findByRole("button", { name: "Send" }, PATIENCE);
  await waitFor(() => {
    expect(button.getAttribute("aria-disabled")).toBeNull();
  });
  await userEvent.setup().click(button);
}

describe("TestTab", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("names the deployment that an error came from, with its trace", async () => {
    const problem = { type: "about:blank", code: "NodeFailed", title: "The flow failed", status: 500, detail: "boom in line 3" };
    const headers = {
      "content-type": "application/problem+json",
      "azureml-model-deployment": "green",
      traceparent: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
    };
    serve(() => new Response(JSON.stringify(problem), { status: 500, headers }));
    await renderAt("/w/demo", <TestTab endpoint={ENDPOINT} />);
    await send();
    expect(await screen.findByText("boom in line 3", {}, PATIENCE)).toBeDefined();
    expect(screen.getByText("deployment green")).toBeDefined();
    expect(screen.getByText("Trace").closest("a")?.getAttribute("href")).toContain("0123456789abcdef0123456789abcdef");
  }, 60_000);

  it("names none where the error came before any deployment was chosen", async () => {
    const problem = { code: "LimitReached", title: "Too many requests", status: 429, detail: "Wait a second." };
    serve(() => new Response(JSON.stringify(problem), { status: 429, headers: { "content-type": "application/problem+json" } }));
    await renderAt("/w/demo", <TestTab endpoint={ENDPOINT} />);
    await send();
    expect(await screen.findByText("Wait a second.", {}, PATIENCE)).toBeDefined();
    expect(screen.queryByText(/^deployment /)).toBeNull();
  }, 60_000);
});
