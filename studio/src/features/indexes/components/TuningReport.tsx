import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMemo, useState } from "react";
import type { IndexTuning, TuningEffect, TuningTrial } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatDuration, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Chart } from "@/ui/Chart";
import { type Column, DataTable } from "@/ui/DataTable";
import { GuardedButton } from "@/ui/GuardedButton";
import { points } from "../logic/measured";
import { cutOf, difference, FACTORS, frontierChart, MEASURES, ordered, searchOf, signed } from "../logic/tuned";
import { AdoptTuning } from "./AdoptTuning";
import { TuningAnswers } from "./TuningAnswers";

const WHOLE = { flexShrink: 0 };

const EFFECTS: Column<TuningEffect>[] = [
  { id: "factor", header: "Choice", value: (row) => FACTORS[row.factor] },
  { id: "value", header: "This instead of that", value: (row) => row.value, cell: (row) => `${row.value} instead of ${row.baseline}` },
  { id: "effect", header: "Effect, points", align: "right", value: (row) => row.effect, cell: (row) => difference(row.effect, row.low, row.high) },
  { id: "latency", header: "Latency", align: "right", value: (row) => row.latency_ms, cell: (row) => signed(row.latency_ms, formatDuration(Math.abs(row.latency_ms))) },
  { id: "tokens", header: "Tokens", align: "right", value: (row) => row.context_tokens, cell: (row) => signed(row.context_tokens, formatNumber(Math.abs(row.context_tokens), 0)) },
  { id: "matters", header: "Shown", value: (row) => Number(row.matters), cell: (row) => (row.matters ? <Badge variant="light" tt="none">matters</Badge> : <Text size="xs" c="dimmed">may be noise</Text>) },
];

function Marked({ trial, tuning }: { readonly trial: TuningTrial; readonly tuning: IndexTuning }) {
  return (
    <Group gap={6} wrap="nowrap">
      {trial.id}
      {trial.id === tuning.recommended && (
        <Badge tt="none" style={WHOLE}>
          recommended
        </Badge>
      )}
      {trial.id === "c1" && (
        <Badge variant="default" tt="none" style={WHOLE}>
          present
        </Badge>
      )}
      {trial.frontier && trial.id !== tuning.recommended && (
        <Badge variant="light" tt="none" style={WHOLE}>
          frontier
        </Badge>
      )}
    </Group>
  );
}

function columnsOf(tuning: IndexTuning, off: string | null, adopt: (trial: TuningTrial) => void): Column<TuningTrial>[] {
  const models = new Set((tuning.trials ?? []).map(({ configuration }) => configuration.embedding_model)).size;
  return [
    { id: "trial", header: "Trial", value: (row) => Number(row.id.slice(1)), cell: (row) => <Marked trial={row} tuning={tuning} />, width: 180 },
    { id: "cut", header: "Cutting", value: (row) => cutOf(row.configuration) },
    ...(models > 1 ? [{ id: "embedding", header: "Embedding model", value: (row: TuningTrial) => row.configuration.embedding_model }] : []),
    { id: "search", header: "Search", value: (row) => searchOf(row.configuration) },
    { id: "k", header: "Chunks", align: "right", value: (row) => row.configuration.top_k },
    { id: "score", header: `${MEASURES[tuning.measure]}, points`, align: "right", value: (row) => row.score.mean, cell: (row) => points(row.score) },
    { id: "confirmed", header: "Confirmed", align: "right", value: (row) => row.confirmed?.mean, cell: (row) => (row.confirmed ? points(row.confirmed) : "") },
    { id: "difference", header: "To the present", align: "right", value: (row) => row.difference?.difference, cell: (row) => (row.difference ? difference(row.difference.difference, row.difference.low, row.difference.high) : "") },
    { id: "latency", header: "P50", align: "right", value: (row) => row.latency_p50_ms, cell: (row) => formatDuration(row.latency_p50_ms) },
    { id: "tokens", header: "Tokens", align: "right", value: (row) => row.context_tokens, cell: (row) => formatNumber(row.context_tokens, 0) },
    { id: "questions", header: "Questions", align: "right", value: (row) => row.questions },
    {
      id: "adopt",
      header: "",
      value: () => undefined,
      sortable: false,
      cell: (row) => (
        <GuardedButton size="compact-xs" variant="default" off={off} aria-label={`Make a flow of ${row.id}`} onClick={() => adopt(row)}>
          Make a flow
        </GuardedButton>
      ),
      width: 110,
    },
  ];
}

/** What a search over configurations found. */
export function TuningReport({ tuning }: { readonly tuning: IndexTuning }) {
  const off = whyReadOnly(useRights(useWorkspace()));
  const [adopted, adopt] = useState<TuningTrial | null>(null);
  const columns = useMemo(() => columnsOf(tuning, off, adopt), [tuning, off]);
  const rows = useMemo(() => ordered(tuning), [tuning]);
  const chart = useMemo(() => frontierChart(tuning), [tuning]);
  const best = rows.find(({ id }) => id === tuning.recommended);
  const rungs = (tuning.rungs ?? []).map(({ questions, configurations }) => `${formatNumber(configurations)} on ${formatNumber(questions)}`).join(", then ");
  return (
    <Stack gap="lg">
      <Paper p="md" component="section" aria-label="What was found">
        <Group justify="space-between" align="flex-start" gap="md" wrap="nowrap" mb={6}>
          <Title order={2} size="h4">
            What was found
          </Title>
          {best && (
            <GuardedButton off={off} onClick={() => adopt(best)}>
              {`Make ${best.id} a flow`}
            </GuardedButton>
          )}
        </Group>
        <Stack gap={6}>
          {[...(tuning.sentences ?? []), ...(tuning.stopped ? [tuning.stopped] : []), ...(tuning.warnings ?? [])].map((sentence) => (
            <Text size="sm" key={sentence}>
              {sentence}
            </Text>
          ))}
          <Text size="xs" c="dimmed">
            {formatNumber(tuning.configurations ?? 0)} of {formatNumber(tuning.space ?? 0)} configurations, by rungs of questions: {rungs}
            {tuning.held_out ? `; the frontier on ${formatNumber(tuning.held_out)} others` : ""}. Indexes built for it: {formatNumber((tuning.indexes ?? []).filter(({ reused }) => !reused).length)}.
          </Text>
        </Stack>
      </Paper>
      {tuning.answers && <TuningAnswers tuning={tuning} answers={tuning.answers} />}
      <section aria-label="Quality and cost">
        <Chart option={chart} height={320} label={`${MEASURES[tuning.measure]} of each configuration over the tokens that a model is given; the table below has the figures`} />
      </section>
      <section aria-label="Configurations">
        <Title order={2} size="h4" mb={6}>
          Configurations
        </Title>
        <DataTable name="trials" plain columns={columns} rows={rows} rowId={({ id }) => id} />
      </section>
      <section aria-label="What each choice does">
        <Title order={2} size="h4" mb={6}>
          What each choice does, the others being equal
        </Title>
        <DataTable name="effects" plain columns={EFFECTS} rows={tuning.effects ?? []} rowId={({ factor, value }) => `${factor} ${value}`} />
      </section>
      {adopted && <AdoptTuning tuning={tuning} trial={adopted} onClose={() => adopt(null)} />}
    </Stack>
  );
}
