import { Group, Select, Stack, Text } from "@mantine/core";
import { IconFileImport, IconSparkles, IconZoomQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { data } from "@/api/data";
import { isActive, jobs } from "@/api/jobs";
import type { DataAsset, IndexVersion } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { TableSkeleton } from "@/ui/Skeletons";
import { tellKinds } from "../logic/questionRows";
import { generationsOf, setsOf, whyFewer, writerOf } from "../logic/questionSets";
import { GenerateQuestions } from "./GenerateQuestions";
import { Generations } from "./Generations";
import { ImportQuestions } from "./ImportQuestions";
import { QuestionSet } from "./QuestionSet";

const COLUMNS: Column<DataAsset>[] = [
  { id: "name", header: "Question set", value: (row) => row.name },
  { id: "version", header: "Version", value: (row) => Number(row.version), cell: (row) => row.version, align: "right", width: 90 },
  { id: "rows", header: "Questions", value: (row) => row.rows, cell: (row) => (row.rows === null ? "–" : formatNumber(row.rows)), align: "right", width: 110 },
  { id: "fewer", header: "Why no more", value: (row) => whyFewer(row) ?? "", cell: (row) => <Clip text={whyFewer(row)} max="clamp(140px, 20vw, 360px)" /> },
  { id: "kinds", header: "Kinds", value: (row) => row.tags.kinds, cell: (row) => <Clip text={tellKinds(row.tags.kinds ?? "")} max="clamp(160px, 26vw, 560px)" /> },
  { id: "model", header: "Written by", value: writerOf, cell: (row) => writerOf(row) || "people" },
  { id: "when", header: "Saved", value: (row) => Date.parse(row.created_at), cell: (row) => <RelativeTime value={row.created_at} /> },
];

/** The ways to a set: a model, a file, and data that is there. */
function Ways({ index }: { readonly index: string }) {
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const assets = useQuery(data.list(workspace));
  const go = (part: Record<string, string>) => void navigate({ to: ".", search: ((before: Record<string, string>) => ({ ...before, ...part })) as never });
  const mine = new Set(setsOf(assets.data?.items ?? [], index).map(({ name }) => name));
  const others = (assets.data?.items ?? []).map(({ name }) => name).filter((name) => !mine.has(name));
  return (
    <Group gap="sm">
      <GuardedButton off={off} leftSection={<IconSparkles size={16} />} onClick={() => go({ do: "generate" })}>
        Generate
      </GuardedButton>
      <GuardedButton off={off} variant="default" leftSection={<IconFileImport size={16} />} onClick={() => go({ do: "import" })}>
        Import
      </GuardedButton>
      {others.length > 0 && <Select aria-label="Open another data asset" placeholder="Open another data asset" w={240} searchable data={others} value={null} onChange={(name) => name !== null && go({ set: name })} />}
    </Group>
  );
}

function Sets({ version }: { readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const query = useQuery(data.list(workspace));
  const made = useQuery(jobs.list(workspace));
  const beingMade = generationsOf(made.data?.items ?? [], version.name).some(isActive);
  return (
    <Stack gap="md">
      <Generations index={version.name} />
      <Loaded query={query} skeleton={<TableSkeleton columns={5} />}>
        {({ items }) => {
          const sets = setsOf(items, version.name);
          if (sets.length === 0 && beingMade) return <Ways index={version.name} />;
          if (sets.length === 0)
            return (
              <EmptyState
                icon={IconZoomQuestion}
                title="No question set yet"
                text="A question set says what people ask, and which document answers. With one, versions and settings are compared by what they find, and not by impression. A model can write a first one from the documents, for you to look over; or bring your own."
              >
                <Ways index={version.name} />
              </EmptyState>
            );
          return (
            <>
              <Ways index={version.name} />
              <DataTable
                name="question-sets"
                plain
                columns={COLUMNS.filter(({ id }) => id !== "fewer" || sets.some((set) => whyFewer(set) !== null))}
                rows={sets}
                rowId={({ name }) => name}
                defaultSort="-when"
                rowLink={({ name }) => linkOptions({ to: "/w/$workspace/indexes/$name", params: { workspace, name: version.name }, search: { tab: "questions", version: version.version, set: name } as never })}
              />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Back({ version, here }: { readonly version: IndexVersion; readonly here: string }) {
  return (
    <Text size="sm" mb="md">
      <TextLink to="/w/$workspace/indexes/$name" params={{ workspace: useWorkspace(), name: version.name }} search={{ tab: "questions", version: version.version } as never} inherit>
        Question sets
      </TextLink>
      {` / ${here}`}
    </Text>
  );
}

/** The question sets of an index: listed, made by a model, brought along, looked over and changed. */
export function QuestionsTab({ version }: { readonly version: IndexVersion }) {
  const [set] = useUrlState("set");
  const [doing] = useUrlState("do");
  if (doing === "generate")
    return (
      <>
        <Back version={version} here="Generate" />
        <GenerateQuestions version={version} />
      </>
    );
  if (doing === "import")
    return (
      <>
        <Back version={version} here="Import" />
        <ImportQuestions version={version} />
      </>
    );
  return set === "" ? <Sets version={version} /> : <QuestionSet key={set} name={set} version={version} />;
}
