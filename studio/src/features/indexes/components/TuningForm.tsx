import { Group, MultiSelect, NumberInput, Select, SimpleGrid, Stack, TagsInput } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/data";
import { indexes } from "@/api/indexes";
import type { IndexVersion } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { JobPanel } from "@/ui/JobPanel";
import { AnswersFields } from "./AnswersFields";
import { useLocalModels } from "../hooks/useLocalModels";
import { choicesOf } from "../logic/measured";
import { draftProblem, MEASURES, NO_ANSWERS, requestOf, type TuningDraft, writeCut } from "../logic/tuned";

/** What a search changes. */
const WORKS_ON = ["indexes"];
const TOP_K = ["1", "3", "5", "10"];

/** Chooses what is tried, starts a search over configurations, and follows its job. */
export function TuningForm({ version }: { readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const [set, setSet] = useUrlState("questions");
  const [jobId, setJobId] = useUrlState("tuning-job");
  const assets = useQuery(data.list(workspace));
  const rerankers = useLocalModels("rerank");
  const [part, setPart] = useState<Partial<TuningDraft>>({});
  const draft: TuningDraft = { measure: "ndcg", chunks: version.proposed_chunking.map(writeCut), rerank: [], topK: ["3", "5", "10"], minutes: 30, answers: NO_ANSWERS, ...part, questions: set };
  const change = (next: Partial<TuningDraft>) => setPart((before) => ({ ...before, ...next }));
  const { job, problem } = useJob(workspace, jobId || null, WORKS_ON);
  const begin = useMutation({ mutationFn: () => indexes.tune(workspace, version.name, requestOf(draft, version.version)), onSuccess: (made) => setJobId(made.id) });
  const ready = rerankers.items.filter(({ state }) => state === "ready");
  return (
    <Stack gap="md" maw={1100}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="sm">
        <Select
          label="Question set"
          description="Two fifths of 50 or more are held out, to confirm what was found by the others."
          placeholder="Choose a data asset"
          searchable
          data={choicesOf(assets.data?.items ?? [], set)}
          value={set === "" ? null : set}
          onChange={setSet}
        />
        <Select
          label="What is to be high"
          description="Of the chunks that a model is given."
          data={Object.entries(MEASURES).map(([value, label]) => ({ value, label }))}
          value={draft.measure}
          allowDeselect={false}
          onChange={(measure) => change({ measure: measure as TuningDraft["measure"] })}
        />
        <TagsInput
          label="Ways of cutting"
          description="Strategy, tokens and overlap. Each but the present one is built for the search."
          placeholder={draft.chunks.length === 0 ? "structure:256:32, then Enter" : ""}
          value={[...draft.chunks]}
          onChange={(chunks) => change({ chunks })}
        />
        <MultiSelect label="Chunks that a model is given" description="More find more, and cost more in each answer." data={TOP_K} value={[...draft.topK]} onChange={(topK) => change({ topK })} />
        <MultiSelect
          label="Reranking models, besides none"
          description={ready.length === 0 ? "None is on this machine yet: Models has those that there are." : "They read question and chunk together: seconds instead of milliseconds for a question."}
          placeholder={draft.rerank.length === 0 ? "None" : ""}
          disabled={ready.length === 0}
          data={ready.map(({ name }) => name)}
          value={[...draft.rerank]}
          onChange={(rerank) => change({ rerank })}
        />
        <NumberInput label="Minutes of building and searching" description="What was not begun by then is left out, and the report says so." min={1} value={draft.minutes} onChange={(minutes) => change({ minutes: Number(minutes) || 1 })} />
      </SimpleGrid>
      <AnswersFields draft={draft.answers} onChange={(answers) => change({ answers: { ...draft.answers, ...answers } })} />
      <Group>
        <GuardedButton off={off ?? draftProblem(draft)} loading={begin.isPending} leftSection={<IconAdjustments size={16} />} onClick={() => begin.mutate()}>
          {`Search over version ${version.version}`}
        </GuardedButton>
      </Group>
      {begin.error && <ErrorPanel error={begin.error} />}
      {job && job.status !== "completed" && <JobPanel job={job} workspace={workspace} streamProblem={problem} />}
    </Stack>
  );
}
