import { NumberInput, Select, SimpleGrid, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { evaluators } from "@/api/evaluators";
import type { EvaluatorSummary } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import type { Judging } from "../logic/judging";

const MONOSPACE = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };

interface JudgingFieldsProps {
  readonly judging: Judging;
  readonly problems: Partial<Record<keyof Judging, string>>;
  readonly onChange: (change: Partial<Judging>) => void;
}

function about({ description, inputs }: EvaluatorSummary): string {
  return `${description} It sees: ${inputs.join(", ")}.`;
}

function grouped(all: readonly EvaluatorSummary[]) {
  const named = (kind: EvaluatorSummary["kind"]) => all.filter((each) => each.kind === kind).map(({ name }) => name);
  return [
    { group: "Computed", items: named("deterministic") },
    { group: "Judged by a model", items: named("judge") },
  ];
}

function better(evaluator: EvaluatorSummary | undefined): "higher" | "lower" {
  return evaluator?.measures[0]?.higher_is_better === false ? "lower" : "higher";
}

function range(evaluator: EvaluatorSummary | undefined): string {
  const measure = evaluator?.measures[0];
  if (!measure) return "Which mean is good enough.";
  return measure.high === null ? `${measure.key}, from ${measure.low}.` : `${measure.key}, ${measure.low} to ${measure.high}.`;
}

const FROM_REQUEST = new Set(["query", "context", "ground_truth"]);

/** Where inputs of these names usually come from. */
function mappingOf(evaluator: EvaluatorSummary | undefined): string {
  const inputs = evaluator?.inputs ?? ["response"];
  return inputs.map((name) => `${name}=\${run.${FROM_REQUEST.has(name) ? `inputs.${name}` : "outputs.answer"}}`).join("\n");
}

/** Which evaluator scores sampled answers of a rollout, of what, and which mean is good enough. */
export function JudgingFields({ judging, problems, onChange }: JudgingFieldsProps) {
  const workspace = useWorkspace();
  const list = useQuery(evaluators.list(workspace));
  const chosen = list.data?.items.find(({ name }) => name === judging.evaluator);
  return (
    <>
      <Select
        label="Evaluator of sampled answers"
        description={chosen ? about(chosen) : "Looks at answers of each step. None: only errors and times are looked at."}
        placeholder="None"
        searchable
        clearable
        nothingFoundMessage="There is no such evaluator."
        data={grouped(list.data?.items ?? [])}
        value={judging.evaluator === "" ? null : judging.evaluator}
        onChange={(name) => {
          onChange({ evaluator: name ?? "" });
        }}
      />
      {list.error && <ErrorPanel error={list.error} />}
      {judging.evaluator !== "" && (
        <>
          <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
            <NumberInput
              label={better(chosen) === "higher" ? "Mean score at least" : "Mean score at most"}
              description={range(chosen)}
              value={judging.minScore}
              error={problems.minScore}
              onChange={(minScore) => {
                onChange({ minScore });
              }}
            />
            <NumberInput
              label="Answers of a step"
              description="How many of them it scores."
              min={1}
              max={1000}
              allowDecimal={false}
              value={judging.sample}
              error={problems.sample}
              onChange={(sample) => {
                onChange({ sample });
              }}
            />
          </SimpleGrid>
          <Textarea
            label="Where its inputs come from"
            description="INPUT=${run.outputs.…} of the answer, or ${run.inputs.…} of the request, one a line."
            placeholder={mappingOf(chosen)}
            autosize
            minRows={1}
            maxRows={6}
            styles={MONOSPACE}
            value={judging.mapping}
            error={problems.mapping}
            onChange={(event) => {
              onChange({ mapping: event.currentTarget.value });
            }}
          />
          <Textarea
            label="Made with"
            description="Its settings as JSON: a judge's model by its connection, the pattern of a regex."
            placeholder='{"model_config": {"connection": "my-connection", "model": "gpt-4o"}}'
            autosize
            minRows={1}
            maxRows={6}
            styles={MONOSPACE}
            value={judging.init}
            error={problems.init}
            onChange={(event) => {
              onChange({ init: event.currentTarget.value });
            }}
          />
        </>
      )}
    </>
  );
}
