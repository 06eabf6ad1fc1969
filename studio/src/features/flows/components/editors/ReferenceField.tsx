import type { ReactNode } from "react";
import { useOffers } from "../../hooks/useLastRun";
import { matching } from "../../logic/flowReferences";
import { OfferOption } from "./OfferOption";
import { Saved } from "./Saved";

interface ReferenceFieldProps {
  readonly label: string;
  /** The node whose input it is; null: an output of the flow. */
  readonly node: string | null;
  readonly saved: string;
  readonly placeholder?: string;
  readonly description?: ReactNode;
  readonly onSave: (text: string) => string | null;
}

/** A value or a reference: `$` completes what there is to refer to, with its type and its value in the last run. */
export function ReferenceField({ node, ...props }: ReferenceFieldProps) {
  const offers = useOffers(node);
  return (
    <Saved
      flex={1}
      miw={0}
      {...props}
      data={(typed) => matching(offers, typed ?? "").map(({ value }) => value)}
      renderOption={({ option }) => <OfferOption value={option.value} offers={offers} />}
      comboboxProps={{ width: "max-content", position: "bottom-start", middlewares: { flip: true, shift: true } }}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" }, dropdown: { minWidth: 240, maxWidth: 480 } }}
      maxDropdownHeight={280}
    />
  );
}
