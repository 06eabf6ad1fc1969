import { Radio, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { data } from "@/api/data";
import { indexes } from "@/api/indexes";
import type { PathFile } from "@/api/parts";
import type { IndexVersion } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { nameFor, nameProblem } from "@/lib/names";
import { type Preview, previewOf, suffixOf } from "@/lib/rows";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { FilesField } from "@/ui/FilesField";
import { GuardedButton } from "@/ui/GuardedButton";
import { Wizard } from "@/ui/Wizard";
import { MOST_QUESTIONS, useKeepQuestions } from "../hooks/useQuestionSet";
import { guessMapping, importRows, type Mapping, mappingProblem, moved, namedDocuments, settled, type Target, TARGETS, tellMissing, type Unmet, unmetRows } from "../logic/questionImport";
import { contextOf, countKinds, documentsOf, kindName, kindOf, partOf, type QuestionRow } from "../logic/questionRows";
import { tellTaken } from "../logic/questionSets";
import classes from "./Questions.module.css";

const MOST_BYTES = 64 * 1024 * 1024;
const SEEN = 5;
const FORMATS: readonly string[] = [".csv", ".tsv", ".jsonl", ".json"];

const FIELDS: Readonly<Record<Target, { readonly label: string; readonly description: string }>> = {
  question: { label: "Question", description: "What is asked." },
  answer: { label: "Answer", description: "What is right, where that is known." },
  document: { label: "Document", description: "The key of the document that answers, as Documents shows it." },
  context: { label: "Passage", description: "The text that answers it." },
  kind: { label: "Kind", description: "short, long, boolean, summary." },
};

const COLUMNS: Column<QuestionRow>[] = (
  [
    ["question", "Question", (row) => partOf(row, "question")],
    ["answer", "Answer", (row) => partOf(row, "answer")],
    ["document", "Document", (row) => documentsOf(row).join(", ")],
    ["context", "Passage", contextOf],
    ["kind", "Kind", (row) => kindName(kindOf(row))],
  ] as const satisfies readonly (readonly [string, string, (row: QuestionRow) => string])[]
).map(([id, header, value]): Column<QuestionRow> => ({ id, header, value, cell: (row) => <span className={classes.plain}>{value(row).slice(0, 300) || "–"}</span>, sortable: false }));

async function readFile(files: readonly PathFile[]): Promise<Preview> {
  const [first] = files;
  if (first === undefined) throw new Error("Choose a file.");
  if (!FORMATS.includes(suffixOf(first.file.name))) throw new Error(`Questions are read here from ${FORMATS.join(", ")}. Of another file make a data asset, and open that.`);
  if (first.file.size > MOST_BYTES) throw new Error("The file is larger than 64 MB. Make a data asset of it instead, and open that.");
  const read = previewOf(first.file.name, await first.file.text(), false, MOST_QUESTIONS);
  if (read.rows.length === 0) throw new Error(read.problem ?? "The file has no rows.");
  return read;
}

function useImport(version: IndexVersion) {
  const [files, setFiles] = useState<readonly PathFile[]>([]);
  const [typed, setName] = useState<string | null>(null);
  const [mapping, setMapping] = useState<Mapping>(guessMapping([]));
  const read = useMutation({ mutationFn: readFile, onSuccess: ({ columns }) => setMapping(guessMapping(columns)) });
  const choose = (next: readonly PathFile[]) => {
    setFiles(next);
    read.mutate(next);
  };
  const found = useMemo(() => (read.data && mappingProblem(mapping) === null ? importRows(read.data.rows, mapping) : null), [read.data, mapping]);
  const named = useMemo(() => namedDocuments(found?.rows ?? []), [found]);
  const missing = useQuery(indexes.missing(useWorkspace(), version.name, version.version, named));
  const [unmet, setUnmet] = useState<Unmet>("keep");
  const rows = useMemo(() => settled(found?.rows ?? [], missing.data ?? [], unmet), [found, missing.data, unmet]);
  const name = typed ?? nameFor(files[0]?.file.name ?? "");
  return { files, choose, read, mapping, setMapping, found, named, missing, unmet, setUnmet, rows, name, setName };
}

type Import = ReturnType<typeof useImport>;

/** Which documents of the questions the version does not have, and what is to become of these questions. */
function Missing({ draft, version }: { readonly draft: Import; readonly version: IndexVersion }) {
  const { found, named, missing, unmet, setUnmet } = draft;
  if (missing.error) return <ErrorPanel error={missing.error} />;
  if (missing.data === undefined || missing.data.length === 0) return null;
  const questions = unmetRows(found?.rows ?? [], missing.data).length;
  const there = moved(missing.data).size;
  return (
    <Stack gap="xs" component="section" aria-label="Documents that are not there">
      <Text size="sm" fw={600} c="var(--fy-warn)">
        {version.name}:{version.version} does not have {formatNumber(missing.data.length)} of the {formatNumber(named.length)} documents that these questions name
      </Text>
      <Text size="sm">{tellMissing(missing.data)}</Text>
      <Radio.Group label={`What becomes of ${formatNumber(questions)} questions that nothing in this version answers`} description="They count 0 when it is measured." value={unmet} onChange={(value) => setUnmet(value)}>
        <Stack gap={6} mt={6}>
          <Radio value="keep" label="Import them as they are" />
          {there > 0 && <Radio value="meant" label={`Take the documents of the same name in another folder, for ${formatNumber(there)} of the ${formatNumber(missing.data.length)}`} />}
          <Radio value="out" label="Leave them out" />
        </Stack>
      </Radio.Group>
    </Stack>
  );
}

function Columns({ draft, version }: { readonly draft: Import; readonly version: IndexVersion }) {
  const { read, mapping, setMapping, found, rows } = draft;
  if (read.data === undefined) return <Text size="sm" c="dimmed">The file's columns show here.</Text>;
  const problem = mappingProblem(mapping);
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {TARGETS.map((target) => (
          <Select key={target} {...FIELDS[target]} placeholder="None" clearable searchable data={[...read.data.columns]} value={mapping[target]} onChange={(column) => setMapping({ ...mapping, [target]: column })} />
        ))}
      </SimpleGrid>
      {problem !== null && <Text size="sm">{problem}</Text>}
      {found !== null && (
        <Text size="sm" role="status">
          {formatNumber(found.rows.length)} of {formatNumber(read.data.rows.length)} rows are questions.{found.leftOut > 0 ? ` ${formatNumber(found.leftOut)} are left out. ${found.why}` : ""}
          {read.data.problem !== null ? ` ${read.data.problem}` : ""}
        </Text>
      )}
      <Missing draft={draft} version={version} />
      {rows.length > 0 && <DataTable name="imported-questions" plain columns={COLUMNS} rows={rows.slice(0, SEEN)} rowId={({ id }) => id} />}
    </Stack>
  );
}

/** Makes a question set of a file: its columns are said what they are, and its first rows show what becomes of them. */
export function ImportQuestions({ version }: { readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  const list = useQuery(data.list(workspace));
  const draft = useImport(version);
  const { files, choose, read, missing, rows, name, setName } = draft;
  const keep = useKeepQuestions(workspace, (made) => {
    void navigate({ to: ".", search: ((before: Record<string, string>) => ({ ...before, do: undefined, set: made.name })) as never });
  });
  const good = rows.length > 0 && nameProblem(name) === null;
  return (
    <Wizard
      steps={[
        {
          name: "file",
          title: "File",
          heading: "A file with questions",
          done: read.isSuccess,
          content: (
            <Stack gap="sm">
              <FilesField files={files} off={keep.isPending} single onFiles={choose} hint="One .csv, .tsv, .jsonl or .json file with a row for each question." />
              {read.error && (
                <Text size="sm" c="var(--fy-bad)" role="alert">
                  {read.error.message}
                </Text>
              )}
            </Stack>
          ),
        },
        { name: "columns", title: "Columns", heading: "What its columns are", done: rows.length > 0, content: <Columns draft={draft} version={version} /> },
        {
          name: "name",
          title: "Name",
          done: nameProblem(name) === null,
          content: <TextInput label="Name" description={tellTaken(name, list.data?.items ?? []) ?? "The data asset that the set becomes."} value={name} error={name === "" ? null : nameProblem(name)} onChange={(event) => setName(event.currentTarget.value)} />,
        },
      ]}
      side={
        <Stack gap="sm">
          <Text size="sm">{rows.length === 0 ? "The questions become a data asset, with which versions of the index can be measured." : `${formatNumber(rows.length)} questions${countKinds(rows) === "" ? "" : ` (${countKinds(rows)})`} become the data asset ${name}.`}</Text>
          {keep.error && <ErrorPanel error={keep.error} />}
          <GuardedButton off={off ?? (missing.isFetching ? "The documents are being looked up." : good ? null : "Fill in the steps that are not marked as done.")} loading={keep.isPending} onClick={() => keep.mutate({ name, index: version.name, rows })}>
            Import
          </GuardedButton>
        </Stack>
      }
    />
  );
}
