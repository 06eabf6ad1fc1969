import { Button, Group, Modal, NumberInput, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { Deployment, DeploymentScale } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import classes from "./DetailsTab.module.css";

const MOST = 16;

type Draft = Readonly<Record<"count" | "least" | "most" | "busy" | "p95", number | string>>;

const AS_DEPLOYED = { min_instances: 1, max_instances: 1, target_utilization_percentage: 70 };

function draftOf(deployment: Deployment): Draft {
  const scale = { ...AS_DEPLOYED, ...deployment.settings?.scale };
  return {
    count: deployment.instances ?? deployment.instance_count,
    least: scale.min_instances,
    most: Math.max(scale.max_instances, 2),
    busy: scale.target_utilization_percentage,
    p95: scale.target_p95_ms ?? "",
  };
}

/** The request that a draft says; null while a number is missing. */
function scaleOf(kind: string, { count, least, most, busy, p95 }: Draft): DeploymentScale | null {
  if (kind === "default") return typeof count === "number" ? { instance_count: count, scale: { type: "default" } } : null;
  if (typeof least !== "number" || typeof most !== "number" || typeof busy !== "number" || least > most) return null;
  const target = { target_utilization_percentage: busy, target_p95_ms: typeof p95 === "number" ? p95 : null };
  return { scale: { type: "target_utilization", min_instances: least, max_instances: most, ...target } };
}

function useScaleForm(deployment: Deployment) {
  const [kind, setKind] = useState<string>(deployment.settings?.scale?.type ?? "default");
  const [draft, setDraft] = useState(() => draftOf(deployment));
  const field = (name: keyof Draft) => ({
    min: 1,
    allowDecimal: false,
    value: draft[name],
    onChange: (value: number | string) => {
      setDraft((before) => ({ ...before, [name]: value }));
    },
  });
  return { kind, setKind, field, body: scaleOf(kind, draft) };
}

function Changes({ endpoint, deployment }: { readonly endpoint: string; readonly deployment: string }) {
  const query = useQuery(endpoints.scalings(useWorkspace(), endpoint, deployment));
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            The number was never changed.
          </Text>
        ) : (
          <ol className={classes.steps} aria-label="Changes of the number of replicas" tabIndex={0} style={{ maxHeight: 220, overflow: "auto" }}>
            {items.map((each) => (
              <li key={`${each.at} ${each.after}`} className={classes.step}>
                <Text size="sm" className="fy-num">
                  {each.before} → {each.after}: {each.reason}
                </Text>
                <Text size="xs" c="dimmed">
                  <RelativeTime value={each.at} /> by {each.by}
                </Text>
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

/** How many replicas a deployment has: a number, or between bounds by what they have to do; and how that changed. */
export function ScaleDialog({ endpoint, deployment, onClose }: { readonly endpoint: string; readonly deployment: Deployment; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const form = useScaleForm(deployment);
  const save = useMutation({
    mutationFn: (body: DeploymentScale) => endpoints.scale(workspace, endpoint, deployment.name, body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["endpoints", workspace, endpoint] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} size={560} title={<Text fw={600}>{`Replicas of ${deployment.name}`}</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (form.body) save.mutate(form.body);
        }}
      >
        <Stack gap="md">
          <SegmentedControl
            aria-label="How many replicas"
            data={[
              { value: "default", label: "A fixed number" },
              { value: "target_utilization", label: "By what they have to do" },
            ]}
            value={form.kind}
            onChange={form.setKind}
          />
          {form.kind === "default" ? (
            <NumberInput label="Replicas" max={MOST} {...form.field("count")} />
          ) : (
            <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
              <NumberInput label="At least" max={MOST} {...form.field("least")} />
              <NumberInput label="At most" max={MOST} {...form.field("most")} />
              <NumberInput label="Kept busy" suffix=" %" max={100} {...form.field("busy")} />
              <NumberInput label="One more while P95 is over" suffix=" ms" placeholder="Not looked at" {...form.field("p95")} />
            </SimpleGrid>
          )}
          <Text size="sm" c="dimmed">
            New replicas are ready before they get requests; those taken away answer what they began. No revision is made.
          </Text>
          {save.error && <ErrorPanel error={save.error} />}
          <Changes endpoint={endpoint} deployment={deployment.name} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={form.body === null} loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
