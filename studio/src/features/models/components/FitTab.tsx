import { Group, NumberInput, Select, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { models } from "@/api/models";
import type { FitQuery, Model, ModelFit } from "@/api/types";
import { formatBytes, formatNumber, formatWords } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { KeyValue } from "@/ui/KeyValue";
import { Loaded } from "@/ui/Loaded";
import { StatusBadge, type Tone } from "@/ui/StatusBadge";
import classes from "./Fit.module.css";
import panels from "./Models.module.css";

type Place = NonNullable<ModelFit["places"]>[number];

const VERDICTS: Record<ModelFit["verdict"], { readonly label: string; readonly tone: Tone }> = {
  yes: { label: "It fits", tone: "good" },
  tight: { label: "It fits, not into what is free now", tone: "warn" },
  no: { label: "It does not fit", tone: "bad" },
  unknown: { label: "Not known", tone: "idle" },
};

const PARTS = [
  { key: "weights", label: "Weights" },
  { key: "kv_cache", label: "Keys and values" },
  { key: "compute", label: "Computation" },
  { key: "overhead", label: "Engine" },
] as const;

function PlaceBar({ place }: { readonly place: Place }) {
  const { need } = place;
  const whole = Math.max(place.total, need?.total ?? 0, 1);
  const part = (bytes: number) => `${(bytes / whole) * 100}%`;
  return (
    <section className={panels.panel} aria-label={place.name}>
      <Group justify="space-between" mb={8}>
        <Title order={2} size="h3">
          {formatWords(place.name)}
        </Title>
        <StatusBadge status={place.verdict} {...VERDICTS[place.verdict]} />
      </Group>
      <div className={classes.bar} role="img" aria-label={need ? `${formatBytes(need.total)} of ${formatBytes(place.total)} needed, ${formatBytes(place.free)} free now` : `${formatBytes(place.total)} in all`}>
        {need && PARTS.map(({ key }) => <div key={key} data-part={key} style={{ width: part(need[key]) }} />)}
        <div className={classes.free} style={{ left: part(place.free) }} title={`${formatBytes(place.free)} free now`} />
      </div>
      {need && (
        <ul className={classes.legend}>
          {PARTS.map(({ key, label }) => (
            <li key={key}>
              <span data-part={key} aria-hidden />
              {label} <b className="fy-num">{formatBytes(need[key])}</b>
            </li>
          ))}
        </ul>
      )}
      <KeyValue
        entries={[
          ["Needed", need && formatBytes(need.total)],
          ["A model may take", formatBytes(place.usable)],
          ["Free now", formatBytes(place.free)],
          ["In all", `${formatBytes(place.total)}, bounded by the ${place.limit}`],
          ["Engine", place.engine],
        ]}
      />
    </section>
  );
}

function Answer({ fit }: { readonly fit: ModelFit }) {
  return (
    <Stack gap="md">
      <section className={panels.panel} role="status">
        <StatusBadge status={fit.verdict} {...VERDICTS[fit.verdict]} />
        <Text size="sm" mt={8}>
          {fit.summary}
        </Text>
        {(fit.reasons ?? []).map((reason) => (
          <Text key={reason} size="sm" c="dimmed">
            {reason}
          </Text>
        ))}
        <Text size="sm" c="dimmed" mt={8} className="fy-num">
          {[
            typeof fit.largest_context === "number" ? `At most ${formatNumber(fit.largest_context)} tokens a request fit.` : "",
            typeof fit.download_bytes === "number" && fit.download_bytes > 0 ? `${formatBytes(fit.download_bytes)} are still to be downloaded; ${typeof fit.disk_free === "number" ? `${formatBytes(fit.disk_free)} of the disk are free.` : ""}` : "",
            `Counted with weights as ${fit.quantization}${fit.weights_estimated ? ", estimated from the count of parameters" : ""}.`,
          ].join(" ")}
        </Text>
      </section>
      {(fit.places ?? []).map((place) => (
        <PlaceBar key={place.name} place={place} />
      ))}
    </Stack>
  );
}

function WeightsField({ model, value, onChange }: { readonly model: Model; readonly value: string | null; readonly onChange: (value: string | null) => void }) {
  const formats = [...new Set((model.sizes ?? []).map((size) => size.quantization))];
  if (formats.length < 2) return null;
  return <Select label="Weights as" data={formats} value={value} allowDeselect={false} onChange={onChange} />;
}

/** Whether a model fits on this machine, for a context and a number of requests at once. */
export function FitTab({ model }: { readonly model: Model }) {
  const workspace = useWorkspace();
  const encoder = model.task === "embeddings" || model.task === "rerank";
  const [asked, setAsked] = useState<FitQuery>({});
  const [settled] = useDebouncedValue(asked, 300);
  const query = useQuery(models.fit(workspace, model.name, settled));
  const set = (part: Partial<FitQuery>) => setAsked((before) => ({ ...before, ...part }));
  const number = (value: string | number) => (value === "" ? null : Number(value));
  return (
    <div className={classes.columns}>
      <Stack gap="md">
        <NumberInput label="Context" description="Tokens of one request, prompt and answer" min={1} thousandSeparator="," placeholder={query.data ? formatNumber(query.data.context) : ""} value={asked.context ?? ""} onChange={(value) => set({ context: number(value) })} />
        <NumberInput label={encoder ? "Texts at once" : "Requests at once"} min={1} placeholder={query.data ? formatNumber(query.data.concurrency) : ""} value={asked.concurrency ?? ""} onChange={(value) => set({ concurrency: number(value) })} />
        {!encoder && (
          <Select label="Keys and values as" data={["f16", "q8_0", "q4_0"]} value={asked.cache_type ?? query.data?.cache_type ?? null} allowDeselect={false} onChange={(value) => set({ cache_type: value })} />
        )}
        <WeightsField model={model} value={asked.quantization ?? query.data?.quantization ?? null} onChange={(quantization) => set({ quantization })} />
        <Text size="xs" c="dimmed">
          Counted from the card, before anything is downloaded.
        </Text>
      </Stack>
      <Loaded query={query}>{(fit) => <Answer fit={fit} />}</Loaded>
    </div>
  );
}
