import { Anchor, Badge, Button, Group, Select, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconPlus, IconRuler2, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { type Dispatch, useMemo, useReducer, useRef, useState } from "react";
import { data } from "@/api/data";
import { indexes } from "@/api/indexes";
import type { DataAsset, IndexVersion } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { LeaveGuard } from "@/ui/LeaveGuard";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink, TextLink } from "@/ui/links";
import { TableSkeleton } from "@/ui/Skeletons";
import { useKeepQuestions, useQuestionSet } from "../hooks/useQuestionSet";
import { changeDraft, draftOf, type QuestionChange, type QuestionDraft, tellChanges } from "../logic/questionDraft";
import { namedDocuments } from "../logic/questionImport";
import { beforeOf, contextOf, countKinds, documentsOf, kindName, kindOf, KINDS, partOf, type QuestionRow, rowOf, rowProblem, startOf, tellKinds } from "../logic/questionRows";
import { QUESTIONS_OF, whyFewer, writerOf } from "../logic/questionSets";
import { AddQuestion } from "./AddQuestion";
import { EditableText } from "./EditableText";
import classes from "./Questions.module.css";

/** Where a passage is: the document's text at its place, or what of it is known. */
function Passage({ row, version, gone }: { readonly row: QuestionRow; readonly version: IndexVersion; readonly gone: ReadonlySet<string> }) {
  const workspace = useWorkspace();
  const [document, ...more] = documentsOf(row);
  const context = contextOf(row);
  const problem = rowProblem(row);
  const at = startOf(row);
  if (problem !== null)
    return (
      <Badge color="orange" variant="light" tt="none" title={`${problem} Measurements leave it out.`}>
        left out
      </Badge>
    );
  if (document === undefined) return <Clip text={context} max="260px" />;
  if (documentsOf(row).every((each) => gone.has(each)))
    return (
      <Group gap={6} wrap="nowrap">
        <Badge color="orange" variant="light" tt="none" style={{ flexShrink: 0 }} title={`Version ${version.version} does not have ${documentsOf(row).join(", ")}. The question counts 0 when it is measured.`}>
          not there
        </Badge>
        <Clip text={documentsOf(row).join(", ")} max="220px" />
      </Group>
    );
  return (
    <TextLink
      to="/w/$workspace/indexes/$name"
      params={{ workspace, name: version.name }}
      search={{ tab: "documents", version: version.version, document, at: at === null ? undefined : String(at) } as never}
      size="sm"
      title={context === "" ? document : context}
    >
      {document}
      {more.length > 0 ? ` and ${formatNumber(more.length)} more` : ""}
    </TextLink>
  );
}

function columnsOf(version: IndexVersion, off: boolean, change: Dispatch<QuestionChange>, gone: ReadonlySet<string>): Column<QuestionRow>[] {
  const editable = (part: "question" | "answer", label: string) => (row: QuestionRow) => {
    const before = part === "question" ? beforeOf(row) : "";
    return (
      <>
        {before !== "" && <span className={classes.before}>After “{before}”</span>}
        <EditableText key={row.id} label={label} text={partOf(row, part)} off={off} onChange={(text) => change({ do: "edit", id: row.id, part, text })} />
      </>
    );
  };
  return [
    { id: "question", header: "Question", value: (row) => partOf(row, "question"), cell: editable("question", "Question"), sortable: false, width: "36%" },
    { id: "answer", header: "Answer", value: (row) => partOf(row, "answer"), cell: editable("answer", "Answer"), sortable: false, width: "34%" },
    { id: "kind", header: "Kind", value: (row) => kindName(kindOf(row)), cell: (row) => kindName(kindOf(row)) || "–", width: 110 },
    { id: "passage", header: "Passage", value: (row) => documentsOf(row)[0] ?? contextOf(row), cell: (row) => <Passage row={row} version={version} gone={gone} /> },
  ];
}

interface SavingProps {
  readonly draft: QuestionDraft;
  readonly change: Dispatch<QuestionChange>;
  readonly keep: ReturnType<typeof useKeepQuestions>;
  readonly onSave: () => void;
}

/** What is not saved, and what can be done about it. */
function Saving({ draft, change, keep, onSave }: SavingProps) {
  const told = tellChanges(draft);
  return (
    <Group gap="sm">
      <GuardedButton variant="default" off={draft.past.length === 0 ? "Nothing was changed." : null} leftSection={<IconArrowBackUp size={16} />} onClick={() => change({ do: "undo" })}>
        Undo
      </GuardedButton>
      <GuardedButton off={told === "" ? "Nothing is changed." : draft.rows.length === 0 ? "A question set has one question or more." : null} loading={keep.isPending} onClick={onSave}>
        Save a version
      </GuardedButton>
      <Text size="sm" role="status" c={told === "" ? "dimmed" : undefined}>
        {told === "" ? "Click a text to change it." : `Not saved: ${told}.`}
        {told !== "" && (
          <>
            {" "}
            <Anchor component="button" type="button" size="sm" onClick={() => change({ do: "discard" })}>
              Discard
            </Anchor>
          </>
        )}
      </Text>
    </Group>
  );
}

interface EditorProps {
  readonly asset: DataAsset;
  readonly version: IndexVersion;
  readonly rows: readonly QuestionRow[];
  /** Why nothing can be changed. */
  readonly off: string | null;
}

/** The questions as a table that can be changed. */
function Editor({ asset, version, rows, off }: EditorProps) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [draft, change] = useReducer(changeDraft, rows, draftOf);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [adding, setAdding] = useState(false);
  const added = useRef(0);
  const saved = useRef(false);
  const [kind, setKind] = useUrlState("kind");
  const [of] = useUrlState("of");
  const keep = useKeepQuestions(workspace, () => {
    saved.current = true;
    void navigate({ to: ".", search: ((before: Record<string, string>) => ({ ...before, set: asset.name, of: undefined })) as never });
  });
  const named = useMemo(() => namedDocuments(draft.rows), [draft.rows]);
  const missing = useQuery({ ...indexes.missing(workspace, version.name, version.version, named), placeholderData: keepPreviousData });
  const gone = useMemo(() => new Set(missing.data?.map(({ document }) => document)), [missing.data]);
  const columns = useMemo(() => columnsOf(version, off !== null, change, gone), [version, off, gone]);
  const kinds = useMemo(() => KINDS.filter((each) => draft.rows.some((row) => kindOf(row) === each)), [draft.rows]);
  const shown = useMemo(() => (kind === "" ? draft.rows : draft.rows.filter((row) => kindOf(row) === kind)), [draft.rows, kind]);
  const selected = [...chosen].filter((id) => shown.some((row) => row.id === id));
  return (
    <>
      <LeaveGuard unsaved={tellChanges(draft)} stays={(search) => saved.current || (search.tab === "questions" && search.set === asset.name && (search.of ?? "") === of)} />
      {off === null && (
        <Group justify="space-between">
          <Saving draft={draft} change={change} keep={keep} onSave={() => keep.mutate({ name: asset.name, index: version.name, rows: draft.rows, before: asset })} />
          <Group gap="sm">
            {selected.length > 0 && (
              <Button
                variant="default"
                leftSection={<IconTrash size={16} />}
                onClick={() => {
                  change({ do: "remove", ids: new Set(selected) });
                  choose(new Set());
                }}
              >
                {`Delete ${formatNumber(selected.length)}`}
              </Button>
            )}
            <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              Add a question
            </Button>
          </Group>
        </Group>
      )}
      {keep.error && <ErrorPanel error={keep.error} />}
      <DataTable
        name="question-set"
        columns={columns}
        rows={shown}
        rowId={({ id }) => id}
        searchIn={(row) => `${partOf(row, "question")} ${partOf(row, "answer")} ${documentsOf(row).join(" ")}`}
        searchPlaceholder="Search questions"
        nothing={rows.length === 0 ? "This data has no rows that could be questions." : "Nothing fits the search and filters."}
        filters={
          kinds.length > 1 && (
            <Select aria-label="Kind" size="sm" w={150} clearable placeholder="All kinds" data={kinds.map((each) => ({ value: each, label: kindName(each) }))} value={kind === "" ? null : kind} onChange={setKind} />
          )
        }
        {...(off === null ? { selection: { ids: chosen, set: choose, label: (row: QuestionRow) => partOf(row, "question") } } : {})}
      />
      {adding && (
        <AddQuestion
          version={version}
          onClose={() => setAdding(false)}
          onAdd={(written) => {
            added.current += 1;
            change({ do: "add", row: rowOf(`new ${added.current}`, written) });
            setAdding(false);
          }}
        />
      )}
    </>
  );
}

function Head({ asset, versions, version, kinds, unread }: { readonly asset: DataAsset; readonly versions: readonly DataAsset[]; readonly version: IndexVersion; readonly kinds: string; readonly unread: number }) {
  const workspace = useWorkspace();
  const [, setOf] = useUrlState("of");
  const writer = writerOf(asset);
  const fewer = whyFewer(asset);
  const [newest] = versions;
  return (
    <Group justify="space-between" align="flex-start">
      <Stack gap={2}>
        <Text size="sm">
          <TextLink to="/w/$workspace/indexes/$name" params={{ workspace, name: version.name }} search={{ tab: "questions", version: version.version } as never} inherit>
            Question sets
          </TextLink>
        </Text>
        <Group gap="sm">
          <Title order={2} size="h3">
            {asset.name}
          </Title>
          <Select aria-label="Version of the set" size="xs" w={90} allowDeselect={false} data={versions.map((each) => each.version)} value={asset.version} onChange={(value) => setOf(value === newest?.version ? null : value)} />
        </Group>
        <Text size="sm" c="dimmed">
          {asset.rows === null ? "" : `${formatNumber(asset.rows)} questions${kinds === "" ? "" : `: ${tellKinds(kinds)}`}, `}
          {writer === "" ? "" : `written by ${writer}, `}
          saved <RelativeTime value={asset.created_at} inherit /> by {asset.created_by}
          {fewer === null ? "" : `. ${fewer}`}
          {unread > 0 ? `. ${formatNumber(unread)} rows cannot be read` : ""}
          {asset.tags[QUESTIONS_OF] !== undefined && asset.tags[QUESTIONS_OF] !== version.name ? `. It is about ${asset.tags[QUESTIONS_OF]}` : ""}
        </Text>
      </Stack>
      <Group gap="sm">
        <ButtonLink to="/w/$workspace/data/$name" params={{ workspace, name: asset.name }} variant="default">
          Data asset
        </ButtonLink>
        <ButtonLink
          {...linkOptions({ to: "/w/$workspace/indexes/$name", params: { workspace, name: version.name }, search: { tab: "measures", version: version.version, questions: asset.reference } as never })}
          leftSection={<IconRuler2 size={16} />}
        >
          Measure with this set
        </ButtonLink>
      </Group>
    </Group>
  );
}

function OneVersion({ asset, versions, version }: { readonly asset: DataAsset; readonly versions: readonly DataAsset[]; readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const rights = useRights(workspace);
  const { query, rows, unread, why } = useQuestionSet(workspace, asset);
  const off = whyReadOnly(rights) ?? why ?? (unread > 0 ? "Some of its rows cannot be read, and would be lost." : null);
  return (
    <Stack gap="md" h="100%" style={{ minHeight: 0 }}>
      <Head asset={asset} versions={versions} version={version} kinds={countKinds(rows)} unread={unread} />
      {off !== null && query.isSuccess && (
        <Text size="sm" c="dimmed">
          It cannot be changed here. {off}
        </Text>
      )}
      <Loaded query={query} skeleton={<TableSkeleton columns={4} />}>
        {() => <Editor key={asset.reference} asset={asset} version={version} rows={rows} off={off} />}
      </Loaded>
    </Stack>
  );
}

/** A question set: looked over, changed, and saved as its next version. */
export function QuestionSet({ name, version }: { readonly name: string; readonly version: IndexVersion }) {
  const query = useQuery(data.versions(useWorkspace(), name));
  const [of] = useUrlState("of");
  return (
    <Loaded query={query} skeleton={<TableSkeleton columns={4} />}>
      {({ items: versions }) => {
        const asset = versions.find((each) => each.version === of) ?? versions[0];
        return asset === undefined ? <Text size="sm">The data asset {name} has no versions.</Text> : <OneVersion asset={asset} versions={versions} version={version} />;
      }}
    </Loaded>
  );
}
