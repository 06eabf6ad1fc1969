import { SegmentedControl, Select, Text } from "@mantine/core";
import "@mantine/dropzone/styles.css";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { evaluators } from "@/api/evaluators";
import { flows } from "@/api/flows";
import type { Flow } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { Wizard } from "@/ui/Wizard";
import { DataStep } from "./components/DataStep";
import { InitStep } from "./components/InitStep";
import { MappingStep } from "./components/MappingStep";
import { OptionsStep, VariantsStep } from "./components/OptionsStep";
import { type RunDraft, useRunDraft } from "./hooks/useRunDraft";
import { commandOf, runFileOf } from "./logic/command";

/** What stands before the name of an evaluator that is no flow of the workspace yet. */
const EVALUATOR = "evaluator:";

/** Makes a flow of an evaluator, and chooses it. */
function useEvaluatorFlow(choose: (flow: string | null) => void) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (evaluator: string) => evaluators.createFlow(workspace, evaluator),
    onSuccess: async (flow) => {
      await client.invalidateQueries({ queryKey: flows.list(workspace).queryKey });
      choose(flow.name);
    },
  });
}

function FlowStep({ draft }: { readonly draft: RunDraft }) {
  const workspace = useWorkspace();
  const list = useQuery(flows.list(workspace));
  const known = useQuery(evaluators.list(workspace));
  const make = useEvaluatorFlow(draft.chooseFlow);
  const names = list.data?.items.map((flow) => flow.name) ?? [];
  const isEvaluation = draft.runName !== "";
  // A flow that was made of an evaluator has its class elsewhere: its files do not say that it makes metrics.
  const scores = (flow: Flow) => flow.purpose === "evaluation" || (known.data?.items.some(({ name }) => name === flow.name) ?? false);
  const grading = isEvaluation ? (list.data?.items.filter(scores).map(({ name }) => name) ?? []) : [];
  const offered = (kind: "deterministic" | "judge") =>
    (known.data?.items ?? []).filter((each) => each.kind === kind && !names.includes(each.name)).map(({ name }) => ({ value: `${EVALUATOR}${name}`, label: name }));
  return (
    <>
      <Select
        aria-label="Flow"
        placeholder={isEvaluation ? "Choose an evaluator" : "Choose a flow"}
        searchable
        disabled={make.isPending}
        data={[
          { group: "Evaluation flows", items: grading },
          ...(isEvaluation ? [] : [{ group: "Flows", items: names }]),
          { group: "Evaluators, which become flows", items: offered("deterministic") },
          { group: "Judges, which ask a model and become flows", items: offered("judge") },
          ...(isEvaluation ? [{ group: "Other flows", items: names.filter((name) => !grading.includes(name)) }] : []),
        ].filter(({ items }) => items.length > 0)}
        value={draft.flow === "" ? null : draft.flow}
        nothingFoundMessage="There is no such flow."
        onChange={(chosen) => {
          if (chosen?.startsWith(EVALUATOR)) make.mutate(chosen.slice(EVALUATOR.length));
          else draft.chooseFlow(chosen);
        }}
      />
      {make.error && <ErrorPanel error={make.error} />}
      {draft.graph.error && draft.flow !== "" && <ErrorPanel error={draft.graph.error} />}
      {draft.errors > 0 && (
        <Text size="sm" c="var(--fy-bad)" role="alert">
          Validation found errors in this flow.{" "}
          <TextLink to="/w/$workspace/flows/$flow" params={{ workspace, flow: draft.flow }} search={{ tab: "findings" } as never} inherit>
            Mend them first
          </TextLink>
        </Text>
      )}
    </>
  );
}

function happens(draft: RunDraft): string {
  if (!draft.steps.flow) return draft.runName === "" ? "Choose the flow that shall run." : "Choose what scores the outputs.";
  if (!draft.steps.data) return "Choose the rows it shall run over.";
  if (draft.rows.length === 0) return draft.lines.isSuccess ? "The run has no completed rows." : "Looking into the rows.";
  if (!draft.steps.mapping) return "One or more inputs of the flow lack a value.";
  if (!draft.steps.init) return "A setting of the flow lacks a value.";
  if (!draft.steps.options) return "The run's name cannot be used: choose another one.";
  const over = [draft.file?.name, draft.asset.replace(/^azureml:/, ""), draft.runName === "" ? undefined : `the outputs of ${draft.runName}`].filter(Boolean).join(" and ");
  const sides = draft.variants.length > 1 ? `, ${draft.variants.length} variants side by side` : "";
  return [`${draft.flow} runs over ${over}${sides}. A copy of the flow is kept with the run.`, draft.calls].filter(Boolean).join(" ");
}

function Summary({ draft }: { readonly draft: RunDraft }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form, setForm] = useState("command");
  const readOnly = whyReadOnly(useRights(workspace));
  const create = useMutation({
    mutationFn: draft.create,
    onSuccess: (run) => {
      void client.invalidateQueries({ queryKey: ["runs", workspace, "pages"] });
      void client.invalidateQueries({ queryKey: ["jobs", workspace] });
      void navigate({ to: "/w/$workspace/runs/$name", params: { workspace, name: run.name } });
    },
  });
  return (
    <>
      <Text size="sm">{readOnly ?? happens(draft)}</Text>
      <GuardedButton
        leftSection={<IconPlayerPlay size={16} />}
        off={readOnly ?? (draft.ready ? null : happens(draft))}
        loading={create.isPending}
        onClick={() => {
          create.mutate();
        }}
      >
        Create run
      </GuardedButton>
      {create.error && <ErrorPanel error={create.error} />}
      <SegmentedControl
        aria-label="The same as"
        size="xs"
        data={[
          { value: "command", label: "Command" },
          { value: "file", label: "run.yaml" },
        ]}
        value={form}
        onChange={setForm}
      />
      {form === "command" ? (
        <CodeBlock code={commandOf(draft.plan)} label="Copy command" wrap />
      ) : (
        <>
          <CodeBlock code={runFileOf(draft.plan)} label="Copy run.yaml" wrap />
          <Text size="xs" c="dimmed">
            flowyard run create --file run.yaml
          </Text>
        </>
      )}
    </>
  );
}

/** Makes a run: which flow, over which rows, what feeds its inputs. */
export function RunNewPage() {
  const workspace = useWorkspace();
  const draft = useRunDraft();
  const isEvaluation = draft.runName !== "";
  return (
    <Page>
      <PageHeader
        title={isEvaluation ? `Evaluate ${draft.run?.display_name ?? draft.runName}` : "New run"}
        parent={{ label: "Runs", target: linkOptions({ to: "/w/$workspace/runs", params: { workspace } }) }}
        meta={isEvaluation ? "Takes an evaluator, or another flow, over the run’s outputs." : "Takes a flow over many rows of data."}
      />
      <Wizard
        steps={[
          { name: "flow", title: isEvaluation ? "Evaluator" : "Flow", done: draft.steps.flow, content: <FlowStep draft={draft} /> },
          { name: "data", title: "Data", done: draft.steps.data, content: <DataStep draft={draft} /> },
          { name: "mapping", title: "Mapping", heading: "Column mapping", done: draft.steps.mapping, content: <MappingStep draft={draft} /> },
          ...(draft.init.fields.length > 0 ? [{ name: "init", title: "Settings", heading: "What its class is made with", done: draft.steps.init, content: <InitStep draft={draft} /> }] : []),
          { name: "variants", title: "Variants", done: draft.steps.variants, content: <VariantsStep draft={draft} /> },
          { name: "options", title: "Options", done: draft.steps.options, content: <OptionsStep draft={draft} /> },
        ]}
        side={<Summary draft={draft} />}
      />
    </Page>
  );
}
