import { NumberInput, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import type { Judging } from "../logic/judging";

const MONOSPACE = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };

interface JudgingFieldsProps {
  readonly judging: Judging;
  readonly problems: Partial<Record<keyof Judging, string>>;
  readonly onChange: (change: Partial<Judging>) => void;
}

/** Which evaluator scores sampled answers of a rollout, of what, and which mean is good enough. */
export function JudgingFields({ judging, problems, onChange }: JudgingFieldsProps) {
  return (
    <>
      <TextInput
        label="Evaluator of sampled answers"
        description="By its name, such as regex or relevance: flowyard evaluator list."
        placeholder="None"
        value={judging.evaluator}
        onChange={(event) => {
          onChange({ evaluator: event.currentTarget.value });
        }}
      />
      {judging.evaluator.trim() !== "" && (
        <>
          <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
            <NumberInput
              label="Mean score at least"
              description="At most, where less is better."
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
            placeholder="response=${run.outputs.answer}"
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
