import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderAt } from "@/testing/render";
import { FlowProvider, useFlowDocument } from "../hooks/useFlowDocument";
import type { FlowTool, GraphNode } from "../model";
import { ToolInputs } from "./ToolInputs";

const FILE = "nodes:\n- name: pick\n  inputs:\n    kind: a\n";
const TOOL: FlowTool = {
  id: "box.pick",
  name: "Pick",
  package: "box",
  inputs: [
    { name: "kind", types: ["string"], enum: ["a", "b"] },
    { name: "choice", types: ["string"], offers_values: true, depends_on: ["kind"], allow_manual_entry: true },
    { name: "only_b", types: ["int"], enabled_by: "kind", enabled_by_value: ["b"] },
  ],
};
const NODE: GraphNode = { name: "pick", kind: "tool", tool: "box.pick", inputs: { kind: "a" } };

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

let calls: Call[] = [];
let answerValues: () => Response;

function reply(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": status === 200 ? "application/json" : "application/problem+json" } });
}

async function answer(request: Request): Promise<Response> {
  const text = await request.text();
  const call = { method: request.method, path: new URL(request.url).pathname, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
  calls.push(call);
  if (call.path.endsWith("/tools/values")) return answerValues();
  if (call.path.endsWith("/me")) return reply({ workspaces: [] });
  if (call.path.endsWith("/files")) return reply({ items: [{ path: "flow.dag.yaml", bytes: 1, etag: "e1" }] });
  return reply({ path: "flow.dag.yaml", bytes: 1, etag: "e1", content: call.method === "PUT" ? call.body.content : FILE });
}

/** The inputs on the page of their flow. */
function InFlow({ node, tool }: { readonly node: GraphNode; readonly tool: FlowTool }) {
  const document = useFlowDocument("demo", "f");
  if (document.yaml === null) return null;
  return (
    <FlowProvider document={document}>
      <ToolInputs flow="f" node={node} tool={tool} />
    </FlowProvider>
  );
}

async function renderInputs(node: GraphNode, tool: FlowTool): Promise<void> {
  await renderAt("/w/demo", <InFlow node={node} tool={tool} />);
  await screen.findAllByLabelText("kind", { selector: "input" });
}

describe("ToolInputs", () => {
  beforeEach(() => {
    calls = [];
    answerValues = () => reply({ values: [{ value: "a0", display_value: "First of a", description: "the first" }, { value: "a1" }], result: null });
    localStorage.clear();
    // Streams are asked for by their address, all else as a request.
    vi.stubGlobal("fetch", (asked: Request | string) => (typeof asked === "string" ? Promise.resolve(reply({}, 404)) : answer(asked)));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const written = () => calls.filter((call) => call.method === "PUT").map((call) => call.body.content);
  const asked = () => calls.filter((call) => call.path.endsWith("/tools/values"));

  it("asks the package once somebody looks, and writes the choice into the flow's file", async () => {
    await renderInputs(NODE, TOOL);
    const user = userEvent.setup();
    expect(screen.queryByLabelText("only_b", { selector: "input" })).toBeNull();
    expect(asked()).toEqual([]);
    await user.click(screen.getByLabelText("choice", { selector: "input" }));
    await user.click(await screen.findByText("First of a"));
    await waitFor(() => {
      expect(written()).toEqual(["nodes:\n- name: pick\n  inputs:\n    kind: a\n    choice: a0\n"]);
    });
    await user.tab();
    expect(written()).toHaveLength(1);
    expect(asked()[0]?.body).toEqual({ tool: "box.pick", input: "choice", scenario: "dynamic_list", inputs: { kind: "a" } });
  });

  it("takes free text, and says why there is nothing to choose from", async () => {
    answerValues = () => reply({ code: "X", title: "t", status: 400, detail: "The service refused.", remedy: "Check the key." }, 400);
    await renderInputs(NODE, TOOL);
    const user = userEvent.setup();
    await user.click(screen.getByLabelText("choice", { selector: "input" }));
    expect(await screen.findByText("The service refused. Check the key.")).toBeDefined();
    answerValues = () => reply({ values: [{ value: "late" }], result: null });
    await user.click(screen.getByRole("button", { name: "Reload the values of choice" }));
    await waitFor(() => {
      expect(screen.queryByText("The service refused. Check the key.")).toBeNull();
    });
    expect(asked()).toHaveLength(2);
    await user.type(screen.getByLabelText("choice", { selector: "input" }), "mine{Enter}");
    await waitFor(() => {
      expect(written()[0]).toContain("choice: mine\n");
    });
  });

  describe("an input that is made of others", () => {
    const MADE: FlowTool = {
      id: "box.search",
      name: "Search",
      package: "box",
      inputs: [
        { name: "kind", types: ["string"], enum: ["a", "b"] },
        { name: "whole", types: ["string"], generated_by: { inputs: ["store", "folder", "kind"], is_reversible: true } },
        { name: "store", types: ["string"], enum: ["files", "lake"], hidden: true },
        { name: "folder", types: ["string"], hidden: true, offers_values: true, depends_on: ["store"], enabled_by: "store", enabled_by_value: ["lake"] },
      ],
    };
    const scenarios = () => asked().map((call) => [call.body.scenario, call.body.inputs]);

    function byScenario(made: () => Response, reversed: unknown = {}): void {
      answerValues = () => {
        const scenario = asked().at(-1)?.body.scenario;
        if (scenario === "generated_by") return made();
        if (scenario === "reverse_generated_by") return reply({ values: [], result: reversed });
        return reply({ values: [{ value: "/one" }], result: null });
      };
    }

    it("is made by its package of what is chosen, and written into the flow's file", async () => {
      byScenario(() => reply({ values: [], result: '{"folder": "/one"}' }));
      await renderInputs({ ...NODE, tool: "box.search" }, MADE);
      const user = userEvent.setup();
      expect(screen.queryByLabelText("store", { selector: "input" })).toBeNull();
      await user.click(screen.getByRole("button", { name: "Choose what whole is made of" }));
      await user.click(await screen.findByLabelText("store", { selector: "input" }));
      expect(screen.queryByLabelText("folder", { selector: "input" })).toBeNull();
      await user.click(await screen.findByText("lake"));
      await user.click(await screen.findByLabelText("folder", { selector: "input" }));
      await user.click(await screen.findByText("/one"));
      await user.click(screen.getByRole("button", { name: "Make whole" }));
      await waitFor(() => {
        expect(written()).toEqual([`nodes:\n- name: pick\n  inputs:\n    kind: a\n    whole: '{"folder": "/one"}'\n`]);
      });
      expect(scenarios()).toEqual([
        ["dynamic_list", { store: "lake" }],
        ["generated_by", { store: "lake", folder: "/one", kind: "a" }],
      ]);
    });

    it("begins with what its value was made of, and says why it cannot be made", async () => {
      byScenario(() => reply({ code: "X", title: "t", status: 400, detail: "No such folder.", remedy: "Choose another." }, 400), { store: "files" });
      await renderInputs({ ...NODE, tool: "box.search", inputs: { kind: "a", whole: "old" } }, MADE);
      const user = userEvent.setup();
      await user.click(screen.getByRole("button", { name: "Choose what whole is made of" }));
      expect((await screen.findByLabelText<HTMLInputElement>("store", { selector: "input" })).value).toBe("files");
      await user.click(screen.getByRole("button", { name: "Make whole" }));
      expect(await screen.findByText(/No such folder\./)).toBeDefined();
      expect(scenarios()).toEqual([
        ["reverse_generated_by", { whole: "old" }],
        ["generated_by", { store: "files", kind: "a" }],
      ]);
      expect(written()).toEqual([]);
    });

    it("can be made anew where the package does not understand the value", async () => {
      byScenario(() => reply({ values: [], result: "new" }));
      const whole = answerValues;
      answerValues = () => (asked().at(-1)?.body.scenario === "reverse_generated_by" ? reply({ code: "X", title: "t", status: 400, detail: "Not mine." }, 400) : whole());
      await renderInputs({ ...NODE, tool: "box.search", inputs: { kind: "a", whole: "strange" } }, MADE);
      const user = userEvent.setup();
      await user.click(screen.getByRole("button", { name: "Choose what whole is made of" }));
      expect(await screen.findByText(/Not mine\./)).toBeDefined();
      await user.click(screen.getByRole("button", { name: "Make whole" }));
      await waitFor(() => {
        expect(written()[0]).toContain("whole: new\n");
      });
    });
  });
});
