import { Button, Modal, Text } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { traces } from "@/api/traces";
import { formatBytes } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Loaded } from "@/ui/Loaded";
import { DetailSkeleton } from "@/ui/Skeletons";
import type { LargeValue, Span } from "../model";
import classes from "./LargeValues.module.css";
import { LongText } from "./LongText";

function nameOf(span: Span, value: LargeValue): string {
  return value.event == null ? value.name : `${span.events?.[value.event]?.name ?? "event"}: ${value.name}`;
}

function Whole({ span, value }: { readonly span: Span; readonly value: LargeValue }) {
  const query = useQuery(traces.value(useWorkspace(), span, value));
  return (
    <Loaded query={query} skeleton={<DetailSkeleton />}>
      {(text) => <LongText text={text} label={nameOf(span, value)} />}
    </Loaded>
  );
}

/** The values of a span that are here by their beginnings, each with a button that brings the whole. */
export function LargeValues({ span }: { readonly span: Span }) {
  const [open, setOpen] = useState<LargeValue | null>(null);
  const large = span.large ?? [];
  if (large.length === 0) return null;
  return (
    <div className={classes.list}>
      <Text span size="xs" c="dimmed">
        {large.length === 1 ? "Of this value only the beginning is below:" : "Of these values only the beginnings are below:"}
      </Text>
      {large.map((value) => (
        <Button
          key={`${String(value.event ?? "")} ${value.name}`}
          size="compact-xs"
          variant="default"
          leftSection={<IconFileText size={13} />}
          title={`Show the whole of ${nameOf(span, value)}`}
          onClick={() => setOpen(value)}
        >
          {nameOf(span, value)}: show whole value{value.bytes == null ? "" : `, ${formatBytes(value.bytes)}`}
        </Button>
      ))}
      <Modal opened={open !== null} onClose={() => setOpen(null)} title={open && nameOf(span, open)} size="min(1000px, 94vw)">
        {open && <Whole span={span} value={open} />}
      </Modal>
    </div>
  );
}
