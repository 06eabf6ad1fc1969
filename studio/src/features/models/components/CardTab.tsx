import { Alert, Anchor, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Model } from "@/api/types";
import { formatBytes, formatCount, formatNumber, formatWords } from "@/lib/format";
import { CodeBlock } from "@/ui/CodeBlock";
import { CopyButton } from "@/ui/CopyButton";
import { RelativeTime } from "@/ui/figures";
import { KeyValue } from "@/ui/KeyValue";
import { StatusBadge } from "@/ui/StatusBadge";
import { known } from "../tasks";
import { RunsHere } from "./ModelCard";
import classes from "./Models.module.css";

const ENGINE: Record<string, string> = { stopped: "Starts at the next call", starting: "Starting", running: "Running", failed: "Failed" };

function FileEntry({ file }: { file: Model["files"][number] }) {
  return (
    <div>
      <Group gap="sm" justify="space-between" wrap="nowrap">
        <Text size="sm" fw={500} className="fy-truncate">
          {file.name}
        </Text>
        <Text size="sm" c="dimmed" className="fy-num" style={{ flex: "none" }}>
          {formatBytes(file.bytes)}
        </Text>
      </Group>
      {file.sources.map((source) => (
        <div key={source} className={classes.source}>
          {source.replace(/#sha256=.*$/, "")}
        </div>
      ))}
      <Group gap={2} wrap="nowrap">
        <Text size="xs" c="dimmed" ff="monospace" className="fy-truncate">
          sha256 {file.sha256}
        </Text>
        <CopyButton value={file.sha256} label="Copy hash" size={13} />
      </Group>
    </div>
  );
}

function asText(sample: unknown): string {
  return typeof sample === "string" ? sample : JSON.stringify(sample, null, 2);
}

function Samples({ model }: { readonly model: Model }) {
  if (model.sample_input === null && (model.sample_output ?? null) === null) return null;
  return (
    <section className={classes.panel}>
      <Title order={2} size="h3" mb="sm">
        Sample
      </Title>
      <div className={classes.samples}>
        {model.sample_input !== null && <CodeBlock code={asText(model.sample_input)} label="Copy input" wrap maxHeight={260} />}
        {(model.sample_output ?? null) !== null && <CodeBlock code={asText(model.sample_output)} label="Copy output" wrap maxHeight={260} />}
      </div>
      {(model.sample_output ?? null) !== null && (
        <Text size="xs" c="dimmed" mt={6}>
          {model.sample_recorded ? "The output was recorded from the model." : "The output shows its shape; it was not recorded."}
        </Text>
      )}
    </section>
  );
}

const YES_NO = { yes: "yes", no: "no", unknown: "unknown" } as const;

function priceOf(model: Model): string | null {
  const { price } = model;
  if (!price) return model.access === "connection" ? "unknown" : null;
  const output = price.output === null ? "" : `, out ${price.output}`;
  return `in ${price.input}${output} ${price.currency ?? "USD"} a million tokens${price.tiered ? ", more for long prompts" : ""}`;
}

function outside(address: string) {
  return (
    <Anchor key={address} href={address} target="_blank" rel="noreferrer noopener" inherit style={{ overflowWrap: "anywhere" }}>
      {address}
    </Anchor>
  );
}

function technical(model: Model): [string, ReactNode][] {
  const { architecture } = model;
  return [
    ["Parameters", <span key="parameters" className="fy-num">{`${known(model.parameters, formatCount)}${model.active_parameters ? `, ${formatCount(model.active_parameters)} active` : ""}`}</span>],
    ["Context", `${known(model.context_length, formatNumber)} tokens`],
    ["Longest answer", model.max_output ? `${formatNumber(model.max_output)} tokens` : null],
    ["Dimensions", model.dimensions ? formatNumber(model.dimensions) : null],
    ["Architecture", architecture && `${architecture.family}${architecture.layers ? `, ${architecture.layers} layers` : ""}`],
    ["Format", model.quantization],
    ["Size", model.access === "connection" ? null : known(model.bytes_total, formatBytes)],
    [
      "Weights",
      model.sizes && model.sizes.length > 0 && (
        <span key="sizes" className="fy-num">
          {model.sizes.map((size) => `${size.quantization} ${size.estimated ? "≈ " : ""}${formatBytes(size.bytes)}`).join(", ")}
        </span>
      ),
    ],
  ];
}

function about(model: Model): [string, ReactNode][] {
  return [
    ["Publisher", model.publisher],
    ["Collection", model.collection !== "" && model.collection],
    ["License", model.license_url ? <Anchor key="license" href={model.license_url} target="_blank" rel="noreferrer noopener" inherit>{model.license}</Anchor> : model.license],
    ["Commercial use", model.commercial_use],
    ["Lifecycle", model.lifecycle && formatWords(model.lifecycle)],
    ["Price", priceOf(model)],
  ];
}

function abilities(model: Model): [string, ReactNode][] {
  return [
    ["Languages", model.languages.length > 0 ? model.languages.join(", ") : "unknown"],
    ["Reads", model.input_modalities && model.input_modalities.length > 0 && model.input_modalities.join(", ")],
    ["Writes", model.output_modalities && model.output_modalities.length > 0 && model.output_modalities.join(", ")],
    ["Capabilities", model.capabilities.length > 0 && model.capabilities.join(", ")],
    ["Tools", YES_NO[model.tool_use ?? "unknown"]],
    ["Fine-tunable", YES_NO[model.fine_tunable ?? "unknown"]],
  ];
}

/** What a model is for, what it cannot do, its figures and files. What is not known is said to be unknown. */
export function CardTab({ model }: { model: Model }) {
  return (
    <div className={classes.columns}>
      <Stack gap="md">
        {model.license_denied && (
          <Alert color="red" title="This workspace does not allow its license">
            {model.license_denied}
          </Alert>
        )}
        <section className={classes.panel}>
          <p className={classes.prose} style={{ marginTop: 0 }}>
            {model.description}
          </p>
          <Title order={2} size="h3">Intended use</Title>
          <p className={classes.prose}>{model.intended_use}</p>
          <Title order={2} size="h3">Limits</Title>
          <p className={classes.prose}>{model.limits}</p>
        </section>
        <Samples model={model} />
        {model.files.length > 0 && (
          <section className={classes.panel}>
            <Title order={2} size="h3" mb="sm">
              Files
            </Title>
            <Stack gap="md">
              {model.files.map((file) => (
                <FileEntry key={file.name} file={file} />
              ))}
            </Stack>
          </section>
        )}
      </Stack>
      <section className={classes.panel}>
        <KeyValue
          entries={[
            ...about(model),
            ...technical(model),
            ...abilities(model),
            ["Runs here", model.access !== "connection" && <RunsHere key="fit" model={model} />],
            ["Hub", model.hub && outside(`https://huggingface.co/${model.hub.repository}`)],
            ["Connection", model.connection && (model.connection.connections?.length ? model.connection.connections.join(", ") : `none yet of type ${model.connection.types.join(" or ")}`)],
            ["Pulled", model.pulled_at ? <RelativeTime key="pulled" value={model.pulled_at} /> : null],
            ["Engine", model.engine_state && model.engine_state !== "none" ? <StatusBadge key="engine" bare status={model.engine_state} {...(model.engine_state === "running" ? { tone: "good" as const } : {})} label={ENGINE[model.engine_state] ?? model.engine_state} /> : null],
            ["Sources", model.references && model.references.length > 0 && <Stack key="sources" gap={2}>{model.references.map(outside)}</Stack>],
          ]}
        />
      </section>
    </div>
  );
}
