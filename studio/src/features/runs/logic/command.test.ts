import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commandOf, commandsOf, evaluationCommandsOf, type Plan, runFileOf } from "./command";

const plan: Plan = {
  flow: "demo-python",
  data: "my rows.jsonl",
  columnMapping: { text: "${data.text}", style: "it's short", limit: 3 },
  variants: ["${write.short}", "${write.long}"],
  name: "first",
  maxFailures: 0,
  replay: true,
};

describe("the same run by other means", () => {
  it("quotes for a shell what a shell would change", () => {
    expect(commandOf(plan)).toBe(
      [
        "flowyard run create",
        "--flow demo-python",
        "--data 'my rows.jsonl'",
        "--column-mapping 'text=${data.text}' 'style=it'\\''s short' limit=3",
        "--variant '${write.short}'",
        "--variant '${write.long}'",
        "--name first",
        "--max-failures 0",
        "--replay",
        "--stream",
      ].join(" \\\n  "),
    );
  });

  it("gives a class its settings: a text that would be read as something else stays a text", () => {
    const init = { model_config: { connection: "local", model: "small one" }, threshold: 3.5, strict: true, version: "3", flag: "true", note: "it's", empty: "" };
    const command = commandOf({ flow: "judge", columnMapping: {}, variants: [], init, replay: false });
    expect(command.split(" \\\n  ")).toEqual([
      "flowyard run create",
      "--flow judge",
      `--init 'model_config={"connection":"local","model":"small one"}' threshold=3.5 strict=true 'version="3"' 'flag="true"' 'note=it'\\''s' empty=`,
      "--stream",
    ]);
    expect(parse(runFileOf({ flow: "judge", columnMapping: {}, variants: [], init, replay: false }))).toEqual({ flow: "judge", init });
    expect(commandOf({ flow: "judge", columnMapping: {}, variants: [], init: {}, replay: false })).not.toContain("--init");
  });

  it("writes only what is asked for into a run file", () => {
    expect(parse(runFileOf(plan))).toEqual({
      flow: "demo-python",
      data: "my rows.jsonl",
      column_mapping: { text: "${data.text}", style: "it's short", limit: 3 },
      variants: ["${write.short}", "${write.long}"],
      name: "first",
      max_failures: 0,
      replay: true,
    });
    expect(parse(runFileOf({ flow: "a", run: "b", columnMapping: {}, variants: ["${n.v}"], replay: false }))).toEqual({ flow: "a", run: "b", variant: "${n.v}" });
  });
});

it("evaluators are further commands, over a run with a name", () => {
  const plan = { flow: "answers", data: "rows.jsonl", columnMapping: { question: "${data.question}" }, variants: [], replay: false };
  const evaluations = [{ flow: "f1_score", columnMapping: { response: "${run.outputs.answer}", ground_truth: "${data.truth}" } }];
  const [run, scored, ...more] = commandsOf({ ...plan, evaluations }).split(/\n(?=flowyard)/);
  expect(more).toEqual([]);
  expect(run).toContain("--name answers-run");
  expect(scored?.split(" \\\n  ")).toEqual([
    "flowyard run create",
    "--flow f1_score",
    "--data rows.jsonl",
    "--run answers-run",
    "--column-mapping 'response=${run.outputs.answer}' 'ground_truth=${data.truth}'",
    "--stream",
  ]);
  expect(evaluationCommandsOf({ ...plan, name: "mine", evaluations })[0]).toContain("--run mine");
  expect(commandsOf(plan)).toBe(commandOf(plan));
  expect(runFileOf({ ...plan, evaluations })).toContain("name: answers-run");
});
