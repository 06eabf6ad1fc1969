import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/api/problem";
import type { Draft, Drafts, FlowFiles, Listing, ServerFile } from "./ports";
import { FlowStore } from "./store";

const FLOW = "# a flow\nnodes:\n- name: tell\n  type: llm\n- name: check\n  type: python\n";

function refused(status: number): ApiError {
  return new ApiError({ code: `Http${status}`, title: "Refused", status, detail: "Refused." });
}

/** A server of one flow, with a disk that others write to. */
class Server implements FlowFiles {
  readonly disk = new Map<string, string>([["flow.dag.yaml", FLOW], ["tell.jinja2", "Tell.\n"]]);
  isDown = false;
  losesAnswers = false;
  /** How long an answer takes, milliseconds. */
  late: () => number = () => 0;
  writes = 0;
  private etag(text: string): string {
    return `v${text}`;
  }
  private answer(): void {
    if (this.isDown) throw new TypeError("Failed to fetch");
  }
  list(): Promise<Listing> {
    return Promise.resolve().then(() => {
      this.answer();
      return new Map([...this.disk].map(([path, text]) => [path, { etag: this.etag(text), bytes: text.length }]));
    });
  }
  private async answered<Answer>(made: () => Answer): Promise<Answer> {
    await Promise.resolve();
    this.answer();
    const answer = made();
    if (this.losesAnswers) throw new TypeError("Failed to fetch");
    const late = this.late();
    if (late > 0) await new Promise((resolve) => setTimeout(resolve, late));
    return answer;
  }
  read(path: string): Promise<ServerFile | null> {
    return this.answered(() => {
      const text = this.disk.get(path);
      return text === undefined ? null : { text, etag: this.etag(text) };
    });
  }
  write(path: string, text: string, etag: string | null): Promise<string> {
    return this.answered(() => {
      const now = this.disk.get(path);
      if ((now === undefined ? null : this.etag(now)) !== etag) throw refused(412);
      this.writes += 1;
      this.disk.set(path, text);
      return this.etag(text);
    });
  }
  remove(path: string, etag: string): Promise<void> {
    return Promise.resolve().then(() => {
      this.answer();
      const now = this.disk.get(path);
      if (now === undefined || this.etag(now) !== etag) throw refused(now === undefined ? 404 : 412);
      this.disk.delete(path);
    });
  }
}

class Kept implements Drafts {
  readonly kept = new Map<string, Draft>();
  read(): Record<string, Draft> {
    return Object.fromEntries(this.kept);
  }
  put(path: string, draft: Draft | null): void {
    if (draft === null) this.kept.delete(path);
    else this.kept.set(path, draft);
  }
}

/** Whole numbers from 0 up to before `below`, the same ones for a seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed + 1;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

const opened: FlowStore[] = [];

async function open(server: Server, drafts: Drafts = new Kept()): Promise<FlowStore> {
  const store = new FlowStore({ files: server, drafts });
  opened.push(store);
  await store.open();
  return store;
}

async function read(store: FlowStore, path: string): Promise<string | null> {
  store.snapshot().text(path);
  await vi.advanceTimersByTimeAsync(0);
  return store.snapshot().text(path);
}

describe("the live document", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
    vi.useRealTimers();
  });

  it("has the flow's file at once and others when they are asked for", async () => {
    const store = await open(new Server());
    expect(store.snapshot()).toMatchObject({ main: "flow.dag.yaml", paths: ["flow.dag.yaml", "tell.jinja2"], status: "saved", canUndo: null });
    expect(store.snapshot().yaml?.getIn(["nodes", 0, "name"])).toBe("tell");
    expect(store.snapshot().text("tell.jinja2")).toBeNull();
    expect(await read(store, "tell.jinja2")).toBe("Tell.\n");
    expect(store.snapshot()).toBe(store.snapshot());
  });

  it("shows an edit at once, and saves it after a moment, once", async () => {
    const server = new Server();
    const store = await open(server);
    store.snapshot().edit("Rename node tell", (doc) => {
      doc.setIn(["nodes", 0, "name"], "say");
    });
    store.snapshot().setText("flow.dag.yaml", `${store.snapshot().text("flow.dag.yaml") ?? ""}# end\n`);
    expect(store.snapshot()).toMatchObject({ status: "saving", canUndo: "Edit flow.dag.yaml" });
    expect(store.snapshot().yaml?.getIn(["nodes", 0, "name"])).toBe("say");
    await vi.advanceTimersByTimeAsync(500);
    expect(server.disk.get("flow.dag.yaml")).toBe(`${FLOW.replace("tell", "say")}# end\n`);
    expect(server.writes).toBe(1);
    expect(store.snapshot().status).toBe("saved");
  });

  it("undoes and redoes over several files, made and removed ones too", async () => {
    const server = new Server();
    const store = await open(server);
    await read(store, "tell.jinja2");
    store.snapshot().editFiles("Rename the prompt", { "tell.jinja2": null, "say.jinja2": "Tell.\n" }, (doc) => {
      doc.setIn(["nodes", 0, "name"], "say");
    });
    await vi.advanceTimersByTimeAsync(500);
    expect([...server.disk.keys()].sort()).toEqual(["flow.dag.yaml", "say.jinja2"]);
    store.snapshot().undo();
    expect(store.snapshot().paths).toEqual(["flow.dag.yaml", "tell.jinja2"]);
    await vi.advanceTimersByTimeAsync(500);
    expect(Object.fromEntries(server.disk)).toEqual({ "flow.dag.yaml": FLOW, "tell.jinja2": "Tell.\n" });
    expect(store.snapshot()).toMatchObject({ canUndo: null, canRedo: "Rename the prompt" });
    store.snapshot().redo();
    await vi.advanceTimersByTimeAsync(500);
    expect([...server.disk.keys()].sort()).toEqual(["flow.dag.yaml", "say.jinja2"]);
  });

  it("takes typing back as one, and edits with a pause between as two", async () => {
    const store = await open(new Server());
    for (const text of ["a", "ab", "abc"]) store.snapshot().setText("notes.md", text);
    await vi.advanceTimersByTimeAsync(3000);
    store.snapshot().setText("notes.md", "abcd");
    store.snapshot().undo();
    expect(store.snapshot().text("notes.md")).toBe("abc");
    store.snapshot().undo();
    expect(store.snapshot().paths).not.toContain("notes.md");
  });

  it("shows what others wrote, and brings together what goes together", async () => {
    const server = new Server();
    const store = await open(server);
    server.disk.set("flow.dag.yaml", FLOW.replace("check", "look"));
    await store.refresh();
    expect(store.snapshot().yaml?.getIn(["nodes", 1, "name"])).toBe("look");
    store.snapshot().edit("Rename node tell", (doc) => {
      doc.setIn(["nodes", 0, "name"], "say");
    });
    server.disk.set("flow.dag.yaml", FLOW.replace("check", "see"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.disk.get("flow.dag.yaml")).toBe(FLOW.replace("tell", "say").replace("check", "see"));
    expect(store.snapshot().status).toBe("saved");
    expect(store.snapshot().note).toContain("both changes");
  });

  it("undoes its own edit and leaves what others wrote since, or says that it cannot", async () => {
    const server = new Server();
    const store = await open(server);
    store.snapshot().edit("Rename node tell", (doc) => {
      doc.setIn(["nodes", 0, "name"], "say");
    });
    await vi.advanceTimersByTimeAsync(500);
    server.disk.set("flow.dag.yaml", FLOW.replace("tell", "say").replace("check", "see"));
    await store.refresh();
    store.snapshot().undo();
    expect(store.snapshot().text("flow.dag.yaml")).toBe(FLOW.replace("check", "see"));
    store.snapshot().redo();
    await vi.advanceTimersByTimeAsync(500);
    server.disk.set("flow.dag.yaml", FLOW.replace("tell", "shout"));
    await store.refresh();
    store.snapshot().undo();
    expect(store.snapshot().text("flow.dag.yaml")).toBe(FLOW.replace("tell", "shout"));
    expect(store.snapshot().note).toContain("cannot be undone");
  });

  it("keeps both versions of lines that two changed, until one is chosen; the other is one undo away", async () => {
    const server = new Server();
    const store = await open(server);
    const mine = FLOW.replace("tell", "say");
    const theirs = FLOW.replace("tell", "shout");
    store.snapshot().setText("flow.dag.yaml", mine);
    server.disk.set("flow.dag.yaml", theirs);
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.snapshot().status).toBe("conflict");
    expect(store.snapshot().conflicts["flow.dag.yaml"]).toMatchObject({ mine, theirs: { text: theirs } });
    expect(server.disk.get("flow.dag.yaml")).toBe(theirs);
    store.snapshot().resolve("flow.dag.yaml", theirs);
    await vi.advanceTimersByTimeAsync(500);
    expect(store.snapshot().status).toBe("saved");
    store.snapshot().undo();
    await vi.advanceTimersByTimeAsync(500);
    expect(server.disk.get("flow.dag.yaml")).toBe(mine);
  });

  it("asks about a file that was deleted while it was edited", async () => {
    const server = new Server();
    const store = await open(server);
    await read(store, "tell.jinja2");
    store.snapshot().setText("tell.jinja2", "Tell more.\n");
    server.disk.delete("tell.jinja2");
    await vi.advanceTimersByTimeAsync(500);
    expect(store.snapshot().conflicts["tell.jinja2"]).toEqual({ mine: "Tell more.\n", theirs: null });
    store.snapshot().resolve("tell.jinja2", "Tell more.\n");
    await vi.advanceTimersByTimeAsync(500);
    expect(server.disk.get("tell.jinja2")).toBe("Tell more.\n");
  });

  it("keeps edits while the server is away and sends them when it is back", async () => {
    const server = new Server();
    const store = await open(server);
    server.isDown = true;
    store.snapshot().setText("flow.dag.yaml", `${FLOW}# more\n`);
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.snapshot()).toMatchObject({ status: "offline", problem: { code: "ServerUnreachable" } });
    server.isDown = false;
    await vi.advanceTimersByTimeAsync(6000);
    expect(server.disk.get("flow.dag.yaml")).toBe(`${FLOW}# more\n`);
    expect(store.snapshot()).toMatchObject({ status: "saved", problem: null });
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))("takes what it writes itself for nobody else's change, however late answers come (%i)", async (seed) => {
    const random = randomOf(seed);
    const server = new Server();
    const store = await open(server);
    const path = seed % 2 === 0 ? "new.jinja2" : "tell.jinja2";
    await read(store, path);
    server.late = () => random(600);
    const listings: Listing[] = [];
    for (let length = 1; length < 60; length += 1) {
      const text = "o".repeat(length);
      store.snapshot().setText(path, text);
      await vi.advanceTimersByTimeAsync(random(700));
      listings.push(await server.list());
      void store.refresh(listings[Math.max(0, listings.length - 1 - random(3))]);
      await vi.advanceTimersByTimeAsync(random(300));
      expect(store.snapshot()).toMatchObject({ conflicts: {}, note: null });
      expect(store.snapshot().text(path)).toBe(text);
    }
    await vi.advanceTimersByTimeAsync(8000);
    expect(server.disk.get(path)).toBe(store.snapshot().text(path));
    expect(store.snapshot().status).toBe("saved");
  });

  it("takes a write whose answer was lost for its own", async () => {
    const server = new Server();
    const store = await open(server);
    await read(store, "tell.jinja2");
    server.losesAnswers = true;
    store.snapshot().setText("tell.jinja2", "Say.\n");
    await vi.advanceTimersByTimeAsync(450);
    store.snapshot().setText("tell.jinja2", "Say it.\n");
    server.losesAnswers = false;
    await vi.advanceTimersByTimeAsync(6000);
    expect(store.snapshot()).toMatchObject({ status: "saved", note: null, conflicts: {} });
    expect(server.disk.get("tell.jinja2")).toBe("Say it.\n");
  });

  it("keeps edits over a reload, and merges them with what was written meanwhile", async () => {
    const server = new Server();
    const drafts = new Kept();
    const first = await open(server, drafts);
    server.isDown = true;
    first.snapshot().setText("flow.dag.yaml", FLOW.replace("tell", "say"));
    await vi.advanceTimersByTimeAsync(1000);
    first.close();
    server.isDown = false;
    server.disk.set("flow.dag.yaml", FLOW.replace("check", "see"));
    const second = await open(server, drafts);
    await vi.advanceTimersByTimeAsync(1000);
    expect(second.snapshot().text("flow.dag.yaml")).toBe(FLOW.replace("tell", "say").replace("check", "see"));
    expect(server.disk.get("flow.dag.yaml")).toBe(FLOW.replace("tell", "say").replace("check", "see"));
    expect(drafts.kept.size).toBe(0);
  });

  it("says what the server refused, keeps the edit, and does not ask on and on", async () => {
    const server = new Server();
    const store = await open(server);
    server.write = () => Promise.reject(refused(413));
    store.snapshot().setText("flow.dag.yaml", `${FLOW}# more\n`);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.snapshot()).toMatchObject({ status: "offline", problem: { status: 413 } });
    expect(store.snapshot().text("flow.dag.yaml")).toBe(`${FLOW}# more\n`);
  });

  it("changes nothing for whoever may only read", async () => {
    const server = new Server();
    const store = await open(server);
    store.setReadOnly("Your role may look.");
    store.snapshot().setText("flow.dag.yaml", "");
    await vi.advanceTimersByTimeAsync(500);
    expect(store.snapshot()).toMatchObject({ readOnly: "Your role may look.", canUndo: null, status: "saved" });
    expect(store.snapshot().text("flow.dag.yaml")).toBe(FLOW);
  });

  it("stays open for a view that opened it before another closed it", async () => {
    const server = new Server();
    const store = await open(server);
    await store.open();
    store.close();
    store.snapshot().setText("flow.dag.yaml", `${FLOW}# more\n`);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.disk.get("flow.dag.yaml")).toBe(`${FLOW}# more\n`);
  });

  it("cannot be read as YAML, and is edited as text", async () => {
    const store = await open(new Server());
    store.snapshot().setText("flow.dag.yaml", "nodes: [");
    expect(store.snapshot().yaml).toBeNull();
    expect(() => {
      store.snapshot().edit("Add", () => undefined);
    }).toThrow("cannot be read");
  });

  it.each(Array.from({ length: 25 }, (_, seed) => seed))("loses no line that two browsers and an editor write at random (%i)", async (seed) => {
    const random = randomOf(seed);
    const server = new Server();
    const path = "tell.jinja2";
    server.disk.set(path, Array.from({ length: 8 }, (_, line) => `line ${line}\n`).join(""));
    const stores = [await open(server), await open(server)];
    for (const store of stores) await read(store, path);
    const written: string[] = [];
    const grown = (text: string): string => {
      const lines = text.split("\n");
      const line = `written ${written.length}`;
      written.push(line);
      lines.splice(random(lines.length), 0, line);
      return lines.join("\n");
    };
    const settle = (store: FlowStore): void => {
      const { conflicts } = store.snapshot();
      const { mine = "", theirs } = conflicts[path] ?? {};
      if (!conflicts[path]) return;
      const other = theirs?.text ?? "";
      store.snapshot().resolve(path, other + (mine ?? "").split("\n").filter((line) => line !== "" && !other.includes(`${line}\n`)).map((line) => `${line}\n`).join(""));
    };
    for (let step = 0; step < 40; step += 1) {
      const store = stores[random(2)];
      const action = random(6);
      if (store && action < 3) store.snapshot().setText(path, grown(store.snapshot().text(path) ?? ""));
      else if (action === 3) server.disk.set(path, grown(server.disk.get(path) ?? ""));
      else if (action === 4) server.isDown = !server.isDown;
      else if (store) void store.refresh();
      await vi.advanceTimersByTimeAsync(random(900));
      stores.forEach(settle);
    }
    server.isDown = false;
    for (let round = 0; round < 12; round += 1) {
      await vi.advanceTimersByTimeAsync(6000);
      for (const store of stores) await store.refresh();
      stores.forEach(settle);
    }
    const lines = new Set(server.disk.get(path)?.split("\n"));
    expect(written.filter((line) => !lines.has(line))).toEqual([]);
    for (const store of stores) expect([store.snapshot().status, store.snapshot().text(path)]).toEqual(["saved", server.disk.get(path)]);
  });
});
