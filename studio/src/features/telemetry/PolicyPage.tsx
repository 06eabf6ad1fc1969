import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { useState } from "react";
import { telemetryPolicy } from "@/api/telemetry";
import type { RedactionRuleFacts, TelemetryPolicy } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { Retention, Rules, Sampling } from "./components/Parts";
import classes from "./components/Policy.module.css";
import { Preview } from "./components/Preview";
import { lossesOf, writeOf } from "./logic/policy";

function Form({ policy, rules }: { readonly policy: TelemetryPolicy; readonly rules: readonly RedactionRuleFacts[] }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const { manage } = useRights(workspace);
  const kept = writeOf(policy);
  const [draft, setDraft] = useState(kept);
  const set = useMutation({
    mutationFn: () => telemetryPolicy.set(workspace, draft),
    onSuccess: (now) => {
      client.setQueryData(telemetryPolicy.get(workspace).queryKey, now);
      setDraft(writeOf(now));
    },
  });
  const sorted = (names: readonly string[]): string => [...names].sort().join();
  const same = JSON.stringify({ ...draft, redact: sorted(draft.redact) }) === JSON.stringify({ ...kept, redact: sorted(kept.redact) });
  const off = !manage ? "Owners of the workspace change this." : same ? "Nothing was changed." : null;
  const losses = lossesOf(kept, draft);
  return (
    <>
      <PageHeader
        title="Privacy of telemetry"
        parent={{ label: "Traces", target: linkOptions({ to: "/w/$workspace/traces", params: { workspace } }) }}
        meta={
          <>
            <span>What is taken out of traces, logs, metrics and scores before they are kept, for how long, and which share of them.</span>
            <span>{policy.updated_at ? <>Set <RelativeTime value={policy.updated_at} inherit /></> : "The default"}</span>
          </>
        }
      >
        <GuardedButton variant="default" off={off} onClick={() => setDraft(kept)}>
          Discard
        </GuardedButton>
        <GuardedButton off={off} loading={set.isPending} onClick={() => set.mutate()}>
          Save
        </GuardedButton>
      </PageHeader>
      {!manage && (
        <Text size="sm" c="dimmed">
          Owners of the workspace change this; you can look, and try the rules.
        </Text>
      )}
      {set.error && <ErrorPanel error={set.error} />}
      {losses.length > 0 && (
        <Alert style={{ background: "var(--fy-warn-bg)" }} icon={<IconAlertTriangle size={16} color="var(--fy-warn)" />} title="What saving does that cannot be undone">
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {losses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
        </Alert>
      )}
      <div className={classes.columns}>
        <div className={classes.column}>
          <section className={classes.card} aria-label="Redaction">
            <h2>Redaction</h2>
            <Rules rules={rules} chosen={draft.redact} locked={!manage} onChange={(redact) => setDraft({ ...draft, redact })} />
            <Text size="xs" c="dimmed">
              Measured on labelled sentences written together with the rules: they say what a rule is made for, not how it does on your data. What is kept already is not rewritten.
            </Text>
          </section>
        </div>
        <div className={classes.column}>
          <Preview redact={draft.redact} />
          <section className={classes.card} aria-label="Retention">
            <h2>How long it is kept</h2>
            <Retention days={draft.retention_days} locked={!manage} onChange={(retention_days) => setDraft({ ...draft, retention_days })} />
          </section>
          <section className={classes.card} aria-label="Sampling">
            <h2>Which share of the traces</h2>
            <Sampling ratio={draft.sampling_ratio ?? 1} locked={!manage} onChange={(sampling_ratio) => setDraft({ ...draft, sampling_ratio })} />
          </section>
        </div>
      </div>
    </>
  );
}

/** A workspace's telemetry policy: redaction, retention, sampling. */
export function PolicyPage() {
  const workspace = useWorkspace();
  const policy = useQuery(telemetryPolicy.get(workspace));
  const rules = useQuery(telemetryPolicy.rules(workspace));
  return (
    <Page>
      <Loaded query={policy}>{(now) => <Loaded query={rules}>{({ items }) => <Form policy={now} rules={items} />}</Loaded>}</Loaded>
    </Page>
  );
}
