import { Group, Stack, Text, Title } from "@mantine/core";
import type { Model } from "@/api/types";
import { formatBytes, formatCount, formatNumber } from "@/lib/format";
import { CopyButton } from "@/ui/CopyButton";
import { RelativeTime } from "@/ui/figures";
import { KeyValue } from "@/ui/KeyValue";
import { StatusBadge } from "@/ui/StatusBadge";
import { known } from "../tasks";
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

/** What a model is for, what it cannot do, its figures and files. */
export function CardTab({ model }: { model: Model }) {
  return (
    <div className={classes.columns}>
      <Stack gap="md">
        <section className={classes.panel}>
          <p className={classes.prose} style={{ marginTop: 0 }}>
            {model.description}
          </p>
          <Title order={2} size="h3">Intended use</Title>
          <p className={classes.prose}>{model.intended_use}</p>
          <Title order={2} size="h3">Limits</Title>
          <p className={classes.prose}>{model.limits}</p>
        </section>
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
      </Stack>
      <section className={classes.panel}>
        <KeyValue
          entries={[
            ["Publisher", model.publisher],
            ["License", model.license],
            ["Parameters", <span className="fy-num">{known(model.parameters, formatCount)}</span>],
            ["Context", `${known(model.context_length, formatNumber)} tokens`],
            ["Dimensions", model.dimensions ? formatNumber(model.dimensions) : null],
            ["Languages", model.languages.join(", ")],
            ["Capabilities", model.capabilities.join(", ")],
            ["Size", known(model.bytes_total, formatBytes)],
            ["Pulled", model.pulled_at ? <RelativeTime value={model.pulled_at} /> : null],
            ["Engine", model.engine_state && model.engine_state !== "none" ? <StatusBadge bare status={model.engine_state} {...(model.engine_state === "running" ? { tone: "good" as const } : {})} label={ENGINE[model.engine_state] ?? model.engine_state} /> : null],
          ]}
        />
      </section>
    </div>
  );
}
