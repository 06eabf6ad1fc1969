import { Button, Group, NumberInput, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { Endpoint } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { allTo, evenSplit, sameSplit, type Split, splitOf, trafficProblem, trafficSum } from "../logic/traffic";
import classes from "./DetailsTab.module.css";
import { TrafficBar } from "./TrafficBar";

interface ShareProps {
  readonly name: string;
  readonly share: number;
  readonly disabled: boolean;
  readonly onShare: (share: number) => void;
  readonly onAll: () => void;
}

function Share({ name, share, disabled, onShare, onAll }: ShareProps) {
  return (
    <div className={classes.share}>
      <Text size="sm" className="fy-truncate" title={name}>
        {name}
      </Text>
      <NumberInput
        aria-label={`Share of ${name} in per cent`}
        size="xs"
        disabled={disabled}
        suffix=" %"
        min={0}
        max={100}
        allowDecimal={false}
        value={share}
        onChange={(value) => {
          onShare(Number(value));
        }}
      />
      <Button size="compact-xs" variant="subtle" color="gray" disabled={disabled} aria-label={`All traffic to ${name}`} onClick={onAll}>
        All
      </Button>
    </div>
  );
}

/** How requests are split between the deployments. Shares sum to 100, or are all 0: then nothing is served. */
export function TrafficEditor({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const { write } = useRights(workspace);
  const names = endpoint.deployments.map((deployment) => deployment.name);
  const saved = splitOf(endpoint.traffic, names);
  const [edited, setEdited] = useState<Split | null>(null);
  const split = edited ?? saved;
  const problem = trafficProblem(split);
  const isChanged = !sameSplit(split, saved);
  const save = useMutation({
    mutationFn: () => endpoints.setTraffic(workspace, endpoint.name, { ...split }),
    onSuccess: (after) => {
      client.setQueryData<Endpoint>(endpoints.get(workspace, endpoint.name).queryKey, after);
      void client.invalidateQueries({ queryKey: endpoints.list(workspace).queryKey, exact: true });
      setEdited(null);
    },
  });
  return (
    <section className={classes.card} aria-label="Traffic">
      <div className={classes.head}>
        <h2 className={classes.title}>Traffic</h2>
        <span className={classes.grow} />
        <TrafficBar endpoint={{ traffic: { ...split } }} />
      </div>
      {names.map((name) => (
        <Share
          key={name}
          name={name}
          share={split[name] ?? 0}
          disabled={!write}
          onShare={(share) => {
            setEdited({ ...split, [name]: share });
          }}
          onAll={() => {
            setEdited(allTo(name, names));
          }}
        />
      ))}
      <div className={classes.sum} aria-live="polite">
        <Text size="sm" c={problem ? "var(--fy-bad)" : "dimmed"}>
          {problem ?? (trafficSum(split) === 0 ? "Nothing is served: every share is 0." : "Sums to 100 %.")}
        </Text>
        {write && names.length > 1 && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => {
              setEdited(evenSplit(names));
            }}
          >
            Split evenly
          </Button>
        )}
      </div>
      {save.error && <ErrorPanel error={save.error} />}
      {isChanged && (
        <Group gap="sm" justify="flex-end">
          <Button
            size="compact-md"
            variant="default"
            onClick={() => {
              setEdited(null);
            }}
          >
            Cancel
          </Button>
          <Button
            size="compact-md"
            disabled={problem !== null}
            loading={save.isPending}
            onClick={() => {
              save.mutate();
            }}
          >
            Save traffic
          </Button>
        </Group>
      )}
    </section>
  );
}
