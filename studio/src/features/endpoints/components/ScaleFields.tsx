import { NumberInput, SegmentedControl, SimpleGrid } from "@mantine/core";
import type { ScaleDraft } from "../logic/scale";

const MOST = 16;

interface ScaleFieldsProps {
  readonly draft: ScaleDraft;
  readonly onChange: (change: Partial<ScaleDraft>) => void;
}

/** How many replicas: a number, or between bounds by what they have to do. */
export function ScaleFields({ draft, onChange }: ScaleFieldsProps) {
  const field = (name: "count" | "least" | "most" | "busy" | "p95") => ({
    min: 1,
    allowDecimal: false,
    value: draft[name],
    onChange: (value: number | string) => {
      onChange({ [name]: value });
    },
  });
  const crossed = typeof draft.least === "number" && typeof draft.most === "number" && draft.least > draft.most;
  return (
    <>
      <SegmentedControl
        aria-label="How many replicas"
        data={[
          { value: "default", label: "A fixed number" },
          { value: "target_utilization", label: "By what they have to do" },
        ]}
        value={draft.kind}
        onChange={(kind) => {
          onChange({ kind: kind === "target_utilization" ? kind : "default" });
        }}
      />
      {draft.kind === "default" ? (
        <NumberInput label="Replicas" description="Two outlive the loss of one." max={MOST} error={draft.count === "" ? "1 to 16." : null} {...field("count")} />
      ) : (
        <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
          <NumberInput label="At least" max={MOST} error={draft.least === "" ? "1 to 16." : null} {...field("least")} />
          <NumberInput label="At most" max={MOST} error={crossed ? "Not fewer than at least." : draft.most === "" ? "1 to 16." : null} {...field("most")} />
          <NumberInput label="Kept busy" suffix=" %" max={100} error={draft.busy === "" ? "1 to 100." : null} {...field("busy")} />
          <NumberInput label="One more while P95 is over" suffix=" ms" placeholder="Not looked at" {...field("p95")} />
        </SimpleGrid>
      )}
    </>
  );
}
