import { Stack } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { EmptyState } from "@/ui/EmptyState";
import type { Finding } from "../model";
import { FindingRow } from "./FindingRow";

const WEIGHT = { error: 0, warning: 1 } as const;

/** Everything validation found, errors first; each leads to its file and line. */
export function FindingsTab({ flow, findings }: { readonly flow: string; readonly findings: readonly Finding[] }) {
  if (findings.length === 0) {
    return (
      <EmptyState
        icon={IconCircleCheck}
        title="Nothing to mend"
        text="The flow was read and checked: references, sources, types and templates fit together."
      />
    );
  }
  const sorted = [...findings].sort((left, right) => WEIGHT[left.severity] - WEIGHT[right.severity]);
  return (
    <Stack gap={8} maw={960}>
      {sorted.map((finding) => (
        <FindingRow key={`${finding.code} ${finding.file ?? ""} ${finding.line ?? 0} ${finding.message}`} flow={flow} finding={finding} />
      ))}
    </Stack>
  );
}
