import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { applyCommands, commandOf, type DeployPlan, fileOf, NO_BOUNDS, readVariables, requestOf } from "./deployPlan";
import { ONE_REPLICA } from "./scale";

const PLAN: DeployPlan = { source: { kind: "flow", name: "answers" }, endpoint: "web", isNew: true, authMode: "key", deployment: "blue", instances: NO_BOUNDS, init: {}, gates: [], evaluation: null, checked: null, anyway: false, canary: null };

describe("readVariables", () => {
  it("takes what follows the first =, and skips empty lines", () => {
    expect(readVariables("A=1\n\n LOG_LEVEL = a=b ")).toEqual({ value: { A: "1", LOG_LEVEL: "a=b" } });
  });

  it.each([["A"], ["A=1\n=2"], ["9A=1"], ["A B=1"]])("refuses %j with its line", (text) => {
    const read = readVariables(text);
    expect("problem" in read && read.problem).toMatch(/^Line [12]: write NAME=VALUE/);
  });
});

describe("a plan as a request", () => {
  it("bounds nothing that was left empty", () => {
    expect(requestOf(PLAN, null)).toEqual({
      name: "blue",
      flow: "answers",
      init: {},
      instance_count: 1,
      environment_variables: {},
      settings: { request: { max_concurrent_requests_per_instance: null, max_queue_wait_ms: null, request_timeout_ms: null }, ready_within_s: null, scale: { type: "default" } },
    });
  });

  it("names a script below the snapshot of its archive", () => {
    const source = { kind: "script", archive: new File([], "a.zip"), script: "score.py" } as const;
    expect(requestOf({ ...PLAN, source }, "abc")).toMatchObject({ snapshot: "abc", script: "score.py" });
  });
});

describe("a plan as a command", () => {
  it("moves the traffic in steps where that was asked for", () => {
    const canary = { to: "green", steps: [10, 100], everyS: 30 };
    const command = "flowyard endpoint rollout start web --to green --steps 10,100 --every 30s";
    expect(commandOf({ ...PLAN, isNew: false, deployment: "green", canary })?.split("\n").at(-1)).toBe(command);
    expect(applyCommands({ ...PLAN, isNew: false, deployment: "green", canary })).toBe(`flowyard apply -f deployment.yml\n${command}`);
  });

  it("makes the endpoint first where it is new", () => {
    expect(commandOf(PLAN)).toBe("flowyard endpoint create web\nflowyard endpoint deploy web \\\n  --flow answers \\\n  --deployment blue \\\n  --check");
  });

  it("holds the gates, in the command and in the file", () => {
    const gated = { ...PLAN, isNew: false, gates: [{ metric: "f1_score", at_least: 0.8 }], anyway: true };
    expect(commandOf(gated)).toContain("--check \\\n  --gate 'f1_score>=0.8' \\\n  --anyway");
    expect(fileOf(gated)).toContain("properties:\n  flowyard.gates: f1_score >= 0.8\n");
    expect(applyCommands(gated)).toBe("flowyard apply -f deployment.yml --anyway");
    expect(requestOf({ ...gated, checked: "abc" }, null)).toMatchObject({ flow: "answers", snapshot: "abc", anyway: true, settings: { gates: gated.gates } });
  });

  it("names the evaluation that is held to them, in the command and in the file", () => {
    const named = { ...PLAN, isNew: false, gates: [{ metric: "f1_score", at_least: 0.8 }], evaluation: "scores-1" };
    expect(commandOf(named)).toContain("--gate 'f1_score>=0.8' \\\n  --evaluation scores-1");
    expect(fileOf(named)).toContain("properties:\n  flowyard.gates: f1_score >= 0.8\n  flowyard.evaluation: scores-1\n");
    expect(requestOf(named, null)).toMatchObject({ settings: { evaluation: "scores-1" } });
  });

  it("quotes what the shell would split", () => {
    const instances = { ...NO_BOUNDS, scale: { ...ONE_REPLICA, count: 2 }, variables: "GREETING=it's me" };
    expect(commandOf({ ...PLAN, isNew: false, instances })).toContain(`--instance-count 2 \\\n  --set 'GREETING=it'\\''s me'`);
  });

  it("is none where the command has no words for the bounds", () => {
    expect(commandOf({ ...PLAN, instances: { ...NO_BOUNDS, timeoutMs: 5000 } })).toBeNull();
  });
});

describe("a plan as a file", () => {
  it("is Azure ML's deployment", () => {
    expect(parse(fileOf({ ...PLAN, instances: { ...NO_BOUNDS, scale: { ...ONE_REPLICA, count: 3 }, timeoutMs: 5000, readyWithinS: 60 } }))).toEqual({
      $schema: expect.stringContaining("managedOnlineDeployment") as string,
      name: "blue",
      endpoint_name: "web",
      model: "azureml:answers:1",
      instance_count: 3,
      request_settings: { request_timeout_ms: 5000 },
      readiness_probe: { initial_delay: 0, period: 1, failure_threshold: 60 },
    });
  });
});

describe("a plan that scales, at an endpoint that tokens open", () => {
  const scaled: DeployPlan = {
    ...PLAN,
    authMode: "aml_token",
    instances: { ...NO_BOUNDS, scale: { ...ONE_REPLICA, kind: "target_utilization", least: 2, most: 4, busy: 50, p95: 800 } },
  };
  const scale = "flowyard endpoint scale web \\\n  --deployment blue \\\n  --min 2 \\\n  --max 4 \\\n  --target-utilization 50 \\\n  --target-p95 800";

  it("begins with the least, between its bounds", () => {
    expect(requestOf(scaled, null)).toMatchObject({ instance_count: 2, settings: { scale: { type: "target_utilization", min_instances: 2, max_instances: 4, target_p95_ms: 800 } } });
  });

  it("is three commands", () => {
    const command = commandOf(scaled) ?? "";
    expect(command).toMatch(/^flowyard endpoint create web --auth-mode aml_token\nflowyard endpoint deploy web/);
    expect(command).toContain("--instance-count 2");
    expect(command.endsWith(scale)).toBe(true);
  });

  it("is a file, and the commands for what that cannot say", () => {
    expect(parse(fileOf(scaled))).toMatchObject({ instance_count: 2, scale_settings: { type: "target_utilization", min_instances: 2, max_instances: 4, target_utilization_percentage: 50 } });
    expect(fileOf(scaled)).not.toContain("p95");
    expect(applyCommands(scaled)).toBe(`flowyard endpoint create web --auth-mode aml_token\nflowyard apply -f deployment.yml\n${scale}`);
    expect(applyCommands({ ...PLAN, isNew: false })).toBe("flowyard apply -f deployment.yml");
  });
});
