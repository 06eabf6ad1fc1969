import { Badge, Group, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { IconRuler2 } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { data } from "@/api/data";
import { indexes } from "@/api/indexes";
import type { IndexMeasurement, IndexVersion, MeasuredMean, MeasuredQuestion } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatDuration, formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { JobPanel } from "@/ui/JobPanel";
import { Loaded } from "@/ui/Loaded";
import { TableSkeleton } from "@/ui/Skeletons";
import { choicesOf, firstRank, type MeasuredRow, NAMES, type Pair, pairOf, points, rowsOf, type Scale, scaleOf, SHOWN, tellMeasured } from "../logic/measured";
import { RerankField } from "./RerankField";
import { Whisker } from "./Whisker";

/** What a measurement changes. */
const WORKS_ON = ["indexes"];

const [FIRST, ...OTHERS] = SHOWN;

/** A mean alone; its interval on hover, for four of them side by side are wider than a screen. */
function Plain({ mean }: { readonly mean: MeasuredMean | undefined }) {
  return (
    <span className="fy-num" title={points(mean)}>
      {points(mean && { mean: mean.mean })}
    </span>
  );
}

const columnsFor = (scale: Scale): Column<MeasuredRow>[] => [
  { id: "version", header: "Version", value: (row) => Number(row.measurement.version), cell: (row) => row.measurement.version },
  { id: "search", header: "Search", value: (row) => row.search.kind },
  { id: "rerank", header: "Reranked by", value: (row) => row.measurement.rerank ?? "", cell: (row) => (row.measurement.rerank ? <Clip text={row.measurement.rerank} max="160px" /> : "–") },
  { id: FIRST, header: NAMES[FIRST], align: "right", value: (row) => row.search.scores[FIRST]?.mean, cell: (row) => <Whisker mean={row.search.scores[FIRST]} scale={scale} /> },
  ...OTHERS.map((name): Column<MeasuredRow> => ({ id: name, header: NAMES[name], align: "right", value: (row) => row.search.scores[name]?.mean, cell: (row) => <Plain mean={row.search.scores[name]} /> })),
  { id: "p50", header: "P50", align: "right", value: (row) => row.search.latency_p50_ms, cell: (row) => formatDuration(row.search.latency_p50_ms) },
  { id: "questions", header: "Questions", align: "right", value: (row) => row.measurement.questions, cell: (row) => formatNumber(row.measurement.questions ?? 0) },
  { id: "data", header: "Question set", value: (row) => row.measurement.data, cell: (row) => <Clip text={row.measurement.data} /> },
  { id: "when", header: "Measured", value: (row) => Date.parse(row.measurement.started_at), cell: (row) => <RelativeTime value={row.measurement.started_at} /> },
];

/** Chooses a question set, starts a measurement, and follows its job. */
function Measure({ version }: { readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const [set, setSet] = useUrlState("questions");
  const [jobId, setJobId] = useUrlState("measuring");
  const [rerank, setRerank] = useUrlState("measure-rerank");
  const assets = useQuery(data.list(workspace));
  const { job, problem } = useJob(workspace, jobId || null, WORKS_ON);
  const measure = useMutation({
    mutationFn: () => indexes.measure(workspace, version.name, { questions: set, version: version.version, rerank: rerank || null }),
    onSuccess: (made) => setJobId(made.id),
  });
  return (
    <Stack gap="sm">
      <Group align="end" gap="sm">
        <Select
          label="Question set"
          description="Rows with a question and the document that answers it."
          placeholder="Choose a data asset"
          w={320}
          searchable
          data={choicesOf(assets.data?.items ?? [], set)}
          value={set === "" ? null : set}
          onChange={setSet}
        />
        <RerankField label="Reranking" description="Orders the best 30 of each search anew." w={260} value={rerank} onChange={setRerank} />
        <GuardedButton off={off ?? (set === "" ? "Choose a question set." : null)} loading={measure.isPending} leftSection={<IconRuler2 size={16} />} onClick={() => measure.mutate()}>
          {`Measure version ${version.version}`}
        </GuardedButton>
      </Group>
      {measure.error && <ErrorPanel error={measure.error} />}
      {job && job.status !== "completed" && <JobPanel job={job} workspace={workspace} streamProblem={problem} />}
    </Stack>
  );
}

/** What differs from the version before, or without reranking, in words and intervals. */
function Compared({ index, pair }: { readonly index: string; readonly pair: Pair }) {
  const query = useQuery(indexes.compare(useWorkspace(), index, pair.before, pair.after));
  const title = pair.by === "version" ? "Compared with the version before" : "Compared with no reranking";
  return (
    <Paper p="md" component="section" aria-label={title}>
      <Title order={2} size="h4" mb={6}>
        {title}
      </Title>
      <Loaded query={query}>
        {(differences) => (
          <ul style={{ margin: 0, paddingLeft: 18, fontSize: 13 }}>
            {differences
              .filter(({ measure }) => measure === "ndcg@10" || measure === "hit_rate@5")
              .map(({ sentence }) => (
                <li key={sentence}>{sentence}</li>
              ))}
          </ul>
        )}
      </Loaded>
    </Paper>
  );
}

function Rank({ question, kind }: { readonly question: MeasuredQuestion; readonly kind: string }) {
  const rank = firstRank(question, kind);
  if (rank !== null) return <span className="fy-num">{formatNumber(rank)}</span>;
  const [instead] = question.found?.[kind] ?? [];
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Badge color="red" variant="light" tt="none" style={{ flexShrink: 0 }}>
        {instead ? "missed" : "nothing found"}
      </Badge>
      {instead && <Clip text={`for ${instead.document}`} max="clamp(60px, 7vw, 200px)" />}
    </Group>
  );
}

/** Question by question: the place by which it was answered, and what came first instead. */
function Questions({ index, measurement }: { readonly index: string; readonly measurement: IndexMeasurement }) {
  const workspace = useWorkspace();
  const query = useInfiniteQuery(indexes.measured(workspace, index, measurement.id));
  const rows = (query.data?.pages ?? []).flatMap(({ items }) => items);
  const kinds = (measurement.searches ?? []).map(({ kind }) => kind);
  const columns: Column<MeasuredQuestion>[] = [
    { id: "question", header: "Question", value: (row) => row.question, cell: (row) => <Clip text={row.question} max="clamp(200px, 27vw, 820px)" /> },
    { id: "document", header: "Answered by", value: (row) => row.documents.join(", "), cell: (row) => <Clip text={row.documents.join(", ")} /> },
    { id: "there", header: "Relevant", align: "right", value: (row) => row.there, cell: (row) => (row.there === 0 ? <span title="Nothing in this version answers it">none</span> : formatNumber(row.there)) },
    ...kinds.map((kind): Column<MeasuredQuestion> => ({ id: kind, header: `Place by ${kind}`, align: "right", value: (row) => firstRank(row, kind) ?? 1000, cell: (row) => <Rank question={row} kind={kind} /> })),
  ];
  return (
    <section aria-label="Questions">
      <Title order={2} size="h4" mb={6}>
        Questions of version {measurement.version}
        {measurement.rerank ? ` reranked by ${measurement.rerank}` : ""}
      </Title>
      {tellMeasured(measurement).map((sentence) => (
        <Text key={sentence} size="sm" mb={6}>
          {sentence}
        </Text>
      ))}
      {query.error && <ErrorPanel error={query.error} />}
      {query.isPending ? (
        <TableSkeleton columns={5} />
      ) : (
        <DataTable
          name="measured-questions"
          plain
          columns={columns}
          rows={rows}
          rowId={(row) => String(row.line)}
          footer={
            query.hasNextPage && (
              <GuardedButton off={null} size="compact-sm" variant="default" m={8} loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                More questions
              </GuardedButton>
            )
          }
        />
      )}
    </section>
  );
}

/** What the versions of an index find of sets of questions. */
export function MeasuresTab({ version }: { readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const [shown] = useUrlState("measurement");
  const query = useQuery({ ...indexes.measurements(workspace, version.name), enabled: write });
  if (!write)
    return (
      <Text size="sm" c="dimmed">
        Measurements look into every document, so they are for whoever may change indexes.
      </Text>
    );
  return (
    <Stack gap="lg">
      <Measure version={version} />
      <Loaded query={query}>
        {({ items }) => {
          const rows = rowsOf(items);
          const chosen = items.find(({ id }) => id === shown) ?? items.find((each) => each.version === version.version && each.status === "completed");
          const pair = pairOf(items, version.version);
          if (rows.length === 0)
            return <EmptyState icon={IconRuler2} title="Nothing is measured yet" text="A question set says which document answers each question. A measurement asks all of them and tells how often the answer was found, and how far up." />;
          return (
            <Stack gap="lg">
              <DataTable
                name="measurements"
                plain
                columns={columnsFor(scaleOf(rows.map(({ search }) => search.scores[FIRST]))).filter(({ id }) => id !== "rerank" || items.some(({ rerank }) => rerank))}
                rows={rows}
                rowId={({ id }) => id}
                defaultSort="-when"
                rowLink={(row) => linkOptions({ to: "/w/$workspace/indexes/$name", params: { workspace, name: version.name }, search: { tab: "measures", version: row.measurement.version, measurement: row.measurement.id } as never })}
              />
              {pair && <Compared index={version.name} pair={pair} />}
              {chosen && <Questions key={chosen.id} index={version.name} measurement={chosen} />}
            </Stack>
          );
        }}
      </Loaded>
    </Stack>
  );
}
