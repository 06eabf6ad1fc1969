import { describe, expect, it } from "vitest";
import type { Connection } from "@/api/types";
import { initialForm, problemsOf, toWrite } from "./form";

const azure: Connection = {
  name: "west",
  type: "azure_open_ai",
  configs: { api_base: "https://west.openai.azure.com", api_type: "azure" },
  secrets: ["api_key"],
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
};

describe("the connection form", () => {
  it("keeps a secret that was left alone, and keys that it does not ask for", () => {
    const write = toWrite(initialForm(azure), azure.secrets);
    expect(write.secrets).toEqual({ api_key: "******" });
    expect(write.configs).toEqual({ api_base: "https://west.openai.azure.com", api_type: "azure" });
  });

  it("sends a new secret, and drops a config that was emptied", () => {
    const form = initialForm(azure);
    form.values = { ...form.values, api_key: "s3cret", api_base: " " };
    expect(toWrite(form, azure.secrets)).toMatchObject({ secrets: { api_key: "s3cret" }, configs: { api_type: "azure" } });
  });

  it("asks for what is needed, but not for a secret that is set", () => {
    const form = initialForm(undefined);
    form.type = "open_ai";
    expect(Object.keys(problemsOf(form, []))).toEqual(["name", "api_key"]);
    expect(Object.keys(problemsOf({ ...form, name: "openai" }, ["api_key"]))).toEqual([]);
  });

  it("sets prices of a connection, and of the models of this installation", () => {
    const prices = "gpt-4o: {input: 2}";
    const form = initialForm(azure);
    form.values = { ...form.values, prices };
    expect(toWrite(form, azure.secrets).configs?.prices).toBe(prices);
    const local = initialForm({ ...azure, name: "local", type: "local", configs: { prices }, secrets: [], built_in: true });
    expect(toWrite(local, [])).toEqual({ name: "local", type: "local", configs: { prices }, secrets: {} });
    local.values.prices = "";
    expect(toWrite(local, []).configs).toEqual({});
  });

  it("splits a custom connection's keys into configs and secrets", () => {
    const form = initialForm({ ...azure, type: "custom", configs: { region: "west" }, secrets: ["token"] });
    expect(toWrite(form, ["token"])).toMatchObject({ configs: { region: "west" }, secrets: { token: "******" } });
  });
});
