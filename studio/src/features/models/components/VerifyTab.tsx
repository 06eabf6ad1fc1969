import { Button, Checkbox, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { IconCertificate, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isActive, jobs } from "@/api/jobs";
import { verifications } from "@/api/models";
import type { Model, ModelBadge, ModelCheck, ModelVerification, VerificationPlan } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatBytes, formatDuration, formatExact, formatNumber, formatWords } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Cost, RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { JobPanel } from "@/ui/JobPanel";
import { KeyValue } from "@/ui/KeyValue";
import { Loaded } from "@/ui/Loaded";
import { StatusBadge, type Tone } from "@/ui/StatusBadge";
import { hasReport } from "../logic/reports";
import panels from "./Models.module.css";
import classes from "./Verify.module.css";

const WORKS_ON = ["verifications", "models"] as const;
const OUTCOMES: Record<ModelCheck["status"], { readonly label: string; readonly tone: Tone }> = {
  pass: { label: "Passed", tone: "good" },
  fail: { label: "Failed", tone: "bad" },
  not_applicable: { label: "Does not apply", tone: "off" },
};

/** A verification in a few words, with its date: what failed is said as plainly as what passed. */
export function VerifiedBadge({ badge }: { readonly badge: ModelBadge }) {
  const all = badge.passed + badge.failed;
  const label = badge.failed === 0 ? `Verified, ${badge.passed} of ${all}` : `${badge.failed} of ${all} checks failed`;
  return (
    <span title={`${formatExact(badge.at)}, on ${badge.cpu}`}>
      <StatusBadge status="verified" tone={badge.failed === 0 ? "good" : "warn"} label={label} />
    </span>
  );
}

function figureText(name: string, value: number): string {
  if (name.endsWith("_ms")) return formatDuration(value);
  if (name.endsWith("bytes")) return formatBytes(value);
  return formatNumber(value, Number.isInteger(value) ? 0 : 1);
}

function Check({ check }: { readonly check: ModelCheck }) {
  const outcome = OUTCOMES[check.status];
  const figures = Object.entries(check.figures ?? {});
  return (
    <li className={classes.check}>
      <StatusBadge bare status={check.status} {...outcome} />
      <div className={classes.words}>
        <b>{formatWords(check.name)}</b> <span>{check.detail}</span>
        {figures.length > 0 && (
          <div className={classes.figures}>
            {figures.map(([name, value]) => (
              <span key={name}>
                {formatWords(name.replace(/_(ms|bytes)$/, ""))} <b className="fy-num">{figureText(name, value)}</b>
              </span>
            ))}
          </div>
        )}
        {(check.request ?? check.answer) && (
          <details>
            <summary>Evidence</summary>
            {check.request && <CodeBlock code={check.request} label="Copy request" wrap maxHeight={180} />}
            {check.answer && <CodeBlock code={check.answer} label="Copy answer" wrap maxHeight={180} />}
          </details>
        )}
      </div>
      <span className={classes.time}>{check.duration_ms ? formatDuration(check.duration_ms) : ""}</span>
    </li>
  );
}

function Report({ found }: { readonly found: ModelVerification }) {
  const { machine } = found;
  return (
    <div className={panels.columns}>
      <section className={panels.panel}>
        <Text size="sm" mb={8} role="status">
          {found.status === "running" ? `${formatNumber(found.checks.length)} checks so far` : `${formatNumber(found.passed)} passed, ${formatNumber(found.failed)} failed, ${formatNumber(found.not_applicable)} do not apply`}
        </Text>
        <ul className={classes.checks} aria-label="Checks">
          {found.checks.map((check) => (
            <Check key={check.name} check={check} />
          ))}
        </ul>
      </section>
      <section className={panels.panel}>
        <KeyValue
          entries={[
            ["Tried", <RelativeTime key="at" value={found.ended_at ?? found.started_at} />],
            ["Called as", found.call],
            ["Where", formatWords(found.place)],
            ["Engine", found.engine],
            ["Processor", machine.cpu],
            ["Cores", formatNumber(machine.cores)],
            ["Memory", machine.memory_bytes === null ? null : formatBytes(machine.memory_bytes)],
            ["GPU", machine.gpus.length > 0 && machine.gpus.join(", ")],
            ["System", machine.system],
            ["Flowyard", found.version],
            ["Tokens", `${formatNumber(found.prompt_tokens ?? 0)} + ${formatNumber(found.completion_tokens ?? 0)}`],
            ["Cost", found.place !== "local" && <Cost key="cost" value={found.cost} />],
          ]}
        />
      </section>
    </div>
  );
}

function useVerify(workspace: string, model: Model) {
  const client = useQueryClient();
  const name = model.call ?? model.name;
  const [chosen, choose] = useUrlState("verification");
  const list = useQuery(verifications.list(workspace, name));
  const id = chosen === "" ? (list.data?.items[0]?.id ?? "") : chosen;
  const { job, query, problem } = useJob(workspace, id || null, WORKS_ON);
  const found = useQuery({ ...verifications.get(workspace, id), enabled: id !== "" && !query.isPending && hasReport(job) });
  const plan = useMutation({ mutationFn: () => verifications.plan(workspace, name) });
  const begin = useMutation({
    mutationFn: (checks: VerificationPlan["checks"]) => verifications.begin(workspace, name, checks),
    onSuccess: async (started) => {
      client.setQueryData(jobs.get(workspace, started.id).queryKey, started);
      plan.reset();
      choose(started.id);
      await Promise.all([client.invalidateQueries({ queryKey: ["verifications", workspace] }), client.invalidateQueries({ queryKey: jobs.list(workspace).queryKey })]);
    },
  });
  return { list, id, choose, job, problem, found, plan, begin };
}

function PlanDialog({ verify }: { readonly verify: ReturnType<typeof useVerify> }) {
  const { plan, begin } = verify;
  const { data } = plan;
  const [left, setLeft] = useState<readonly string[]>([]);
  const chosen = (data?.checks ?? []).filter((check) => !left.includes(check));
  return (
    <Modal opened={plan.isSuccess || plan.isError} onClose={plan.reset} title={<Text fw={600}>Verify this model</Text>}>
      <Stack gap="md">
        {plan.error && <ErrorPanel error={plan.error} />}
        {data && (
          <>
            <Checkbox.Group label="Checks" value={[...chosen]} onChange={(kept) => setLeft(data.checks.filter((check) => !kept.includes(check)))}>
              <div className={classes.choice}>
                {data.checks.map((check) => (
                  <Checkbox key={check} size="xs" value={check} label={formatWords(check)} />
                ))}
              </div>
            </Checkbox.Group>
            <Text size="sm" c="dimmed">
              All of them take about {formatNumber(data.prompt_tokens + data.completion_tokens)} tokens; most of these are the long context&apos;s.
            </Text>
            <Text size="sm">{data.free ? "It runs on this machine and costs nothing." : <>It calls {data.call}. Cost: {data.cost ? <Cost value={data.cost} /> : "not known, because the price is not"}.</>}</Text>
            {begin.error && <ErrorPanel error={begin.error} />}
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={plan.reset}>
                Cancel
              </Button>
              <GuardedButton leftSection={<IconPlayerPlay size={15} />} loading={begin.isPending} off={chosen.length === 0 ? "Choose a check first." : null} onClick={() => begin.mutate(chosen)}>
                Begin
              </GuardedButton>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}

function whyNot(model: Model, going: boolean): string | null {
  return model.actions?.try_it ?? (going ? "It is being tried already." : null);
}

/** What the model was seen to do on this machine: live while it is tried, then with its date. */
export function VerifyTab({ model }: { readonly model: Model }) {
  const workspace = useWorkspace();
  const rights = useRights(workspace);
  const verify = useVerify(workspace, model);
  const { list, id, choose, job, problem, found, plan } = verify;
  const going = job !== undefined && isActive(job);
  const off = whyReadOnly(rights) ?? whyNot(model, going);
  const button = (
    <GuardedButton off={off} leftSection={<IconCertificate size={16} />} loading={plan.isPending} onClick={() => plan.mutate()}>
      Verify
    </GuardedButton>
  );
  const items = list.data?.items ?? [];
  return (
    <Stack gap="md">
      {list.isSuccess && id === "" ? (
        <EmptyState icon={IconCertificate} title="Nobody has tried it here yet" text="A verification calls the model and keeps what was seen: chat, streaming, JSON schema, tools, long context, speed and memory, with the evidence and the machine.">
          {button}
        </EmptyState>
      ) : (
        <Group gap="sm">
          {button}
          {items.length > 1 && (
            <Select aria-label="Which verification" w={300} allowDeselect={false} value={id} onChange={choose} data={items.map((item) => ({ value: item.id, label: `${formatExact(item.started_at)}: ${item.passed} passed, ${item.failed} failed` }))} />
          )}
        </Group>
      )}
      <PlanDialog verify={verify} />
      {job && (going || job.status !== "completed") && <JobPanel job={job} workspace={workspace} streamProblem={problem} />}
      {id !== "" && (found.data ?? !going) && <Loaded query={found}>{(report) => <Report found={report} />}</Loaded>}
    </Stack>
  );
}
