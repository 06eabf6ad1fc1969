import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustments } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { indexes } from "@/api/indexes";
import type { IndexVersion } from "@/api/types";
import { useRights } from "@/api/useRights";
import { formatExact } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { TuningForm } from "./TuningForm";
import { TuningReport } from "./TuningReport";

/** The searches over an index's configurations: one is begun, and what was found is shown. */
export function TuningTab({ version }: { readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const [chosen, choose] = useUrlState("tuning");
  const [running] = useUrlState("tuning-job");
  const [open, { toggle }] = useDisclosure(running !== "");
  const query = useQuery({ ...indexes.tunings(workspace, version.name), enabled: write });
  if (!write)
    return (
      <Text size="sm" c="dimmed">
        A search over configurations cuts every document anew, so it is for whoever may change indexes.
      </Text>
    );
  return (
    <Stack gap="lg">
      <Loaded query={query}>
        {({ items }) => {
          const ended = items.filter(({ status }) => status === "completed");
          const shown = ended.find(({ id }) => id === chosen) ?? ended[0];
          if (shown === undefined)
            return (
              <>
                <TuningForm key={version.version} version={version} />
                <EmptyState
                  icon={IconAdjustments}
                  title="No search yet"
                  text="Ways of cutting, kinds of search, weights, reranking and how much a model is given are tried on a question set, many on few questions and the better ones on more. The report has what is best for its cost, what mattered, and what may be noise."
                />
              </>
            );
          return (
            <>
              <Group align="end" gap="sm">
                <Button variant="default" leftSection={<IconAdjustments size={16} />} aria-expanded={open} onClick={toggle}>
                  New search
                </Button>
                {ended.length > 1 && (
                  <Select
                    label="Search"
                    w={360}
                    data={ended.map((each) => ({ value: each.id, label: `Version ${each.version}, ${formatExact(each.started_at)}, ${String(each.configurations ?? 0)} configurations` }))}
                    value={shown.id}
                    allowDeselect={false}
                    onChange={choose}
                  />
                )}
              </Group>
              {open && <TuningForm key={version.version} version={version} />}
              <TuningReport key={shown.id} tuning={shown} />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}
