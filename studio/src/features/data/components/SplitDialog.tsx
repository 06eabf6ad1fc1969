import { Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/data";
import type { DataAsset } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { JobPanel } from "@/ui/JobPanel";
import { ButtonLink } from "@/ui/links";
import { useStartedJob } from "../hooks/useStartedJob";
import { nameAndVersion, partNames, partsOf, readRatios } from "../logic/splits";

/** Divides the rows of a version among new assets: seeded, and in the same proportions of a column's values where wanted. */
export function SplitDialog({ asset, onClose }: { readonly asset: DataAsset; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const [text, setText] = useState("80/20");
  const [seed, setSeed] = useState(0);
  const [stratify, setStratify] = useState<string | null>(null);
  const look = useInfiniteQuery(data.look(workspace, { name: asset.name, version: asset.version }, 0));
  const ratios = readRatios(text);
  const names = partNames(asset.name, ratios?.length ?? 2);
  const { start, job, problem, going } = useStartedJob(workspace, () => data.split(workspace, { source: asset.reference, ratios: [...(ratios ?? [])], seed, names: [...names], tags: {}, ...(stratify === null ? {} : { stratify }) }));
  const parts = job?.status === "completed" ? partsOf(job.result) : [];
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`Split ${asset.name} ${asset.version}`}</Text>} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ratios && !going) start.mutate();
        }}
      >
        <Stack gap="md">
          <Group gap="md" grow align="flex-start">
            <TextInput label="Shares" description="80/20, 80/10/10 or 0.8,0.2" value={text} error={ratios === null ? "Two to ten shares that add up to 100 or 1." : null} onChange={(event) => setText(event.currentTarget.value)} />
            <NumberInput label="Seed" description="The same gives the same parts" min={0} value={seed} onChange={(value) => setSeed(Number(value) || 0)} />
          </Group>
          <Select label="Same proportions of" description="A column, such as the label." placeholder="No column" clearable searchable data={look.data?.pages[0]?.columns ?? []} value={stratify} onChange={setStratify} />
          <Text size="sm" c="dimmed">
            Makes {names.join(", ")}.
          </Text>
          {start.error && <ErrorPanel error={start.error} />}
          {job && <JobPanel job={job} workspace={workspace} streamProblem={problem} />}
          {parts.length > 0 && (
            <Group gap="sm">
              {parts.map((part) => {
                const [name, version] = nameAndVersion(part.data);
                return (
                  <ButtonLink key={part.data} variant="default" to="/w/$workspace/data/$name" params={{ workspace, name }} search={{ version } as never}>
                    {`${name}, ${formatNumber(part.rows)} rows`}
                  </ButtonLink>
                );
              })}
            </Group>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {parts.length > 0 ? "Close" : "Cancel"}
            </Button>
            <GuardedButton type="submit" off={ratios === null ? "Give shares that add up first." : going ? "It is being split." : parts.length > 0 ? "It has been split." : null} loading={start.isPending}>
              Split
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
