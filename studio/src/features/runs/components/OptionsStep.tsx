import { Button, Chip, Group, NumberInput, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import type { RunDraft } from "../hooks/useRunDraft";
import { variantName } from "../logic/variants";

/** Which variants run side by side; none: the flow with its defaults. */
export function VariantsStep({ draft }: { readonly draft: RunDraft }) {
  if (draft.declared.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {draft.flow === "" ? "Choose a flow first." : "The flow has no variants: it runs as it is."}
      </Text>
    );
  return (
    <Stack gap="sm">
      {draft.declared.map(({ node, defaultId, ids }) => (
        <div key={node}>
          <Group justify="space-between" mb={6}>
            <Text size="sm" fw={500}>
              {node}
            </Text>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => {
                draft.setVariants([...new Set([...draft.variants, ...ids.map((id) => variantName(node, id))])]);
              }}
            >
              All
            </Button>
          </Group>
          <Chip.Group
            multiple
            value={[...draft.variants]}
            onChange={(chosen) => {
              draft.setVariants(chosen);
            }}
          >
            <Group gap={8}>
              {ids.map((id) => (
                <Chip key={id} value={variantName(node, id)} size="xs">
                  {id === defaultId ? `${id} (default)` : id}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </div>
      ))}
      <Text size="xs" c="dimmed">
        {draft.variants.length === 0
          ? "None chosen: the flow runs with its defaults."
          : "Each chosen variant runs over all rows, in this one run, so that they can be compared."}
      </Text>
    </Stack>
  );
}

/** The run's name and limits. */
export function OptionsStep({ draft }: { readonly draft: RunDraft }) {
  const { options, setOptions } = draft;
  return (
    <Stack gap="sm">
      <TextInput
        label="Name"
        placeholder={`${draft.flow || "flow"}-<time>`}
        value={options.name}
        error={draft.nameProblem}
        onChange={(event) => {
          setOptions({ ...options, name: event.currentTarget.value.trim() });
        }}
      />
      <SimpleGrid cols={3} spacing="sm">
        <NumberInput
          label="Rows at once"
          placeholder="16"
          min={1}
          max={1000}
          allowDecimal={false}
          value={options.concurrency}
          onChange={(concurrency) => {
            setOptions({ ...options, concurrency });
          }}
        />
        <NumberInput
          label="Seconds a row"
          placeholder="600"
          min={0.001}
          max={86_400}
          value={options.timeoutS}
          onChange={(timeoutS) => {
            setOptions({ ...options, timeoutS });
          }}
        />
        <NumberInput
          label="Failed rows at most"
          placeholder="any"
          min={0}
          allowDecimal={false}
          value={options.maxFailures}
          onChange={(maxFailures) => {
            setOptions({ ...options, maxFailures });
          }}
        />
      </SimpleGrid>
      <Switch
        label="Replay: take kept results of all nodes where they are there"
        checked={options.replay}
        onChange={(event) => {
          setOptions({ ...options, replay: event.currentTarget.checked });
        }}
      />
    </Stack>
  );
}
