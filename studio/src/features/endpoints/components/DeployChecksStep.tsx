import { ActionIcon, Autocomplete, Button, Group, JsonInput, NumberInput, Select, Stack, Text } from "@mantine/core";
import { IconFlask, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { DeploymentEvaluation } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import { ValueView } from "@/ui/ValueView";
import type { DeployChecks } from "../hooks/useDeployChecks";
import type { DeployDraft } from "../hooks/useDeployDraft";
import { evaluationChoices, type GateDraft, measuredOf } from "../logic/gates";
import classes from "./DeployChecksStep.module.css";

interface StepProps {
  readonly draft: DeployDraft;
  readonly found: DeployChecks;
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const FROM = { given: "the inputs above", test: "those of its last test", run: "those of the first row of its last run", defaults: "its defaults" };

function TestOnce({ found }: { readonly found: DeployChecks }) {
  const workspace = useWorkspace();
  const [text, setText] = useState("");
  const readOnly = whyReadOnly(useRights(workspace));
  const { test, tested } = found;
  const inputs = text.trim() === "" ? null : readObject(text);
  const wrong = text.trim() !== "" && inputs === null;
  return (
    <section className={classes.part} aria-label="Test">
      <Group justify="space-between" align="flex-end" wrap="nowrap">
        <JsonInput
          flex={1}
          label="Test it with"
          description="The flow's inputs as JSON. Empty: its last inputs, or its defaults."
          placeholder={JSON.stringify(tested?.inputs ?? { question: "…" })}
          autosize
          minRows={1}
          maxRows={8}
          value={text}
          error={wrong ? "Write an object, such as {\"question\": \"…\"}." : null}
          onChange={setText}
        />
        <GuardedButton
          flex="none"
          variant="default"
          leftSection={<IconFlask size={16} />}
          loading={test.isPending}
          off={readOnly ?? (wrong ? "The inputs are no object of JSON." : null)}
          onClick={() => {
            test.mutate(inputs);
          }}
        >
          Run a test
        </GuardedButton>
      </Group>
      {test.error && <ErrorPanel error={test.error} />}
      {tested && (
        <Stack gap={8}>
          <Text size="sm" c="dimmed">
            Run with {FROM[tested.inputs_from]}.{" "}
            {tested.trace_id && (
              <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: tested.trace_id }} size="sm">
                Trace
              </TextLink>
            )}
          </Text>
          {tested.outputs && <ValueView value={tested.outputs} label="Outputs of the test" maxHeight={160} />}
        </Stack>
      )}
    </section>
  );
}

function Metrics({ evaluation }: { readonly evaluation: DeploymentEvaluation }) {
  const workspace = useWorkspace();
  return (
    <Stack gap={6}>
      <dl className={classes.metrics}>
        {measuredOf(evaluation).map(({ name, value, low, high }) => (
          <div key={name}>
            <dt title={name}>{name}</dt>
            <dd className="fy-num">
              {formatNumber(value, 3)}
              {low !== undefined && high !== undefined && <span> {formatNumber(low, 2)} to {formatNumber(high, 2)}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed">
        Over {formatNumber(evaluation.rows)} {evaluation.rows === 1 ? "row" : "rows"}, intervals of 95 %:{" "}
        {[evaluation.run, ...(evaluation.evaluations ?? [])].map((run, index) => (
          <span key={run}>
            {index > 0 && ", "}
            <TextLink to="/w/$workspace/runs/$name" params={{ workspace, name: run }} size="sm">
              {run}
            </TextLink>
          </span>
        ))}
      </Text>
    </Stack>
  );
}

function GateRow({ gate, metrics, onChange, onRemove }: { readonly gate: GateDraft; readonly metrics: readonly string[]; readonly onChange: (gate: GateDraft) => void; readonly onRemove: () => void }) {
  return (
    <Group gap={8} wrap="nowrap">
      <Autocomplete
        flex={1}
        aria-label="Metric of the gate"
        placeholder="Metric, such as f1_score"
        data={[...metrics]}
        value={gate.metric}
        onChange={(metric) => {
          onChange({ ...gate, metric });
        }}
      />
      <Select
        w={120}
        aria-label="Bound of the gate"
        data={[
          { value: ">=", label: "at least" },
          { value: "<=", label: "at most" },
        ]}
        value={gate.sign}
        allowDeselect={false}
        onChange={(sign) => {
          onChange({ ...gate, sign: sign === "<=" ? "<=" : ">=" });
        }}
      />
      <NumberInput
        w={110}
        aria-label="Value of the gate"
        placeholder="0.8"
        step={0.05}
        value={gate.bound}
        onChange={(bound) => {
          onChange({ ...gate, bound });
        }}
      />
      <ActionIcon variant="subtle" color="gray" aria-label="Remove the gate" onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}

/** No run has such a name. */
const NEWEST = ":newest";

/** Which evaluation counts: the newest of this version, or one that is chosen. */
function EvaluationChoice({ draft, found }: StepProps) {
  const all = found.found?.evaluated ?? [];
  const [newest] = all;
  if (!newest) return null;
  const { run, evaluations = [] } = newest;
  // What the first choice stands for is not offered twice, unless it was chosen by its name.
  const same = evaluations.length === 1 ? evaluations[0] : run;
  return (
    <Select
      label="Evaluation"
      description="Of this very version. Its metrics are what the gates look at."
      allowDeselect={false}
      searchable
      data={[
        { value: NEWEST, label: `The newest: ${evaluations.length > 0 ? evaluations.join(", ") : run}` },
        ...evaluationChoices(all).filter(({ value }) => value !== same || value === draft.evaluation),
      ]}
      value={draft.evaluation ?? NEWEST}
      onChange={(chosen) => {
        draft.judgeBy(chosen === NEWEST ? null : chosen);
      }}
    />
  );
}

function Evaluation({ draft, found }: StepProps) {
  const { drafts, change } = draft.gates;
  const evaluation = found.found?.evaluation;
  const metrics = Object.keys(evaluation?.metrics ?? {});
  return (
    <section className={classes.part} aria-label="Evaluation">
      <EvaluationChoice draft={draft} found={found} />
      {evaluation && <Metrics evaluation={evaluation} />}
      {drafts.map((gate, index) => (
        <GateRow
          // The order of gates is all that tells them apart.
          key={index}
          gate={gate}
          metrics={metrics}
          onChange={(changed) => {
            change(drafts.map((each, at) => (at === index ? changed : each)));
          }}
          onRemove={() => {
            change(drafts.filter((_, at) => at !== index));
          }}
        />
      ))}
      <Group gap={8}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          onClick={() => {
            change([...drafts, { metric: "", sign: ">=", bound: "" }]);
          }}
        >
          Add a gate
        </Button>
        <Text size="xs" c="dimmed">
          A value that a metric must have, or it is not deployed. Gate <code>…_low</code> to hold the lower end of its interval.
        </Text>
      </Group>
    </section>
  );
}

/** A test of the flow, and what its evaluation has to be; what was found stands beside. */
export function ChecksStep({ draft, found }: StepProps) {
  if (draft.what.source === null) return <Text size="sm" c="dimmed">Choose what to deploy: it is looked at before anything is started.</Text>;
  return (
    <Stack gap={16}>
      <TestOnce found={found} />
      <Evaluation draft={draft} found={found} />
    </Stack>
  );
}
