import { SegmentedControl, Text } from "@mantine/core";
import "@mantine/dropzone/styles.css";
import { notifications } from "@mantine/notifications";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Page, PageHeader } from "@/ui/Page";
import { Wizard } from "@/ui/Wizard";
import { DataStep } from "./components/DataStep";
import { EvaluatorsStep } from "./components/EvaluatorsStep";
import { FlowStep } from "./components/FlowStep";
import { InitStep } from "./components/InitStep";
import { MappingStep } from "./components/MappingStep";
import { OptionsStep, VariantsStep } from "./components/OptionsStep";
import { type RunDraft, useRunDraft } from "./hooks/useRunDraft";
import { commandsOf, evaluationCommandsOf, runFileOf } from "./logic/command";

function happens(draft: RunDraft): string {
  if (!draft.steps.flow) return draft.runName === "" ? "Choose the flow that shall run." : "Choose what scores the outputs.";
  if (!draft.steps.data) return "Choose the rows it shall run over.";
  if (draft.rows.length === 0) return draft.lines.isSuccess ? "The run has no completed rows." : "Looking into the rows.";
  if (!draft.steps.mapping) return "One or more inputs of the flow lack a value.";
  if (!draft.steps.init) return "A setting of the flow lacks a value.";
  if (draft.evaluations.problem !== null) return draft.evaluations.problem;
  if (!draft.steps.options) return "The run's name cannot be used: choose another one.";
  const over = [draft.file?.name, draft.asset.replace(/^azureml:/, ""), draft.runName === "" ? undefined : `the outputs of ${draft.runName}`].filter(Boolean).join(" and ");
  const sides = draft.variants.length > 1 ? `, ${draft.variants.length} variants side by side` : "";
  const scored = draft.evaluations.all.map(({ flow }) => flow).join(", ");
  const then = scored === "" ? "" : ` Then its outputs are scored by ${scored}.`;
  return [`${draft.flow} runs over ${over}${sides}.${then} A copy of the flow is kept with the run.`, draft.calls].filter(Boolean).join(" ");
}

function Summary({ draft }: { readonly draft: RunDraft }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form, setForm] = useState("command");
  const readOnly = whyReadOnly(useRights(workspace));
  const create = useMutation({
    mutationFn: draft.create,
    onSuccess: ({ run, refused }) => {
      for (const { flow, problem } of refused) notifications.show({ color: "red", title: `${flow} does not score the run`, message: problem, autoClose: false });
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
        <CodeBlock code={commandsOf(draft.plan)} label="Copy command" wrap />
      ) : (
        <>
          <CodeBlock code={runFileOf(draft.plan)} label="Copy run.yaml" wrap />
          <CodeBlock code={["flowyard run create --file run.yaml --stream", ...evaluationCommandsOf(draft.plan)].join("\n")} label="Copy commands" wrap />
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
          ...(isEvaluation ? [] : [{ name: "evaluators", title: "Evaluators", done: draft.steps.evaluators, content: <EvaluatorsStep draft={draft} /> }]),
          { name: "options", title: "Options", done: draft.steps.options, content: <OptionsStep draft={draft} /> },
        ]}
        side={<Summary draft={draft} />}
      />
    </Page>
  );
}
