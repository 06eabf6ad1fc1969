import { Select, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { evaluators } from "@/api/evaluators";
import { flows } from "@/api/flows";
import type { Flow } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { TextLink } from "@/ui/links";
import type { RunDraft } from "../hooks/useRunDraft";

/** What stands before the name of an evaluator that is no flow of the workspace yet. */
const EVALUATOR = "evaluator:";

interface FlowSelectProps {
  readonly label: string;
  readonly placeholder: string;
  /** What scores outputs comes first, and not all flows above it. */
  readonly isEvaluation: boolean;
  readonly value: string | null;
  /** Flows that are not offered. */
  readonly without?: readonly string[];
  readonly onChoose: (flow: string | null) => void;
}

/** A flow of the workspace, or an evaluator, which becomes one. */
export function FlowSelect({ label, placeholder, isEvaluation, value, without = [], onChoose }: FlowSelectProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const list = useQuery(flows.list(workspace));
  const known = useQuery(evaluators.list(workspace));
  const make = useMutation({
    mutationFn: (evaluator: string) => evaluators.createFlow(workspace, evaluator),
    onSuccess: async (flow) => {
      await client.invalidateQueries({ queryKey: flows.list(workspace).queryKey });
      onChoose(flow.name);
    },
  });
  const every = list.data?.items ?? [];
  const offered = every.filter(({ name }) => !without.includes(name));
  const names = offered.map(({ name }) => name);
  // A flow that was made of an evaluator has its class elsewhere: its files do not say that it makes metrics.
  const scores = (flow: Flow) => flow.purpose === "evaluation" || (known.data?.items.some(({ name }) => name === flow.name) ?? false);
  const grading = isEvaluation ? offered.filter(scores).map(({ name }) => name) : [];
  const becoming = (kind: "deterministic" | "judge") =>
    (known.data?.items ?? []).filter((each) => each.kind === kind && !every.some(({ name }) => name === each.name)).map(({ name }) => ({ value: `${EVALUATOR}${name}`, label: name }));
  return (
    <>
      <Select
        aria-label={label}
        placeholder={placeholder}
        searchable
        disabled={make.isPending}
        data={[
          { group: "Evaluation flows", items: grading },
          ...(isEvaluation ? [] : [{ group: "Flows", items: names }]),
          { group: "Evaluators, which become flows", items: becoming("deterministic") },
          { group: "Judges, which ask a model and become flows", items: becoming("judge") },
          ...(isEvaluation ? [{ group: "Other flows", items: names.filter((name) => !grading.includes(name)) }] : []),
        ].filter(({ items }) => items.length > 0)}
        value={value}
        nothingFoundMessage="There is no such flow."
        onChange={(chosen) => {
          if (chosen?.startsWith(EVALUATOR)) make.mutate(chosen.slice(EVALUATOR.length));
          else onChoose(chosen);
        }}
      />
      {make.error && <ErrorPanel error={make.error} />}
    </>
  );
}

/** That a flow has errors, and where to mend them. */
export function FlowErrors({ flow }: { readonly flow: string }) {
  return (
    <Text size="sm" c="var(--fy-bad)" role="alert">
      Validation found errors in this flow.{" "}
      <TextLink to="/w/$workspace/flows/$flow" params={{ workspace: useWorkspace(), flow }} search={{ tab: "findings" } as never} inherit>
        Mend them first
      </TextLink>
    </Text>
  );
}

/** Which flow runs, or what scores another run's outputs. */
export function FlowStep({ draft }: { readonly draft: RunDraft }) {
  const isEvaluation = draft.runName !== "";
  return (
    <>
      <FlowSelect
        label="Flow"
        placeholder={isEvaluation ? "Choose an evaluator" : "Choose a flow"}
        isEvaluation={isEvaluation}
        value={draft.flow === "" ? null : draft.flow}
        onChoose={draft.chooseFlow}
      />
      {draft.graph.error && draft.flow !== "" && <ErrorPanel error={draft.graph.error} />}
      {draft.errors > 0 && <FlowErrors flow={draft.flow} />}
    </>
  );
}
