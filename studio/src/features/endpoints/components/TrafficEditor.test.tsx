import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Deployment, Endpoint } from "@/api/types";
import { renderAt } from "@/testing/render";
import { TrafficEditor } from "./TrafficEditor";

function deployment(name: string): Deployment {
  return { name, endpoint: "web", state: "healthy", instance_count: 1, replicas: [], created_at: "", updated_at: "", flow: "answers" };
}

const ENDPOINT: Endpoint = {
  name: "web",
  description: null,
  traffic: { blue: 100 },
  deployments: [deployment("blue"), deployment("green")],
  created_at: "",
  updated_at: "",
  scoring_path: "/endpoints/web/score",
  swagger_path: "/endpoints/web/swagger.json",
  openai_path: "/endpoints/web/v1",
};

async function edit(share: string): Promise<void> {
  const user = userEvent.setup();
  const field = screen.getByLabelText("Share of blue in per cent");
  await user.clear(field);
  await user.type(field, share);
}

describe("TrafficEditor", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("keeps the sum at 100 while a share is typed, and offers to save what changed", async () => {
    await renderAt("/w/demo", <TrafficEditor endpoint={ENDPOINT} />);
    expect(screen.queryByRole("button", { name: "Save traffic" })).toBeNull();
    await edit("90");
    expect(screen.getByLabelText<HTMLInputElement>("Share of green in per cent").value).toBe("10 %");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save traffic" }).disabled).toBe(false);
  });

  it("moves by the keyboard, one per cent a key", async () => {
    await renderAt("/w/demo", <TrafficEditor endpoint={ENDPOINT} />);
    screen.getByRole("slider", { name: "Share of green" }).focus();
    await userEvent.setup().keyboard("{ArrowRight}{ArrowRight}");
    expect(screen.getByLabelText<HTMLInputElement>("Share of blue in per cent").value).toBe("98 %");
  });

  it("saves the whole split", async () => {
    const sent: unknown[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      sent.push(await request.json());
      return Response.json({ ...ENDPOINT, traffic: { blue: 0, green: 100 } });
    });
    await renderAt("/w/demo", <TrafficEditor endpoint={ENDPOINT} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "All traffic to green" }));
    await user.click(screen.getByRole("button", { name: "Save traffic" }));
    await waitFor(() => {
      expect(sent).toEqual([{ traffic: { blue: 0, green: 100 } }]);
    });
  });
});
