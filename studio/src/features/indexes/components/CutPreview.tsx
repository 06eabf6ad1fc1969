import { Button, Group, Modal, Select, Stack, TagsInput, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconColumns3 } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type CSSProperties, useState } from "react";
import { indexes } from "@/api/indexes";
import { uploadInParts } from "@/api/parts";
import type { ChunkPreview, ChunkRecipe, PreviewedWay } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { CardsSkeleton } from "@/ui/Skeletons";
import { counted } from "../logic/built";
import { type CutFrom, MOST_WAYS, readWays, sideBySide, tellWay } from "../logic/cutting";
import classes from "./CutPreview.module.css";
import { DocumentText } from "./DocumentText";

const NO_FILES: readonly never[] = [];

/** The documents to choose from: of files from here all, of data and of an index those with what was typed in their paths. */
function useDocuments(from: CutFrom, typed: string) {
  const workspace = useWorkspace();
  const [like] = useDebouncedValue(typed, 250);
  const ofData = useQuery({ ...indexes.previewable(workspace, "data" in from ? from.data : "", like), enabled: "data" in from, placeholderData: keepPreviousData });
  const index = "index" in from ? from : null;
  const ofIndex = useInfiniteQuery({ ...indexes.documents(workspace, index?.index ?? "", index?.version ?? "", false), enabled: index !== null });
  if ("files" in from) return { keys: from.files.map(({ path }) => path), error: null };
  if ("data" in from) return { keys: ofData.data ?? NO_FILES, error: ofData.error };
  return { keys: (ofIndex.data?.pages ?? []).flatMap(({ items }) => items.map(({ key }) => key)), error: ofIndex.error };
}

/** What names the data that a document is in: a file from here is sent alone. */
function useSource(from: CutFrom, document: string) {
  const workspace = useWorkspace();
  const file = "files" in from ? from.files.find(({ path }) => path === document) : undefined;
  const sent = useQuery({
    queryKey: ["uploads", workspace, "preview", document, file?.file.size, file?.file.lastModified],
    queryFn: async ({ signal }) => (file ? (await uploadInParts(workspace, [file], () => undefined, signal)).reference : ""),
    enabled: file !== undefined,
    staleTime: Infinity,
    retry: false,
  });
  if ("files" in from) return { source: sent.data === undefined ? null : { data: sent.data }, error: sent.error };
  return { source: from, error: null };
}

function Lengths({ way }: { readonly way: PreviewedWay }) {
  const most = Math.max(1, ...way.histogram);
  const longest = way.way.max_tokens ?? 256;
  const words = way.histogram.map((count, at) => `up to ${formatNumber(Math.round((longest * (at + 1)) / way.histogram.length))} tokens: ${formatNumber(count)}`);
  return (
    <div>
      <div className={classes.bars} role="img" aria-label={`Lengths of chunks: ${words.join("; ")}`}>
        {way.histogram.map((count, at) => (
          <div key={at} title={words[at]} style={{ height: `${count === 0 ? 0 : Math.max(4, (count / most) * 100)}%` }} />
        ))}
      </div>
      <div className={classes.ends}>
        <span>1</span>
        <span>{formatNumber(longest)} tokens</span>
      </div>
    </div>
  );
}

function Way({ way, onUse }: { readonly way: PreviewedWay; readonly onUse: (way: ChunkRecipe) => void }) {
  const [chosen, choose] = useState("");
  return (
    <section className={classes.way} aria-label={tellWay(way.way)}>
      <div className={classes.head}>
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <h3>{tellWay(way.way)}</h3>
          <Button size="compact-xs" variant="default" onClick={() => onUse(way.way)}>
            Cut so
          </Button>
        </Group>
        <Text size="xs" c="dimmed" className="fy-num">
          {counted(way.count, "chunk")}, {formatNumber(way.tokens)} tokens, {formatNumber(Math.round(way.tokens / Math.max(1, way.count)))} each
        </Text>
        <Lengths way={way} />
      </div>
      <div className={classes.text} tabIndex={0} role="region" aria-label={`Text cut ${tellWay(way.way)}`}>
        <DocumentText chunks={way.chunks} chosen={chosen} onChoose={choose} />
      </div>
    </section>
  );
}

function Ways({ found, onPage, onUse }: { readonly found: ChunkPreview; readonly onPage: (page: number) => void; readonly onUse: (way: ChunkRecipe) => void }) {
  const at = found.pages.indexOf(found.page);
  const [before, after] = [found.pages[at - 1], found.pages[at + 1]];
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed">
          {found.title}: {formatNumber(found.characters)} characters. Where two chunks overlap the text is shaded.
          {!found.exact && ` Tokens are estimated: the tokenizer of ${found.embedding_model} is not known here.`}
        </Text>
        {found.pages.length > 1 && (
          <Group gap={6} wrap="nowrap">
            <GuardedButton size="compact-sm" variant="default" off={before === undefined ? "This is the first page." : null} onClick={() => before !== undefined && onPage(before)}>
              Previous page
            </GuardedButton>
            <Select aria-label="Page" size="xs" w={90} searchable limit={100} allowDeselect={false} data={found.pages.map(String)} value={String(found.page)} onChange={(page) => page !== null && onPage(Number(page))} />
            <GuardedButton size="compact-sm" variant="default" off={after === undefined ? "This is the last page." : null} onClick={() => after !== undefined && onPage(after)}>
              Next page
            </GuardedButton>
          </Group>
        )}
      </Group>
      <div className={classes.ways} style={{ "--ways": found.ways.length } as CSSProperties}>
        {found.ways.map((way) => (
          <Way key={tellWay(way.way)} way={way} onUse={onUse} />
        ))}
      </div>
    </Stack>
  );
}

interface CutsProps {
  readonly from: CutFrom;
  /** The embedding model whose tokens are counted. */
  readonly model: string;
  /** What the draft cuts by. */
  readonly present: ChunkRecipe;
  readonly onUse: (way: ChunkRecipe) => void;
}

function Cuts({ from, model, present, onUse }: CutsProps) {
  const workspace = useWorkspace();
  const [typed, setTyped] = useState("");
  const [chosen, choose] = useState<string | null>(null);
  const [texts, setTexts] = useState<readonly string[]>(() => sideBySide(present));
  const [page, setPage] = useState<number | null>(null);
  const documents = useDocuments(from, typed === chosen ? "" : typed);
  const document = chosen ?? documents.keys[0] ?? "";
  const { source, error } = useSource(from, document);
  const { ways, problem } = readWays(texts);
  const asked = { document, ways: [...ways], embedding_model: model, page, ...source };
  const found = useQuery({ ...indexes.preview(workspace, asked), enabled: document !== "" && source !== null && problem === null, placeholderData: keepPreviousData });
  const wrong = documents.error ?? error ?? found.error;
  return (
    <Stack gap="md">
      <Group gap="md" grow align="flex-start">
        <Select
          label="Document"
          searchable
          limit={200}
          allowDeselect={false}
          nothingFoundMessage="No document here has that in its path."
          data={[...new Set([...(chosen === null ? [] : [chosen]), ...documents.keys])]}
          value={document === "" ? null : document}
          onSearchChange={setTyped}
          onChange={(key) => {
            choose(key);
            setPage(null);
          }}
        />
        <TagsInput label="Ways of cutting" description="Strategy, tokens and overlap; up to three." maxTags={MOST_WAYS} inputWrapperOrder={["label", "input", "description", "error"]} error={problem} value={[...texts]} onChange={setTexts} />
      </Group>
      {wrong ? <ErrorPanel error={wrong} /> : found.data ? <Ways found={found.data} onPage={setPage} onUse={onUse} /> : document === "" && !problem ? <Text size="sm">There is no document.</Text> : problem === null && <CardsSkeleton />}
    </Stack>
  );
}

/** Opens a document cut in several ways, side by side. */
export function CutPreview({ from, onUse, ...rest }: Omit<CutsProps, "from"> & { readonly from: CutFrom | null }) {
  const [open, setOpen] = useState(false);
  return (
    <Group gap="sm">
      <GuardedButton variant="default" leftSection={<IconColumns3 size={16} />} off={from === null ? "Choose the documents first." : null} onClick={() => setOpen(true)}>
        Preview
      </GuardedButton>
      <Text size="sm" c="dimmed">
        {from === null ? "Once there are documents here, it shows one of them cut in several ways." : "One of the documents cut in several ways, side by side."}
      </Text>
      {from !== null && (
        <Modal opened={open} onClose={() => setOpen(false)} title={<Text fw={600}>Ways of cutting</Text>} size="min(1560px, 96vw)" yOffset="3vh">
          <Cuts
            from={from}
            {...rest}
            onUse={(way) => {
              onUse(way);
              setOpen(false);
            }}
          />
        </Modal>
      )}
    </Group>
  );
}
