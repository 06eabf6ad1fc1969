import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { Deployment, DeploymentScale } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { readScale, scaleDraft } from "../logic/scale";
import classes from "./DetailsTab.module.css";
import { ScaleFields } from "./ScaleFields";

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
                  {each.before === each.after ? each.after : `${each.before} → ${each.after}`}: {each.reason}
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
  const [draft, setDraft] = useState(() => scaleDraft(deployment.instances ?? deployment.instance_count, deployment.settings?.scale));
  const read = readScale(draft);
  const body: DeploymentScale | null = read && (read.scale.type === "default" ? { instance_count: read.count, scale: read.scale } : { scale: read.scale });
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
          if (body) save.mutate(body);
        }}
      >
        <Stack gap="md">
          <ScaleFields
            draft={draft}
            onChange={(change) => {
              setDraft((before) => ({ ...before, ...change }));
            }}
          />
          <Text size="sm" c="dimmed">
            New replicas are ready before they get requests; those taken away answer what they began. No revision is made.
          </Text>
          {save.error && <ErrorPanel error={save.error} />}
          <Changes endpoint={endpoint} deployment={deployment.name} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={body === null ? "A field is empty or cannot be read: fill it in first." : null} loading={save.isPending}>
              Save
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
