import { expect, it } from "vitest";
import { shortName, stepsOf } from "./logic";

it("leads from an empty workspace to the first traced call", () => {
  const stage = (name: string, total: number, good: number) => ({ stage: name, total, good, busy: 0, bad: 0 });
  const next = (stages: Parameters<typeof stepsOf>[0], requests: number) => stepsOf(stages, requests).find((step) => !step.done)?.key;
  expect(next([stage("models", 3, 0)], 0)).toBe("model");
  expect(next([stage("models", 3, 1), stage("flows", 0, 0)], 0)).toBe("flow");
  expect(next([stage("models", 3, 1), stage("flows", 1, 1), stage("endpoints", 1, 0)], 0)).toBe("deploy");
  expect(next([stage("models", 3, 1), stage("flows", 1, 1), stage("endpoints", 1, 1)], 0)).toBe("call");
  expect(next([stage("models", 3, 1), stage("flows", 1, 1), stage("endpoints", 1, 1)], 9)).toBeUndefined();
});

it("calls a call to an endpoint by the endpoint's name", () => {
  expect([shortName("POST /endpoints/desk/score"), shortName("chat smollm2-135m")]).toEqual(["desk", "chat smollm2-135m"]);
});
