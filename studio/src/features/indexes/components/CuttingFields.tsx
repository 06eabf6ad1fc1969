import { ActionIcon, Button, Group, NumberInput, SegmentedControl, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { AccessRule } from "@/api/types";
import { cuttingProblem, type Draft, rulesProblem, STRATEGIES } from "../logic/draft";

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

const EXPLAINED = {
  structure: "Cuts at headings, then paragraphs, sentences and words; tables between rows, code between definitions. Best for most documents.",
  tokens: "Cuts windows of one length, wherever they end. For texts that have no structure.",
};

/** How documents are cut into what is found. */
export function CuttingFields({ draft, change }: FieldsProps) {
  const problem = cuttingProblem(draft);
  return (
    <Stack gap="md">
      <div>
        <SegmentedControl
          aria-label="How documents are cut"
          value={draft.strategy}
          onChange={(strategy) => change({ strategy: strategy as Draft["strategy"] })}
          data={Object.entries(STRATEGIES).map(([value, label]) => ({ value, label }))}
        />
        <Text size="sm" c="dimmed" mt={6}>
          {EXPLAINED[draft.strategy]}
        </Text>
      </div>
      <Group gap="md" grow align="flex-start">
        <NumberInput
          label="Most tokens of a chunk"
          description="Short chunks are found exactly, long ones bring more of what stands around. A token is about three quarters of a word."
          min={16}
          value={draft.maxTokens}
          onChange={(value) => change({ maxTokens: Number(value) })}
        />
        <NumberInput
          label="Overlap, in tokens"
          description="So much of the chunk before is repeated, so that a thought that a cut divides is whole in one of both. At most half."
          min={0}
          value={draft.overlap}
          error={problem}
          onChange={(value) => change({ overlap: Number(value) })}
        />
      </Group>
    </Stack>
  );
}

function Rule({ rule, change, remove }: { readonly rule: AccessRule; readonly change: (rule: AccessRule) => void; readonly remove: () => void }) {
  return (
    <Group gap="sm" align="flex-end" wrap="nowrap">
      <TextInput label="Documents below" placeholder="papers/ or nothing for all" style={{ flex: 1 }} value={rule.under} onChange={(event) => change({ ...rule, under: event.currentTarget.value })} />
      <TagsInput label="Found with one of these tags" placeholder={rule.tags.length === 0 ? "Tag, then Enter" : ""} style={{ flex: 1 }} value={[...rule.tags]} onChange={(tags) => change({ ...rule, tags })} />
      <ActionIcon size={36} variant="default" aria-label={`Remove the rule ${rule.under}`} onClick={remove}>
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  );
}

/** Who finds which documents. */
export function AccessFields({ draft: { rules }, change }: FieldsProps) {
  const set = (at: number, rule: AccessRule) => change({ rules: rules.map((each, index) => (index === at ? rule : each)) });
  return (
    <Stack gap="md" align="stretch">
      <Text size="sm" c="dimmed">
        Without a rule everybody here finds everything. The longest path that fits a document counts.
      </Text>
      {rules.map((rule, index) => (
        <Rule key={index} rule={rule} change={(next) => set(index, next)} remove={() => change({ rules: rules.filter((_, each) => each !== index) })} />
      ))}
      {rulesProblem(rules) && (
        <Text size="xs" c="var(--fy-bad)">
          {rulesProblem(rules)}
        </Text>
      )}
      <Button variant="default" size="compact-md" style={{ alignSelf: "flex-start" }} leftSection={<IconPlus size={15} />} onClick={() => change({ rules: [...rules, { under: "", tags: [] }] })}>
        Add a rule
      </Button>
    </Stack>
  );
}
