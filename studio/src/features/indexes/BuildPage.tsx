import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { indexes } from "@/api/indexes";
import { isActive } from "@/api/jobs";
import type { Index } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Sent, sizeOf } from "@/ui/FilesField";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { Wizard } from "@/ui/Wizard";
import { BuildPanel } from "./components/BuildPanel";
import { CutPreview } from "./components/CutPreview";
import { AccessFields, CuttingFields } from "./components/CuttingFields";
import { DocumentsField } from "./components/DocumentsField";
import { ModelField } from "./components/ModelField";
import { type BuildDraft, useBuildDraft } from "./hooks/useBuildDraft";
import { useBuild } from "./hooks/useBuild";
import { builtBy, tellBuilt } from "./logic/built";
import { cutFrom, wayOf } from "./logic/cutting";
import { indexNameProblem } from "./logic/draft";

const WORKS_ON = ["indexes", "lineage", "data"] as const;

/** The build that was started, live, and what comes after it. */
function Started({ jobId, again }: { readonly jobId: string; readonly again: () => void }) {
  const workspace = useWorkspace();
  const { job, query, problem } = useJob(workspace, jobId, WORKS_ON);
  const built = job?.status === "completed" ? builtBy(job.result) : null;
  return (
    <Loaded query={query}>
      {(current) => (
        <Stack gap="md" maw={1180}>
          <BuildPanel job={current} workspace={workspace} streamProblem={problem} />
          {isActive(current) && (
            <Text size="sm" c="dimmed">
              It goes on when this page is left; Indexes shows it.
            </Text>
          )}
          {built && (
            <Text size="sm" role="status">
              {tellBuilt(built)}
            </Text>
          )}
          <Group gap="sm">
            {built && (
              <ButtonLink to="/w/$workspace/indexes/$name" params={{ workspace, name: built.name }}>
                {`Search ${built.name}`}
              </ButtonLink>
            )}
            {!isActive(current) && (
              <Button variant="default" onClick={again}>
                {built ? "Build another" : "Change it"}
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </Loaded>
  );
}

interface BuildFormProps {
  /** The index that gets another version; without it a new one is made. */
  readonly before: Index | null;
  readonly build: ReturnType<typeof useBuild>;
}

interface SideProps extends BuildFormProps {
  readonly draft: BuildDraft;
  readonly off: string | null;
}

/** What will happen, the same as a command, and the button. */
function Side({ before, build, draft, off }: SideProps) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        {before ? `The next version of ${before.name} is built: only what is new or changed is read and embedded.` : "The documents are read, cut into chunks, embedded and written. Nobody sees the index before it is whole."}
      </Text>
      <Text size="xs" c="dimmed">
        The same by the command line:
      </Text>
      <CodeBlock code={draft.command} label="Copy command" />
      {build.sent !== null && <Sent sent={build.sent} size={sizeOf(draft.documents.files)} />}
      {build.start.error && <ErrorPanel error={build.start.error} />}
      <GuardedButton off={off} loading={build.start.isPending} onClick={() => build.start.mutate(draft.order())}>
        {before ? "Build the version" : "Build the index"}
      </GuardedButton>
      {build.sent !== null && (
        <Button variant="default" onClick={build.stop}>
          Stop
        </Button>
      )}
    </Stack>
  );
}

/** How documents are cut, with a look at one of them. */
function Cutting({ draft: { cutting, change, documents, model }, before }: { readonly draft: BuildDraft; readonly before: Index | null }) {
  return (
    <Stack gap="md">
      <CuttingFields draft={cutting} change={change} />
      <CutPreview
        from={cutFrom(documents, before)}
        model={before?.embedding_model ?? model}
        present={wayOf(cutting)}
        onUse={({ strategy = "structure", max_tokens: maxTokens = 256, overlap_tokens: overlap = 32 }) => change({ strategy, maxTokens, overlap })}
      />
    </Stack>
  );
}

function BuildForm({ before, build }: BuildFormProps) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const draft = useBuildDraft(before);
  const { name, model, cutting, change, done, documents, about, setAbout } = draft;
  const whole = Object.values(done).every(Boolean);
  return (
    <Wizard
      steps={[
        { name: "documents", title: "Where from", heading: "Where the documents are", done: done.documents, content: <DocumentsField documents={documents} off={build.start.isPending} /> },
        {
          name: "name",
          title: "Name",
          done: done.name,
          content: (
            <Stack gap="md">
              <TextInput label="Name" description="Flows and applications search it by this name." disabled={before !== null} value={name} error={name === "" ? null : indexNameProblem(name)} onChange={(event) => draft.setName(event.currentTarget.value)} />
              <TextInput label="Description" placeholder="Optional" value={about} onChange={(event) => setAbout(event.currentTarget.value)} />
            </Stack>
          ),
        },
        {
          name: "model",
          title: "Model",
          done: done.model,
          content: before ? (
            <Text size="sm">
              <code>{before.embedding_model}</code>, as all versions of {before.name}: vectors of two models cannot be compared. For another one build an index of another name.
            </Text>
          ) : (
            <ModelField value={model} onChange={draft.setModel} />
          ),
        },
        { name: "cutting", title: "Cutting", heading: "How documents are cut", done: done.cutting, content: <Cutting draft={draft} before={before} /> },
        { name: "access", title: "Access", heading: "Who finds what", done: done.access, content: <AccessFields draft={cutting} change={change} /> },
      ]}
      side={<Side before={before} build={build} draft={draft} off={off ?? (whole ? null : "Fill in the steps that are not marked as done.")} />}
    />
  );
}

function OfIndex({ name, build }: { readonly name: string; readonly build: ReturnType<typeof useBuild> }) {
  const query = useQuery(indexes.get(useWorkspace(), name));
  return <Loaded query={query}>{(index) => <BuildForm before={index} build={build} />}</Loaded>;
}

/** Builds an index, or the next version of one (`?of=`). */
export function BuildPage() {
  const workspace = useWorkspace();
  const [of] = useUrlState("of");
  const build = useBuild(workspace);
  return (
    <Page>
      <PageHeader
        title={of === "" ? "New index" : `New version of ${of}`}
        parent={of === "" ? { label: "Indexes", target: linkOptions({ to: "/w/$workspace/indexes", params: { workspace } }) } : { label: of, target: linkOptions({ to: "/w/$workspace/indexes/$name", params: { workspace, name: of } }) }}
        meta="Documents are read, cut into chunks, and made to be found by meaning and by words."
      />
      {build.jobId !== null && <Started jobId={build.jobId} again={build.again} />}
      {/* It stays mounted, so that a build that failed can be changed and not only repeated. */}
      <div hidden={build.jobId !== null}>{of === "" ? <BuildForm before={null} build={build} /> : <OfIndex name={of} build={build} />}</div>
    </Page>
  );
}
