import { expect, it } from "vitest";
import { actorWords, deedOf, detailWords, placeOf } from "./audit";

const DIGEST = "7e0f8db1757d2ab2d131fd201137162492f541170663ffdf771bd9e2b83a0a0f";

it("says who did what to what, without digests", () => {
  expect(deedOf("deployment.deploy", "endpoints/triage/blue")).toEqual({ verb: "Deployed", noun: "endpoint", name: "triage/blue" });
  expect(deedOf("data.upload", `uploads/upload:${DIGEST}`)).toEqual({ verb: "Uploaded", noun: "a file", name: "" });
  expect(deedOf("comet.catch_up", "comets/halley")).toEqual({ verb: "Catch up", noun: "comets", name: "halley" });
  expect([actorWords("key/local"), actorWords("ada")]).toEqual([{ name: "local", kind: "key" }, { name: "ada", kind: "" }]);
});

it("tells the detail in a line: what was set, sizes, and what became of what", () => {
  expect(detailWords({ flow: "triage", model: null, digest: DIGEST, data: "azureml:tickets:2" })).toBe("flow: triage · data: tickets:2");
  expect(detailWords({ bytes: 2236, files: 1 })).toBe("size: 2.2 kB · files: 1");
  expect(detailWords({ before: { blue: 100 }, after: { blue: 70, green: 30 } })).toBe("blue 100 % → blue 70 %, green 30 %");
  expect(detailWords({ targets: [{ model: "m" }], tags: ["hr", "sales"], was: [] })).toBe("tags: hr, sales");
});

it("leads to the screen of what was changed, where it has one", () => {
  expect(placeOf("endpoints/triage/blue", "w")).toEqual({ to: "/w/$workspace/endpoints/$name", params: { workspace: "w", name: "triage" } });
  expect(placeOf("flows/triage", "w")).toEqual({ to: "/w/$workspace/flows/$flow", params: { workspace: "w", flow: "triage" } });
  expect(placeOf("keys/ci", "w")).toBeNull();
});
