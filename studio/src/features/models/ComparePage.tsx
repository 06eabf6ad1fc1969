import { Button, MultiSelect, NumberInput, Select, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { IconPlayerPlay, IconScale } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { useState } from "react";
import { comparisons } from "@/api/comparisons";
import { data } from "@/api/data";
import { evaluators } from "@/api/evaluators";
import { isActive, jobs } from "@/api/jobs";
import { models } from "@/api/models";
import type { ModelComparisonCreate } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatExact, formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Cost } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { JobPanel } from "@/ui/JobPanel";
import { Page, PageHeader } from "@/ui/Page";
import classes from "./components/Comparison.module.css";
import { ComparisonReport } from "./components/ComparisonReport";
import { hasReport } from "./logic/reports";
import { isUsable } from "./tasks";

const WORKS_ON = ["comparisons"] as const;

function useForm() {
  const [names, setNames] = useState<string[]>([]);
  const [asset, setAsset] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string[]>(["f1_score"]);
  const [prompt, setPrompt] = useState("question");
  const [truth, setTruth] = useState("answer");
  const [rows, setRows] = useState(50);
  const why = names.length < 2 ? "Choose two models or more." : asset === null ? "Choose the data." : chosen.length === 0 ? "Name an evaluator." : null;
  const body = (): ModelComparisonCreate => ({ models: names, data: asset ?? "", evaluators: chosen, prompt, ground_truth: truth, max_rows: rows });
  return { names, setNames, asset, setAsset, chosen, setChosen, prompt, setPrompt, truth, setTruth, rows, setRows, why, body };
}

function Form({ onBegun }: { readonly onBegun: (id: string) => void }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const form = useForm();
  const rights = useRights(workspace);
  const catalog = useQuery(models.list(workspace));
  const assets = useQuery(data.list(workspace));
  const choices = useQuery(evaluators.list(workspace));
  const plan = useMutation({ mutationFn: () => comparisons.plan(workspace, form.body()) });
  const begin = useMutation({
    mutationFn: () => comparisons.begin(workspace, form.body()),
    onSuccess: async (job) => {
      client.setQueryData(jobs.get(workspace, job.id).queryKey, job);
      plan.reset();
      onBegun(job.id);
      await client.invalidateQueries({ queryKey: ["comparisons", workspace] });
    },
  });
  const off = whyReadOnly(rights) ?? form.why;
  const usable = (catalog.data?.items ?? []).filter((model) => isUsable(model) && (model.task === "chat-completion" || model.task === "completion"));
  return (
    <Stack gap="md">
      <MultiSelect label="Models" description="Two to eight; the others are compared with the first." searchable maxValues={8} data={usable.map((model) => ({ value: model.call ?? model.name, label: model.display_name === model.name ? model.name : `${model.display_name} (${model.name})` }))} value={form.names} onChange={form.setNames} />
      <Select label="Data" placeholder="A data asset with rows" searchable data={(assets.data?.items ?? []).map((each) => ({ value: each.reference, label: `${each.name} ${each.version}` }))} value={form.asset} onChange={form.setAsset} />
      <TagsInput label="Evaluators" data={(choices.data?.items ?? []).map((each) => each.name)} value={form.chosen} onChange={form.setChosen} />
      <TextInput label="Question" description="A column, or a text with {{column}} in it." value={form.prompt} onChange={(event) => form.setPrompt(event.currentTarget.value)} />
      <TextInput label="Right answer" description="The column with it." value={form.truth} onChange={(event) => form.setTruth(event.currentTarget.value)} />
      <NumberInput label="Rows at most" min={2} max={100_000} value={form.rows} onChange={(value) => form.setRows(Number(value) || 2)} />
      {plan.data ? (
        <Stack gap="sm">
          <Text size="sm">
            At most {formatNumber(plan.data.calls)} calls. Cost: {plan.data.free ? "none, it runs on this machine" : plan.data.cost ? <Cost value={plan.data.cost} /> : "not known, because a price is not"}.
          </Text>
          <GuardedButton off={off} leftSection={<IconPlayerPlay size={15} />} loading={begin.isPending} onClick={() => begin.mutate()}>
            Begin
          </GuardedButton>
          <Button variant="default" onClick={plan.reset}>
            Change it
          </Button>
        </Stack>
      ) : (
        <GuardedButton off={off} leftSection={<IconScale size={15} />} loading={plan.isPending} onClick={() => plan.mutate()}>
          Compare
        </GuardedButton>
      )}
      {(plan.error ?? begin.error) && <ErrorPanel error={plan.error ?? begin.error} />}
    </Stack>
  );
}

function Report({ id }: { readonly id: string }) {
  const workspace = useWorkspace();
  const { job, query, problem } = useJob(workspace, id, WORKS_ON);
  const found = useQuery({ ...comparisons.get(workspace, id), enabled: !query.isPending && hasReport(job) });
  return (
    <Stack gap="md" miw={0}>
      {job && (isActive(job) || job.status !== "completed") && <JobPanel job={job} workspace={workspace} streamProblem={problem} />}
      {found.data?.status === "completed" && <ComparisonReport found={found.data} />}
      {found.error && job?.status === "completed" && <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />}
    </Stack>
  );
}

/** Models compared on somebody's own data: quality with intervals, latency and cost, and what that says. */
export function ComparePage() {
  const workspace = useWorkspace();
  const [chosen, choose] = useUrlState("comparison", "", true);
  const list = useQuery(comparisons.list(workspace));
  const items = list.data?.items ?? [];
  const id = chosen === "" ? (items[0]?.id ?? "") : chosen;
  return (
    <Page>
      <PageHeader title="Compare models" parent={{ label: "Models", target: linkOptions({ to: "/w/$workspace/models", params: { workspace } }) }} meta="On your own data, row by row, with evaluators of your choice.">
        {items.length > 0 && (
          <Select aria-label="Which comparison" w={340} allowDeselect={false} value={id} onChange={choose} data={items.map((item) => ({ value: item.id, label: `${item.models.join(" · ")}, ${formatExact(item.started_at)}` }))} />
        )}
      </PageHeader>
      <div className={classes.columns}>
        <Form onBegun={choose} />
        {id === "" ? (
          <EmptyState icon={IconScale} title="Nothing compared yet" text="Choose models and a data asset with questions and right answers. Differences are told with their intervals, and how many rows would be needed to see a smaller one." />
        ) : (
          <Report key={id} id={id} />
        )}
      </div>
    </Page>
  );
}
