import { Group, NumberInput, SegmentedControl, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { IconFileSearch, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { indexes } from "@/api/indexes";
import type { IndexQuery, IndexVersion } from "@/api/types";
import { useRights } from "@/api/useRights";
import { formatDuration } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { CardsSkeleton } from "@/ui/Skeletons";
import { counted } from "../logic/built";
import { wordsOf } from "../logic/marks";
import { tagsFrom, tagsText } from "../logic/tags";
import { HitCard } from "./HitCard";
import classes from "./Indexes.module.css";
import { RerankField } from "./RerankField";

const KINDS = { hybrid: "Both", vector: "Meaning", text: "Words" } as const;

function kindOf(text: string): keyof typeof KINDS {
  return text === "vector" || text === "text" ? text : "hybrid";
}

/** The tags of whoever the answer is for: what they and who asks both see is found. */
function AsSomebody() {
  const { manage } = useRights(useWorkspace());
  const [as, setAs] = useUrlState("as");
  const tags = tagsFrom(as);
  return (
    <Group gap="sm" wrap="nowrap">
      <Switch label="As somebody with tags" title="What an application finds on behalf of its user" checked={tags !== null} onChange={(event) => setAs(tagsText(event.currentTarget.checked ? [] : null))} />
      {tags !== null && <TagsInput aria-label="Tags" size="xs" w={220} placeholder={tags.length === 0 ? "none: what has no tag" : ""} value={[...tags]} onChange={(next) => setAs(tagsText(next))} />}
      {tags !== null && !manage && (
        <Text size="xs" c="dimmed">
          Of what is open to you.
        </Text>
      )}
    </Group>
  );
}

function Hits({ version, asked }: { readonly version: IndexVersion; readonly asked: IndexQuery }) {
  const found = useQuery({ ...indexes.search(useWorkspace(), version.name, asked), placeholderData: keepPreviousData });
  if (found.error) return <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <CardsSkeleton />;
  const { hits, search_ms: searched, elapsed_ms: elapsed } = found.data;
  const words = wordsOf(asked.text);
  return (
    <>
      <Text size="sm" c="dimmed" role="status" className="fy-num">
        {counted(hits.length, "chunk")} of version {found.data.version} in {formatDuration(elapsed)}, of which {formatDuration(searched)} for the search itself
      </Text>
      {hits.length === 0 && <Text size="sm">Nothing is found. By words a chunk has to have one of the question&apos;s; documents with tags are found only by who has one of them.</Text>}
      <ol className={classes.hits} aria-label="What was found">
        {hits.map((hit, at) => (
          <HitCard key={hit.chunk.id} hit={hit} index={version.name} place={at + 1} words={words} version={found.data.version} />
        ))}
      </ol>
    </>
  );
}

/** Asks a version, and shows why each chunk stands where it does. */
export function SearchTab({ version }: { readonly version: IndexVersion }) {
  const [question, setQuestion] = useUrlState("question");
  const [kindText, setKind] = useUrlState("kind", "hybrid");
  const [top, setTop] = useUrlState("k", "5");
  const [as] = useUrlState("as");
  const [rerank, setRerank] = useUrlState("rerank");
  const [typed, setTyped] = useState(question);
  const kind = kindOf(kindText);
  const topK = Math.min(100, Math.max(1, Number.parseInt(top, 10) || 5));
  return (
    <Stack gap="md" maw={1240}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setQuestion(typed.trim());
        }}
      >
        <Group gap="sm" align="flex-end" wrap="nowrap">
          <TextInput aria-label="Question" placeholder="Ask what the documents may say" style={{ flex: 1 }} leftSection={<IconSearch size={16} />} maxLength={8000} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
          <GuardedButton type="submit" off={typed.trim() === "" ? "Write a question first." : null}>
            Search
          </GuardedButton>
        </Group>
      </form>
      <Group gap="lg">
        <SegmentedControl aria-label="Search by" size="xs" value={kind} onChange={setKind} data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))} />
        <Group gap={8}>
          <Text size="sm" component="label" htmlFor="top-k">
            At most
          </Text>
          <NumberInput id="top-k" size="xs" w={70} min={1} max={100} value={topK} onChange={(value) => setTop(String(value))} />
        </Group>
        <RerankField aria-label="Reranking model" size="xs" w={230} placeholder="Reranking: none" value={rerank} onChange={setRerank} />
        <AsSomebody />
      </Group>
      {question === "" ? (
        <EmptyState icon={IconFileSearch} title="Ask something" text="Each chunk that is found comes with its place by meaning, by words and by both, so that you see why it stands where it does." />
      ) : (
        <Hits version={version} asked={{ text: question, version: version.version, kind, top_k: topK, tags: tagsFrom(as)?.slice() ?? null, rerank: rerank || null }} />
      )}
    </Stack>
  );
}
