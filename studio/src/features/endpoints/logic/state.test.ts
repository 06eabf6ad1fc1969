import { describe, expect, it } from "vitest";
import type { Deployment } from "@/api/types";
import { healthOf, replicaLabel, servedBy, servedModel } from "./state";

function deployment(name: string, state: Deployment["state"], over: Partial<Deployment> = {}): Deployment {
  return { name, endpoint: "web", state, instance_count: 1, replicas: [], created_at: "", updated_at: "", flow: "answers", ...over };
}

describe("healthOf", () => {
  it.each([
    ["empty", {}, []],
    ["healthy", { blue: 100 }, [deployment("blue", "healthy"), deployment("green", "failed")]],
    ["degraded", { blue: 50, green: 50 }, [deployment("blue", "healthy"), deployment("green", "unhealthy")]],
    ["unhealthy", { blue: 100 }, [deployment("blue", "unhealthy"), deployment("green", "healthy")]],
    ["deploying", {}, [deployment("blue", "deploying")]],
    ["failed", {}, [deployment("blue", "failed")]],
    ["no-traffic", { blue: 0 }, [deployment("blue", "healthy")]],
  ] as const)("%s", (health, traffic, deployments) => {
    expect(healthOf({ traffic: { ...traffic }, deployments: [...deployments] })).toBe(health);
  });
});

describe("what an endpoint serves", () => {
  const model = deployment("green", "healthy", { flow: null, model: "smol" });

  it("is named once", () => {
    expect(servedBy({ deployments: [deployment("blue", "healthy"), deployment("b2", "healthy"), model] })).toBe("flow/answers, model/smol");
  });

  it("is a model when one gets the traffic, or when there is nothing else", () => {
    expect(servedModel({ traffic: { green: 100 }, deployments: [deployment("blue", "healthy"), model] })).toBe("smol");
    expect(servedModel({ traffic: { blue: 100 }, deployments: [deployment("blue", "healthy"), model] })).toBeNull();
    expect(servedModel({ traffic: {}, deployments: [model] })).toBe("smol");
  });
});

describe("replicaLabel", () => {
  it("names the deployment and the last part", () => {
    const blue = deployment("blue", "healthy", { replicas: [{ name: "replica/0198/1-0", state: "ready" }] });
    expect(replicaLabel({ deployments: [blue] }, "replica/0198/1-0")).toBe("blue 1-0");
    expect(replicaLabel({ deployments: [] }, "replica/0198/1-0")).toBe("1-0");
  });
});
