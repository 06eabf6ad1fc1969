import { NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { data } from "@/api/data";
import { indexes } from "@/api/indexes";
import { jobs } from "@/api/jobs";
import type { IndexVersion } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { nameProblem } from "@/lib/names";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Wizard } from "@/ui/Wizard";
import { firstOf, usable } from "../hooks/useBuildDraft";
import { useLocalModels } from "../hooks/useLocalModels";
import { KIND_NAMES, KINDS, type Kind } from "../logic/questionRows";
import { countsOf, EQUAL, freeName, type GenerationDraft, generationCommand, kindsAsked, tellLast, tellTaken } from "../logic/questionSets";
import { ModelField, type ModelPurpose } from "./ModelField";
import classes from "./Questions.module.css";

const WRITES: ModelPurpose = {
  task: "chat-completion",
  label: "Chat model",
  description: "Writes questions and answers. A small one writes few that are good; passages are not sent anywhere from a model of this machine.",
  example: "gpt-5-mini",
};

const ABOUT: Readonly<Record<Kind, string>> = {
  short: "an answer of a few words",
  long: "an answer of one or two sentences",
  boolean: "as many with yes as with no",
  summary: "what a passage says altogether",
  conversation: "a question that follows up another",
};
const MOST = 5000;

function useDraft(index: string) {
  const { items } = useLocalModels(WRITES.task);
  const list = useQuery(data.list(useWorkspace()));
  const assets = list.data?.items ?? [];
  const [part, setPart] = useState<Partial<GenerationDraft>>({});
  const draft: GenerationDraft = { count: 50, shares: EQUAL, model: firstOf(items), name: freeName(index, assets), maxTokens: 1_000_000, ...part };
  const done = {
    questions: kindsAsked(draft).length > 0 && draft.count >= 1 && draft.count <= MOST,
    model: usable(draft.model, items),
    name: nameProblem(draft.name) === null && draft.maxTokens >= 1,
  };
  return { draft, done, taken: tellTaken(draft.name, assets), change: (next: Partial<GenerationDraft>) => setPart((before) => ({ ...before, ...next })) };
}

type Draft = ReturnType<typeof useDraft>;

function Questions({ draft, change }: Pick<Draft, "draft" | "change">) {
  const counts = countsOf(draft);
  return (
    <Stack gap="md">
      <NumberInput label="Questions" w={160} min={1} max={MOST} clampBehavior="strict" value={draft.count} onChange={(value) => change({ count: Number(value) || 1 })} />
      <table className={classes.kinds}>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Share</th>
            <th scope="col" className={classes.number}>
              Questions
            </th>
          </tr>
        </thead>
        <tbody>
          {KINDS.map((kind) => (
            <tr key={kind}>
              <td>
                {KIND_NAMES[kind]}
                <Text span size="xs" c="dimmed" display="block">
                  {ABOUT[kind]}
                </Text>
              </td>
              <td>
                <NumberInput
                  aria-label={`Share of ${KIND_NAMES[kind].toLowerCase()}`}
                  size="xs"
                  w={90}
                  min={0}
                  max={1000}
                  clampBehavior="strict"
                  allowDecimal={false}
                  value={draft.shares[kind]}
                  onChange={(value) => change({ shares: { ...draft.shares, [kind]: Number(value) || 0 } })}
                />
              </td>
              <td className={classes.number}>{formatNumber(counts[kind])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Stack>
  );
}

function Side({ version, draft, done }: { readonly version: IndexVersion } & Pick<Draft, "draft" | "done">) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  const list = useQuery(jobs.list(workspace));
  const last = tellLast(list.data?.items ?? [], version.name);
  const begin = useMutation({
    mutationFn: () => {
      const kinds = kindsAsked(draft);
      return indexes.generate(workspace, version.name, { model: draft.model, version: version.version, name: draft.name, count: draft.count, kinds, shares: kinds.map((kind) => draft.shares[kind]), max_tokens: draft.maxTokens });
    },
    onSuccess: async (job) => {
      client.setQueryData(jobs.get(workspace, job.id).queryKey, job);
      await client.invalidateQueries({ queryKey: jobs.list(workspace).queryKey });
      await navigate({ to: ".", search: ((before: Record<string, string>) => ({ ...before, do: undefined, generation: job.id })) as never });
    },
  });
  return (
    <Stack gap="sm">
      <Text size="sm">
        Passages of version {version.version} are taken at equal distances over all documents, and the model writes a question about each. Kept are questions that can be understood alone, that their passage answers, and that mean something else than those before.
      </Text>
      <Text size="sm" c="dimmed">
        {last ?? "How long it takes is the model's speed: one call for each passage, two for yes or no, and more passages where questions are not good."}
      </Text>
      <Text size="xs" c="dimmed">
        The same by the command line:
      </Text>
      <CodeBlock code={generationCommand(version.name, version.version, draft)} label="Copy command" />
      {begin.error && <ErrorPanel error={begin.error} />}
      <GuardedButton off={off ?? (Object.values(done).every(Boolean) ? null : "Fill in the steps that are not marked as done.")} loading={begin.isPending} onClick={() => begin.mutate()}>
        Generate questions
      </GuardedButton>
    </Stack>
  );
}

/** What a model is to ask about the documents of a version. */
export function GenerateQuestions({ version }: { readonly version: IndexVersion }) {
  const { draft, done, taken, change } = useDraft(version.name);
  return (
    <Wizard
      steps={[
        { name: "questions", title: "Questions", heading: "How many, of which kinds", done: done.questions, content: <Questions draft={draft} change={change} /> },
        { name: "model", title: "Model", heading: "Who writes them", done: done.model, content: <ModelField value={draft.model} onChange={(model) => change({ model })} purpose={WRITES} /> },
        {
          name: "name",
          title: "Name",
          heading: "Name and budget",
          done: done.name,
          content: (
            <Stack gap="md">
              <TextInput label="Name" description={taken ?? "The data asset that the set becomes."} value={draft.name} error={nameProblem(draft.name)} onChange={(event) => change({ name: event.currentTarget.value })} />
              <NumberInput
                label="Tokens at most"
                description="Of all calls together. What there is by then is the set."
                w={220}
                min={1}
                thousandSeparator=" "
                value={draft.maxTokens}
                onChange={(value) => change({ maxTokens: Number(value) || 0 })}
              />
            </Stack>
          ),
        },
      ]}
      side={<Side version={version} draft={draft} done={done} />}
    />
  );
}
