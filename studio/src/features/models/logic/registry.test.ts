import { expect, test } from "vitest";
import type { Endpoint, RegisteredModel } from "@/api/types";
import { namesFor, readTags, runsAt, writeTags } from "./registry";

const version = (name: string, number: string, model: string | null) => ({ name, version: number, model, reference: `azureml:${name}:${number}` }) as RegisteredModel;

test("tags are lines of key and value", () => {
  expect(readTags(["team=support", "new", "a=b=c"])).toEqual({ team: "support", new: "", a: "b=c" });
  expect(writeTags({ team: "support", new: "" })).toEqual(["team=support", "new"]);
});

test("a model runs where it is deployed by its name or by a version that stands for it", () => {
  const versions = [version("support", "1", "tiny"), version("support", "2", "large")];
  const endpoints = [{ name: "e", deployments: [{ name: "a", model: "tiny" }, { name: "b", model: "azureml:support:1" }, { name: "c", model: "azureml:support:2" }, { name: "d", model: null }] }] as unknown as Endpoint[];
  expect(runsAt("tiny", endpoints, versions).map(({ deployment }) => deployment.name)).toEqual(["a", "b"]);
  expect([...namesFor("large", versions)]).toEqual(["support"]);
});
