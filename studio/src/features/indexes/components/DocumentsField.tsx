import { Group, NumberInput, SegmentedControl, Select, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/data";
import { datastores } from "@/api/datastores";
import { useWorkspace } from "@/lib/workspace";
import { FilesField } from "@/ui/FilesField";
import type { Documents } from "../hooks/useBuildDraft";
import { FROMS, type From, originProblem, type OriginDraft } from "../logic/origin";

const DATABASES = new Set(["sqlite", "postgresql", "mysql", "mssql", "azure_sql_database", "azure_postgresql", "azure_mysql"]);

interface OriginFieldsProps {
  readonly draft: OriginDraft;
  readonly change: (part: Partial<OriginDraft>) => void;
}

function AssetField({ asset, setAsset }: Pick<Documents, "asset" | "setAsset">) {
  const list = useQuery(data.list(useWorkspace()));
  const [newest] = useState(asset);
  const there = (list.data?.items ?? []).map(({ reference, name, version }) => ({ value: reference, label: `${name} ${version}` }));
  return (
    <Select
      label="Data asset"
      description={newest === null ? undefined : "The same documents as before, as they are now: choose another asset, or new files above."}
      placeholder={list.data?.items.length === 0 ? "There is none yet" : "Choose one"}
      searchable
      data={newest === null ? there : [{ value: newest, label: `${newest.replace(/^azureml:|@latest$/g, "")}, its newest version` }, ...there]}
      value={asset}
      onChange={setAsset}
    />
  );
}

function WebFields({ draft, change }: OriginFieldsProps) {
  const problem = draft.webUrl === "" ? null : originProblem("web", draft);
  return (
    <Stack gap="md">
      <TextInput
        label="Where to begin"
        placeholder="https://docs.example.com/guide/"
        description="Links are followed on the same server, in the folder of this address and below. robots.txt is obeyed, a sitemap is read."
        value={draft.webUrl}
        error={problem}
        onChange={(event) => change({ webUrl: event.currentTarget.value.trim() })}
      />
      <Group gap="md" grow align="flex-start">
        <NumberInput label="Links deep" description="0 is the one page." min={0} max={20} value={draft.depth} onChange={(value) => change({ depth: Number(value) })} />
        <NumberInput label="Most pages" description="PDF and Office files count, too." min={1} max={10_000} value={draft.pages} onChange={(value) => change({ pages: Number(value) })} />
      </Group>
    </Stack>
  );
}

function GitFields({ draft, change }: OriginFieldsProps) {
  return (
    <Stack gap="md">
      <TextInput
        label="Repository"
        placeholder="https://host/owner/name.git"
        description="A public one. For others make a datastore of type git, and a data asset of it."
        value={draft.gitUrl}
        error={draft.gitUrl === "" ? null : originProblem("git", draft)}
        onChange={(event) => change({ gitUrl: event.currentTarget.value.trim() })}
      />
      <Group gap="md" grow align="flex-start">
        <TextInput label="Branch, tag or commit" placeholder="The default branch" value={draft.ref} onChange={(event) => change({ ref: event.currentTarget.value.trim() })} />
        <TextInput label="Folder" placeholder="All of it" value={draft.path} onChange={(event) => change({ path: event.currentTarget.value.trim() })} />
      </Group>
    </Stack>
  );
}

function SqlFields({ draft, change }: OriginFieldsProps) {
  const list = useQuery(datastores.list(useWorkspace()));
  const databases = (list.data?.items ?? []).filter(({ type }) => DATABASES.has(type)).map(({ name }) => name);
  return (
    <Stack gap="md">
      <Select
        label="Datastore"
        placeholder={list.data !== undefined && databases.length === 0 ? "There is no database among the datastores" : "Choose a database"}
        data={databases}
        value={draft.datastore === "" ? null : draft.datastore}
        onChange={(value) => change({ datastore: value ?? "" })}
      />
      <Textarea
        label="Query"
        placeholder="SELECT id, title, body FROM articles"
        description="It only reads. Each row is a document; columns that are neither text nor title can be filtered by."
        autosize
        minRows={3}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={draft.query}
        onChange={(event) => change({ query: event.currentTarget.value })}
      />
      <Group gap="md" grow align="flex-start">
        <TextInput label="Key column" description="Another value for each row." value={draft.key} onChange={(event) => change({ key: event.currentTarget.value.trim() })} />
        <TagsInput label="Text columns" description="One or more." placeholder={draft.text.length === 0 ? "Name, then Enter" : ""} value={[...draft.text]} onChange={(text) => change({ text })} />
        <TextInput label="Title column" description="If there is one." value={draft.title} onChange={(event) => change({ title: event.currentTarget.value.trim() })} />
      </Group>
    </Stack>
  );
}

/** Where the documents of an index are. */
export function DocumentsField({ documents, off }: { readonly documents: Documents; readonly off: boolean }) {
  const { from, setFrom, files, setFiles, asset, setAsset, origin, change } = documents;
  return (
    <Stack gap="md">
      <SegmentedControl<From> aria-label="Where the documents are" style={{ alignSelf: "flex-start" }} value={from} onChange={setFrom} data={[...FROMS]} />
      {from === "files" && <FilesField files={files} off={off} onFiles={setFiles} hint="PDF, Word, PowerPoint, Excel, HTML, mail, Markdown, text, CSV, JSON and source code. They become a data asset." />}
      {from === "asset" && <AssetField asset={asset} setAsset={setAsset} />}
      {from === "web" && <WebFields draft={origin} change={change} />}
      {from === "git" && <GitFields draft={origin} change={change} />}
      {from === "sql" && <SqlFields draft={origin} change={change} />}
      <Text size="xs" c="dimmed">
        {from === "files" || from === "asset" ? "" : "What is there becomes a version of a data asset; the next build brings only what changed. "}
        What cannot be read is listed with its reason, and the rest goes on.
      </Text>
    </Stack>
  );
}
