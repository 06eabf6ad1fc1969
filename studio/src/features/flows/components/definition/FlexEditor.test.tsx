import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useSyncExternalStore } from "react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { renderAt } from "@/testing/render";
import { FlowProvider } from "../../hooks/useFlowDocument";
import type { FlowFiles } from "../../logic/document/ports";
import { FlowStore } from "../../logic/document/store";
import type { FlowGraph } from "../../model";
import { FlexEditor } from "./FlexEditor";

const FILES = new Map([
  ["flow.flex.yaml", "entry: readable:Readable\nsample:\n  init:\n    longest: 12\n"],
  ["readable.py", "class Readable:\n    def __init__(self, longest: int = 20): ...\n    def __call__(self): ...\n"],
]);
const ENTRY = { name: "Readable", kind: "class", line: 1, calls: true, init: [{ name: "longest", type: "int", required: false, default: "20" }], parameters: [] };
const GRAPH: FlowGraph = { inputs: [], outputs: [], nodes: [], edges: [], findings: [] };

const files: FlowFiles = {
  list: () => Promise.resolve(new Map([...FILES].map(([path, text]) => [path, { etag: text, bytes: text.length }]))),
  read: (path) => Promise.resolve({ text: FILES.get(path) ?? "", etag: FILES.get(path) ?? "" }),
  write: (_path, text) => Promise.resolve(text),
  remove: () => Promise.resolve(),
};

function Harness({ store }: { readonly store: FlowStore }) {
  const document = useSyncExternalStore(store.subscribe, store.snapshot);
  return (
    <FlowProvider document={document}>
      {document.yaml && <FlexEditor flow="demo" graph={GRAPH} yaml={document.yaml} />}
    </FlowProvider>
  );
}

describe("FlexEditor", () => {
  beforeAll(() => {
    vi.stubGlobal("IntersectionObserver", class { observe = vi.fn(); unobserve = vi.fn(); });
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("takes values once the code said their types, so that a number is not set as a text", async () => {
    const said: (() => void)[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      if (!request.url.endsWith("/source")) return Response.json({ workspaces: [] });
      await new Promise<void>((resolve) => said.push(resolve));
      return Response.json({ entry: ENTRY });
    });
    const store = new FlowStore({ files, drafts: { read: () => ({}), put: () => undefined }, delay: 60_000 });
    await store.open();
    await renderAt("/w/demo", <Harness store={store} />);
    await waitFor(() => {
      expect(said).not.toHaveLength(0);
    });
    expect(screen.getByText("Reading what readable.py takes")).toBeDefined();
    expect(screen.queryByLabelText("Sample of longest")).toBeNull();
    said.forEach((answer) => { answer(); });
    const user = userEvent.setup();
    const field = await screen.findByLabelText("Sample of longest");
    await user.clear(field);
    await user.type(field, "77{Enter}");
    expect(store.snapshot().text("flow.flex.yaml")).toContain("longest: 77\n");
    store.close();
  });
});
