import { Button, Group, NumberInput, Select, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { Endpoint } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import classes from "./DetailsTab.module.css";

const MOST_PER_CENT = 50;
const FIRST_PER_CENT = 10;

interface Mirror {
  readonly name: string | null;
  readonly share: number;
}

function mirrorOf(endpoint: Endpoint): Mirror {
  const [name, share] = Object.entries(endpoint.mirror_traffic ?? {})[0] ?? [null, FIRST_PER_CENT];
  return { name, share };
}

interface FieldsProps {
  readonly names: readonly string[];
  readonly mirror: Mirror;
  readonly locked: boolean;
  readonly onChange: (mirror: Mirror) => void;
}

function Fields({ names, mirror, locked, onChange }: FieldsProps) {
  return (
    <Group gap={8} wrap="nowrap">
      <Select
        aria-label="Deployment that gets copies"
        flex={1}
        size="xs"
        placeholder="None"
        clearable
        disabled={locked}
        data={[...names]}
        value={mirror.name}
        onChange={(name) => {
          onChange({ ...mirror, name });
        }}
      />
      <NumberInput
        aria-label="Copies in per cent of the requests"
        w={96}
        size="xs"
        suffix=" %"
        min={1}
        max={MOST_PER_CENT}
        clampBehavior="strict"
        allowDecimal={false}
        disabled={locked || mirror.name === null}
        value={mirror.share}
        onChange={(value) => {
          onChange({ ...mirror, share: Number(value) });
        }}
      />
    </Group>
  );
}

function Words({ endpoint, names }: { readonly endpoint: Endpoint; readonly names: readonly string[] }) {
  const workspace = useWorkspace();
  const { name } = mirrorOf(endpoint);
  return (
    <Text size="sm" c="dimmed">
      {names.length === 0 && name === null
        ? "A deployment that takes no traffic can get copies of real requests before it serves any. Add one first."
        : "Copies of real requests, whose answers go to nobody: what the new one would have said, and how fast."}{" "}
      {name !== null && (
        <TextLink to="/w/$workspace/traces" params={{ workspace }} search={{ q: `endpoint:${endpoint.name} deployment:${name}` } as never} inherit underline="always">
          Its answers
        </TextLink>
      )}
    </Text>
  );
}

/** Which deployment without traffic gets copies of the requests, and of how many. */
export function MirrorEditor({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const why = whyReadOnly(useRights(workspace));
  const saved = mirrorOf(endpoint);
  const [edited, setEdited] = useState<Mirror | null>(null);
  const mirror = edited ?? saved;
  const names = endpoint.deployments.map(({ name }) => name).filter((name) => (endpoint.traffic[name] ?? 0) === 0);
  const changed = mirror.name !== saved.name || (mirror.name !== null && mirror.share !== saved.share);
  const save = useMutation({
    mutationFn: () => endpoints.update(workspace, endpoint.name, { mirror_traffic: mirror.name === null ? {} : { [mirror.name]: mirror.share } }),
    onSuccess: (after) => {
      client.setQueryData<Endpoint>(endpoints.get(workspace, endpoint.name).queryKey, after);
      setEdited(null);
    },
  });
  return (
    <section className={classes.card} aria-label="Mirrored traffic">
      <h2 className={classes.title}>Mirrored traffic</h2>
      <Words endpoint={endpoint} names={names} />
      {(names.length > 0 || saved.name !== null) && <Fields names={names} mirror={mirror} locked={why !== null} onChange={setEdited} />}
      {save.error && <ErrorPanel error={save.error} />}
      {changed && (
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
          <GuardedButton
            size="compact-md"
            off={why ?? (mirror.name !== null && mirror.share < 1 ? `1 to ${MOST_PER_CENT} per cent of the requests can be copied.` : null)}
            loading={save.isPending}
            onClick={() => {
              save.mutate();
            }}
          >
            Save mirroring
          </GuardedButton>
        </Group>
      )}
    </section>
  );
}
