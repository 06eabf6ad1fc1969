import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { ErrorPanel } from "@/ui/ErrorPanel";
import type { Evaluations } from "../hooks/useEvaluations";
import type { RunDraft } from "../hooks/useRunDraft";
import { FlowErrors, FlowSelect } from "./FlowStep";
import { InitFields } from "./InitStep";
import { MappingRows } from "./MappingStep";

function Chosen({ evaluation, evaluations }: { readonly evaluation: Evaluations["all"][number]; readonly evaluations: Evaluations }) {
  const { flow } = evaluation;
  return (
    <section aria-label={flow}>
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={600}>
          {flow}
        </Text>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={`Without ${flow}`}
          onClick={() => {
            evaluations.remove(flow);
          }}
        >
          <IconX size={14} />
        </ActionIcon>
      </Group>
      {evaluation.error && <ErrorPanel error={evaluation.error} />}
      {evaluation.errors > 0 && <FlowErrors flow={flow} />}
      <MappingRows
        part={evaluation}
        of={flow}
        onMap={(input, text) => {
          evaluations.map(flow, input, text);
        }}
      />
      {evaluation.init.fields.length > 0 && (
        <InitFields
          init={{
            ...evaluation.init,
            set: (field, text) => {
              evaluations.set(flow, field, text);
            },
          }}
        />
      )}
    </section>
  );
}

/** Which evaluators score the run's outputs once its rows are done, and what feeds them. */
export function EvaluatorsStep({ draft }: { readonly draft: RunDraft }) {
  const { evaluations } = draft;
  if (!draft.steps.flow || draft.rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Choose a flow and its data first.
      </Text>
    );
  return (
    <Stack gap="sm">
      <FlowSelect
        label="Add an evaluator"
        placeholder={evaluations.all.length === 0 ? "Choose an evaluator" : "Choose another evaluator"}
        isEvaluation
        value={null}
        without={[draft.flow, ...evaluations.all.map(({ flow }) => flow)]}
        onChoose={(flow) => {
          if (flow !== null) evaluations.add(flow);
        }}
      />
      {evaluations.all.map((evaluation) => (
        <Chosen key={evaluation.flow} evaluation={evaluation} evaluations={evaluations} />
      ))}
      <Text size="xs" c="dimmed">
        {evaluations.all.length === 0
          ? "None chosen: the outputs are not scored. They can be later, from the run's page."
          : "Each is a run of its own over this run's outputs, and begins once they are there."}
      </Text>
    </Stack>
  );
}
