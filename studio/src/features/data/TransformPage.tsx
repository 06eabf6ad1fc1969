import { ActionIcon, Button, Checkbox, FileButton, Group, Menu, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconEye, IconFilterCog, IconPlayerPlay, IconPlus, IconTrash, IconUpload } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { linkOptions, useParams } from "@tanstack/react-router";
import { isActive } from "@/api/jobs";
import { data } from "@/api/data";
import type { DataAsset, DataPreview } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton, GuardedIcon } from "@/ui/GuardedButton";
import { JobPanel } from "@/ui/JobPanel";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import classes from "./components/Look.module.css";
import { StepForm } from "./components/StepForm";
import { StepsPreview } from "./components/StepsPreview";
import { madeBy, type TransformDraft, useTransform } from "./hooks/useTransform";
import { type DraftStep, kindOf, STEP_KINDS, type StepKind } from "./logic/steps";

function AddStep({ onAdd }: { readonly onAdd: (kind: StepKind) => void }) {
  return (
    <Menu position="bottom-start" width={300}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconPlus size={15} />}>
          Add a step
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(STEP_KINDS) as StepKind[]).map((kind) => (
          <Menu.Item key={kind} fz="sm" onClick={() => onAdd(kind)}>
            {STEP_KINDS[kind].label}
            <Text size="xs" c="dimmed">
              {STEP_KINDS[kind].about}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Step({ entry, number, last, columns, draft }: { readonly entry: DraftStep; readonly number: number; readonly last: boolean; readonly columns: readonly string[]; readonly draft: TransformDraft }) {
  const { label } = STEP_KINDS[kindOf(entry.step)];
  const problem = draft.problems.get(entry.id);
  return (
    <li className={classes.step} aria-label={`Step ${number}: ${label}`}>
      <div className={classes.stepHead}>
        <h3>
          {number}. {label}
        </h3>
        <Tooltip label="Earlier">
          <GuardedIcon size={24} label={`Move step ${number} up`} off={number === 1 ? "It is the first step." : null} onClick={() => draft.move(entry.id, -1)}>
            <IconArrowUp size={14} />
          </GuardedIcon>
        </Tooltip>
        <Tooltip label="Later">
          <GuardedIcon size={24} label={`Move step ${number} down`} off={last ? "It is the last step." : null} onClick={() => draft.move(entry.id, 1)}>
            <IconArrowDown size={14} />
          </GuardedIcon>
        </Tooltip>
        <Tooltip label="Remove">
          <ActionIcon size={24} aria-label={`Remove step ${number}`} onClick={() => draft.remove(entry.id)}>
            <IconTrash size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      <StepForm step={entry.step} columns={columns} change={(step) => draft.change(entry.id, step)} />
      {problem !== undefined && (
        <Text size="xs" c="var(--fy-bad)">
          {problem}
        </Text>
      )}
    </li>
  );
}

function CodeField({ draft }: { readonly draft: TransformDraft }) {
  if (!draft.needsCode) return null;
  return (
    <div className={classes.step}>
      <Group gap="sm">
        <FileButton accept=".py,.zip" onChange={(file) => file && draft.upload.mutate(file)}>
          {(props) => (
            <Button {...props} variant="default" size="compact-md" loading={draft.upload.isPending} leftSection={<IconUpload size={15} />}>
              {draft.code ? "Replace the code" : "Upload the code"}
            </Button>
          )}
        </FileButton>
        <Text size="sm" className="fy-truncate">
          {draft.code?.name ?? "A .py file, or a .zip of a folder with requirements.txt"}
        </Text>
      </Group>
      {draft.upload.error && <ErrorPanel error={draft.upload.error} />}
    </div>
  );
}

function RunField({ draft, off, source }: { readonly draft: TransformDraft; readonly off: string | null; readonly source: DataAsset }) {
  const going = draft.job !== undefined && isActive(draft.job);
  const why = off ?? (draft.ready ? null : "Add a step, and fill in what is missing.") ?? draft.nameProblem ?? (going ? "It runs already." : null);
  return (
    <div className={classes.step}>
      <TextInput
        label="Makes a version of"
        description={draft.name === source.name ? "The next version of the same asset." : "A name that is taken gets its next version."}
        value={draft.name}
        error={draft.nameProblem}
        onChange={(event) => draft.setName(event.currentTarget.value)}
      />
      <Checkbox size="xs" label="Leave out rows that cannot be read or that a step fails at, and count them" checked={draft.skip} onChange={(event) => draft.setSkip(event.currentTarget.checked)} />
      <Group gap="sm">
        <GuardedButton off={off ?? (draft.ready ? null : "Add a step, and fill in what is missing.")} variant="default" leftSection={<IconEye size={15} />} loading={draft.preview.isPending} onClick={() => draft.preview.mutate()}>
          Preview
        </GuardedButton>
        <GuardedButton off={why} leftSection={<IconPlayerPlay size={15} />} loading={draft.run.isPending} onClick={() => draft.run.mutate()}>
          Run
        </GuardedButton>
      </Group>
    </div>
  );
}

function Outcome({ draft }: { readonly draft: TransformDraft }) {
  const workspace = useWorkspace();
  const { job } = draft;
  if (!job) return null;
  const [, name, version] = madeBy(job.result)?.split(":") ?? [];
  return (
    <Stack gap="sm">
      <JobPanel job={job} workspace={workspace} streamProblem={draft.streamProblem} />
      {job.status === "completed" && name && version && (
        <Group gap="sm">
          <ButtonLink to="/w/$workspace/data/$name" params={{ workspace, name }} search={{ version } as never}>
            {`Open ${name} ${version}`}
          </ButtonLink>
          <ButtonLink variant="default" to="/w/$workspace/data/$name" params={{ workspace, name }} search={{ version, tab: "lineage" } as never}>
            See its lineage
          </ButtonLink>
        </Group>
      )}
    </Stack>
  );
}

function Editor({ source, columns }: { readonly source: DataAsset; readonly columns: readonly string[] }) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const draft = useTransform(workspace, source, columns);
  return (
    <div className={classes.editorColumns}>
      <Stack gap="sm" miw={0}>
        {draft.steps.length > 0 && (
          <ol style={{ margin: 0, padding: 0, listStyle: "none", display: "flex", flexDirection: "column", gap: 8 }} aria-label="Steps">
            {draft.steps.map((entry, index) => (
              <Step key={entry.id} entry={entry} number={index + 1} last={index === draft.steps.length - 1} columns={columns} draft={draft} />
            ))}
          </ol>
        )}
        <CodeField draft={draft} />
        <div>
          <AddStep onAdd={draft.add} />
        </div>
        <RunField draft={draft} off={off} source={source} />
      </Stack>
      <Stack gap="md" className={classes.outcome}>
        <Outcome draft={draft} />
        {draft.run.error && <ErrorPanel error={draft.run.error} />}
        {draft.preview.error && <ErrorPanel error={draft.preview.error} />}
        {draft.preview.data && <StepsPreview preview={draft.preview.data} />}
        {!draft.preview.data && !draft.preview.error && !draft.job && (
          <EmptyState icon={IconFilterCog} title="Steps, one after the other" text="Add what is to be done, try it on a sample, and run it. The source stays as it is: a new version is made, and its lineage keeps the steps." />
        )}
      </Stack>
    </div>
  );
}

/** The columns with those of texts first: most steps are about one. */
function textsFirst(preview: DataPreview | undefined): readonly string[] {
  const texts = new Set((preview?.schema ?? []).filter((column) => column.type.includes("string")).map((column) => column.name));
  const columns = preview?.columns ?? [];
  return [...columns.filter((name) => texts.has(name)), ...columns.filter((name) => !texts.has(name))];
}

function WithColumns({ source }: { readonly source: DataAsset }) {
  const workspace = useWorkspace();
  const look = useInfiniteQuery(data.look(workspace, { name: source.name, version: source.version }, 0));
  const [first] = look.data?.pages ?? [];
  if (look.isPending) return <TableSkeleton columns={3} />;
  if (look.error) return <ErrorPanel error={look.error} onRetry={() => void look.refetch()} />;
  if (first?.columns.length === 0) return <EmptyState icon={IconFilterCog} title="It has no rows" text="Steps work on rows: .jsonl, .csv, .tsv, .json, .parquet, or a folder of them." />;
  return <Editor source={source} columns={textsFirst(first)} />;
}

/** Makes a version of data from another one: steps, a trial on a sample, the run with its progress. */
export function TransformPage() {
  const workspace = useWorkspace();
  const { name = "" } = useParams({ strict: false });
  const [version] = useUrlState("version", "latest");
  const query = useQuery(data.get(workspace, name, version));
  return (
    <Page>
      <PageHeader
        title={`Transform ${name}`}
        parent={{ label: name, target: linkOptions({ to: "/w/$workspace/data/$name", params: { workspace, name } }) }}
        meta={query.data ? `From version ${query.data.version}. It stays as it is.` : ""}
      />
      <Loaded query={query}>{(source) => <WithColumns key={source.reference} source={source} />}</Loaded>
    </Page>
  );
}
