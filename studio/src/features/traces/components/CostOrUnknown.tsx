import { Text } from "@mantine/core";
import { Cost } from "@/ui/figures";
import type { Money } from "../model";

interface CostOrUnknownProps {
  readonly trace: { readonly cost?: Money | null; readonly models: readonly string[] };
}

/** What a trace cost. A price that is not known is said so and never shown as 0; where no model ran, nothing is shown. */
export function CostOrUnknown({ trace }: CostOrUnknownProps) {
  if (trace.models.length === 0) return null;
  if (trace.cost) return <Cost value={trace.cost} />;
  return (
    <Text span inherit c="dimmed" title="The price of a model is not known">
      not known
    </Text>
  );
}
