import { Button, Group, NumberInput, Slider, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { Endpoint } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { allTo, evenSplit, noTraffic, rebalanced, sameSplit, type Split, splitOf, trafficSum } from "../logic/traffic";
import classes from "./DetailsTab.module.css";
import { TrafficBar } from "./TrafficBar";

interface ShareProps {
  readonly name: string;
  readonly share: number;
  /** Off for whoever may not change it. */
  /** Why it cannot be changed; null: it can. */
  readonly why: string | null;
  /** The only deployment: it gets all or nothing. */
  readonly alone: boolean;
  readonly onShare: (share: number) => void;
  readonly onAll: () => void;
}

function Share({ name, share, why, alone, onShare, onAll }: ShareProps) {
  return (
    <div className={classes.share}>
      <Text size="sm" className="fy-truncate" title={name}>
        {name}
      </Text>
      <Slider
        size="sm"
        label={null}
        thumbLabel={`Share of ${name}`}
        min={0}
        max={100}
        step={alone ? 100 : 1}
        disabled={why !== null}
        value={share}
        onChange={onShare}
      />
      <NumberInput
        aria-label={`Share of ${name} in per cent`}
        size="xs"
        disabled={why !== null || alone}
        suffix=" %"
        min={0}
        max={100}
        allowDecimal={false}
        value={share}
        onChange={(value) => {
          onShare(Number(value));
        }}
      />
      <GuardedButton size="compact-xs" variant="subtle" color="gray" off={why ?? (share === 100 ? "It gets all traffic already." : null)} aria-label={`All traffic to ${name}`} onClick={onAll}>
        All
      </GuardedButton>
    </div>
  );
}

interface FootProps {
  readonly names: readonly string[];
  readonly split: Split;
  readonly why: string | null;
  readonly onSplit: (split: Split) => void;
}

function Foot({ names, split, why, onSplit }: FootProps) {
  const nothing = trafficSum(split) === 0;
  return (
    <div className={classes.sum} aria-live="polite">
      <Text size="sm" c={nothing ? "var(--fy-warn)" : "dimmed"}>
        {why ?? (nothing ? "Nothing is served: every share is 0." : names.length > 1 ? "Moving one moves the others: the sum stays 100 %." : "")}
      </Text>
      {why === null && (
        <Group gap={4} wrap="nowrap">
          {names.length > 1 && (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => { onSplit(evenSplit(names)); }}>
              Split evenly
            </Button>
          )}
          {!nothing && (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => { onSplit(noTraffic(names)); }}>
              Stop all
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}

function splitMoved(split: Split, name: string, share: number, alone: boolean): Split {
  return alone ? { [name]: share >= 50 ? 100 : 0 } : rebalanced(split, name, share);
}

/** How requests are split between the deployments: a slider each, which move one another. */
export function TrafficEditor({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const why = whyReadOnly(useRights(workspace));
  const names = endpoint.deployments.map((deployment) => deployment.name);
  const saved = splitOf(endpoint.traffic, names);
  const [edited, setEdited] = useState<Split | null>(null);
  const split = edited ?? saved;
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
          why={why}
          alone={names.length === 1}
          onShare={(share) => {
            setEdited(splitMoved(split, name, share, names.length === 1));
          }}
          onAll={() => {
            setEdited(allTo(name, names));
          }}
        />
      ))}
      <Foot names={names} split={split} why={why} onSplit={setEdited} />
      {save.error && <ErrorPanel error={save.error} />}
      {!sameSplit(split, saved) && (
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
