import { Group, Text } from "@mantine/core";
import type { Offer } from "../../logic/flowReferences";

/** A reference to choose, with its type and its value in the last run. */
export function OfferOption({ value, offers }: { readonly value: string; readonly offers: readonly Offer[] }) {
  const offer = offers.find((each) => each.value === value);
  return (
    <div style={{ flex: 1, minWidth: 0 }}>
      <Group justify="space-between" gap={8} wrap="nowrap">
        <Text span ff="monospace" fz={12} style={{ overflowWrap: "anywhere" }}>
          {value}
        </Text>
        <Text span fz={11} c="dimmed">
          {offer?.type}
        </Text>
      </Group>
      {offer && offer.seen !== "" && (
        <Text fz={11} c="dimmed" truncate>
          {offer.seen}
        </Text>
      )}
    </div>
  );
}
