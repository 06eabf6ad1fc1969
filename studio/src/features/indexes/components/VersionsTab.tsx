import { ActionIcon, Badge, Button, Group, Menu, Modal, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconGitCompare, IconTag } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { indexes } from "@/api/indexes";
import { indexUses } from "@/api/indexUses";
import type { IndexUse, IndexVersion } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatDuration, formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Num, RelativeTime } from "@/ui/figures";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { counted } from "../logic/built";
import { labelProblem, LATEST } from "../logic/labels";
import { figuresOf, type MeasuredRow, scaleOf } from "../logic/measured";
import classes from "./Indexes.module.css";
import { Whisker } from "./Whisker";

type Doing = "diff" | "rollback" | "label";
type Act = (row: IndexVersion, doing: Doing) => void;

function RowMenu({ row, first, off, act }: { readonly row: IndexVersion; readonly first: boolean; readonly off: string | null; readonly act: Act }) {
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon size={24} aria-label={`Change version ${row.version}`}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <GuardedItem off={first ? "It is the first version." : null} leftSection={<IconGitCompare size={15} />} onClick={() => act(row, "diff")}>
          What differs from the one before
        </GuardedItem>
        <GuardedItem off={off ?? (row.labels?.includes(LATEST) ? "It is what is asked now." : null)} leftSection={<IconArrowBackUp size={15} />} onClick={() => act(row, "rollback")}>
          Roll back to this
        </GuardedItem>
        <GuardedItem off={off} leftSection={<IconTag size={15} />} onClick={() => act(row, "label")}>
          Put a label
        </GuardedItem>
      </Menu.Dropdown>
    </Menu>
  );
}

type Figures = ReadonlyMap<string, MeasuredRow>;

/** What the newest measurement of each version found, by the kind of search that is best in it. */
function figureColumn(figures: Figures): Column<IndexVersion> {
  const of = ({ version }: IndexVersion) => figures.get(version);
  const scale = scaleOf([...figures.values()].map(({ search }) => search.scores["ndcg@10"]));
  return {
    id: "ndcg",
    header: "nDCG@10",
    align: "right",
    value: (row) => of(row)?.search.scores["ndcg@10"]?.mean,
    cell: (row) => {
      const found = of(row);
      if (found === undefined) return "–";
      const { measurement, search } = found;
      return (
        <div title={`By ${search.kind} search${measurement.rerank ? ` reranked by ${measurement.rerank}` : ""}, on ${counted(measurement.questions ?? 0, "question")} of ${measurement.data}`}>
          <Whisker mean={search.scores["ndcg@10"]} scale={scale} brief />
        </div>
      );
    },
  };
}

/** The deployments that ask each version, by itself (pinned) or by a label that they follow. */
function AskedBy({ uses }: { readonly uses: readonly IndexUse[] }) {
  const workspace = useWorkspace();
  return (
    <Stack gap={2}>
      {uses.map((use) => (
        <Text key={`${use.endpoint}/${use.deployment}/${use.node}`} span size="sm" className="fy-truncate" title={use.pinned ? "It asks this version until another is deployed." : `It follows the label ${use.asked}.`}>
          <TextLink to="/w/$workspace/endpoints/$name" params={{ workspace, name: use.endpoint }} size="sm">
            {use.endpoint}/{use.deployment}
          </TextLink>{" "}
          <Text span inherit size="xs" c="dimmed">
            {use.pinned ? "pinned" : `by ${use.asked}`}
          </Text>
        </Text>
      ))}
    </Stack>
  );
}

function askedColumn(uses: readonly IndexUse[]): Column<IndexVersion> {
  const of = ({ version }: IndexVersion) => uses.filter((use) => use.version === version);
  return { id: "asked", header: "Asked by", value: (row) => of(row).length, cell: (row) => (of(row).length === 0 ? "–" : <AskedBy uses={of(row)} />), width: 170 };
}

function columnsFor(versions: readonly IndexVersion[], figures: Figures, uses: readonly IndexUse[], off: string | null, act: Act): Column<IndexVersion>[] {
  const oldest = versions.at(-1)?.version;
  return [
    {
      id: "version",
      header: "Version",
      value: (row) => Date.parse(row.created_at),
      cell: (row) => (
        <Group gap={6} wrap="nowrap">
          {row.version}
          {row.labels?.map((label) => (
            <Badge key={label} variant="default" tt="none" miw="max-content">
              {label}
            </Badge>
          ))}
        </Group>
      ),
    },
    { id: "source", header: "Documents of", value: (row) => row.source, cell: (row) => <Clip text={row.source.replace(/^azureml:(?!\/)/, "")} max="clamp(120px, 11vw, 320px)" /> },
    { id: "documents", header: "Documents", align: "right", value: (row) => row.documents, cell: (row) => <Num value={row.documents} />, width: 105 },
    { id: "chunks", header: "Chunks", align: "right", value: (row) => row.chunks, cell: (row) => <Num value={row.chunks} />, width: 85 },
    { id: "embedded", header: "Embedded", align: "right", value: (row) => row.embedded, cell: (row) => <Num value={row.embedded} />, width: 100 },
    { id: "cut", header: "Cut", value: (row) => `${row.chunking.strategy ?? "structure"}, ${formatNumber(row.chunking.max_tokens ?? 256)} + ${formatNumber(row.chunking.overlap_tokens ?? 32)}`, width: 140 },
    ...(figures.size === 0 ? [] : [figureColumn(figures)]),
    ...(uses.length === 0 ? [] : [askedColumn(uses)]),
    { id: "took", header: "Took", align: "right", value: (row) => row.elapsed_s, cell: (row) => formatDuration(row.elapsed_s * 1000), width: 90 },
    { id: "built", header: "Built", align: "right", value: (row) => Date.parse(row.created_at), cell: (row) => <RelativeTime value={row.created_at} />, width: 110 },
    { id: "do", header: "", value: () => undefined, sortable: false, cell: (row) => <RowMenu row={row} first={row.version === oldest} off={off} act={act} />, width: 44 },
  ];
}

function Changes({ title, keys }: { readonly title: string; readonly keys: readonly string[] }) {
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600}>
        {title} ({formatNumber(keys.length)})
      </Text>
      <ul>
        {keys.map((key) => (
          <li key={key}>{key}</li>
        ))}
      </ul>
    </section>
  );
}

function Diff({ name, before, after }: { readonly name: string; readonly before: string; readonly after: string }) {
  const query = useQuery(indexes.diff(useWorkspace(), name, before, after));
  return (
    <Paper p="md" component="section" aria-label={`From version ${before} to ${after}`}>
      <Title order={2} mb="sm">
        From version {before} to {after}
      </Title>
      <Loaded query={query}>
        {({ documents_added: added = [], documents_removed: removed = [], documents_changed: changed = [], chunks_added: more = 0, chunks_removed: fewer = 0 }) => (
          <Stack gap="sm">
            <Text size="sm" c="dimmed" className="fy-num">
              {counted(more, "chunk")} added, {counted(fewer, "chunk")} removed
            </Text>
            <div className={classes.changes}>
              {added.length > 0 && <Changes title="Documents added" keys={added} />}
              {removed.length > 0 && <Changes title="Documents removed" keys={removed} />}
              {changed.length > 0 && <Changes title="Documents changed" keys={changed} />}
            </div>
          </Stack>
        )}
      </Loaded>
    </Paper>
  );
}

interface DialogProps {
  readonly row: IndexVersion;
  readonly uses: readonly IndexUse[];
  readonly onClose: () => void;
}

function useLabel(row: IndexVersion, onClose: () => void) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (label: string) => indexes.label(workspace, row.name, label, row.version),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["indexes", workspace] });
      onClose();
    },
  });
}

function deploymentsOf(uses: readonly IndexUse[]): string {
  return [...new Set(uses.map(({ endpoint, deployment }) => `${endpoint}/${deployment}`))].join(", ");
}

function RollBack({ row, uses, onClose }: DialogProps) {
  const following = uses.filter(({ asked }) => asked === LATEST);
  const pinned = uses.filter((use) => use.pinned);
  const label = useLabel(row, onClose);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`Roll ${row.name} back to version ${row.version}?`}</Text>}>
      <Stack gap="md">
        <Text size="sm">Searches that name no version take this one, at once and for everybody. The other versions stay, and can be put forward again in the same way.</Text>
        {following.length > 0 && <Text size="sm">Deployments that answer from it at once: {deploymentsOf(following)}.</Text>}
        {pinned.length > 0 && <Text size="sm">Deployments that stay with the version they name: {deploymentsOf(pinned)}.</Text>}
        {label.error && <ErrorPanel error={label.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={label.isPending} onClick={() => label.mutate(LATEST)}>
            Roll back
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function PutLabel({ row, onClose }: Omit<DialogProps, "uses">) {
  const [name, setName] = useState("");
  const label = useLabel(row, onClose);
  const problem = labelProblem(name);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`Label of version ${row.version}`}</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === null) label.mutate(name);
        }}
      >
        <Stack gap="md">
          <TextInput label="Label" placeholder="production" description="It stands on one version only: from another one it moves here." data-autofocus value={name} error={name === "" ? null : problem} onChange={(event) => setName(event.currentTarget.value)} />
          {label.error && <ErrorPanel error={label.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={problem} loading={label.isPending}>
              Put the label
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The versions of an index, what lies between two, and which of them is searched. */
export function VersionsTab({ versions }: { readonly versions: readonly IndexVersion[] }) {
  const workspace = useWorkspace();
  const rights = useRights(workspace);
  const off = whyReadOnly(rights);
  const measured = useQuery({ ...indexes.measurements(workspace, versions[0]?.name ?? ""), enabled: rights.write && versions.length > 0 });
  const asked = useQuery(indexUses(workspace, { index: versions[0]?.name ?? "" }));
  const [shown, setShown] = useUrlState("diff");
  const [doing, setDoing] = useState<{ readonly row: IndexVersion; readonly what: Doing } | null>(null);
  const columns = useMemo(
    () =>
      columnsFor(versions, figuresOf(measured.data?.items ?? []), asked.data?.items ?? [], off, (row, what) => {
        if (what === "diff") setShown(row.version);
        else setDoing({ row, what });
      }),
    [versions, measured.data, asked.data, off, setShown],
  );
  const at = versions.findIndex(({ version }) => version === shown);
  const after = at < 0 ? versions[0] : versions[at];
  const before = versions[(at < 0 ? 0 : at) + 1];
  const close = () => setDoing(null);
  return (
    <Stack gap="md">
      <DataTable name="index-versions" plain columns={columns} rows={versions} rowId={(row) => row.version} defaultSort="-version" />
      {after && before && <Diff name={after.name} before={before.version} after={after.version} />}
      {doing?.what === "rollback" && <RollBack row={doing.row} uses={asked.data?.items ?? []} onClose={close} />}
      {doing?.what === "label" && <PutLabel row={doing.row} onClose={close} />}
    </Stack>
  );
}
