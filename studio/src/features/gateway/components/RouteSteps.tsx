import { Autocomplete, Checkbox, Group, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Switch, TagsInput, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { GuardedButton, GuardedIcon } from "@/ui/GuardedButton";
import { type RouteDraft, sharesOf, targetsProblem } from "../logic/routeDraft";
import classes from "./Gateway.module.css";

export interface StepProps {
  readonly draft: RouteDraft;
  /** Why nothing can be changed; null: it can. */
  readonly locked: string | null;
  readonly onChange: (change: Partial<RouteDraft>) => void;
}

/** The models and their weights. `known` are offered; any other can be typed. */
export function ModelsStep({ draft, locked, onChange, known }: StepProps & { readonly known: readonly string[] }) {
  const shares = sharesOf(draft.targets);
  const problem = targetsProblem(draft);
  const change = (id: number, values: Partial<RouteDraft["targets"][number]>): void => {
    onChange({ targets: draft.targets.map((target) => (target.id === id ? { ...target, ...values } : target)) });
  };
  return (
    <Stack gap={8}>
      <Text size="sm" c="dimmed">
        As a request names them: a model of the catalog, &lt;connection&gt;/&lt;model&gt;, or endpoint:&lt;name&gt;.
      </Text>
      {draft.targets.map((target, index) => (
        <div key={target.id} className={classes.target}>
          <Autocomplete
            aria-label={`Model ${index + 1}`}
            placeholder="openai/gpt-4o-mini"
            data={[...known]}
            limit={20}
            disabled={locked !== null}
            value={target.model}
            onChange={(model) => {
              change(target.id, { model });
            }}
          />
          <NumberInput
            aria-label={`Weight of model ${index + 1}`}
            min={0}
            allowDecimal={false}
            disabled={locked !== null}
            value={target.weight}
            onChange={(weight) => {
              change(target.id, { weight });
            }}
          />
          <span className={classes.share}>{shares[index] ?? 0} %</span>
          <GuardedIcon
            mt={2}
            label={`Remove model ${index + 1}`}
            off={locked ?? (draft.targets.length === 1 ? "A route needs one model." : null)}
            onClick={() => {
              onChange({ targets: draft.targets.filter(({ id }) => id !== target.id) });
            }}
          >
            <IconX size={15} />
          </GuardedIcon>
        </div>
      ))}
      <Group justify="space-between">
        <GuardedButton
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          off={locked ?? (draft.targets.length >= 20 ? "A route has at most 20 models." : null)}
          onClick={() => {
            onChange({ targets: [...draft.targets, { id: Math.max(...draft.targets.map(({ id }) => id)) + 1, model: "", weight: 1 }] });
          }}
        >
          Add a model
        </GuardedButton>
        {problem !== null && (
          <Text size="sm" c="dimmed">
            {problem}
          </Text>
        )}
      </Group>
    </Stack>
  );
}

interface NumberFieldProps extends StepProps {
  readonly name: "attempts" | "backoffS" | "timeoutS" | "errors" | "windowS" | "openS" | "ttlS" | "share";
  readonly label: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
  readonly placeholder?: string;
}

function NumberField({ draft, locked, onChange, name, label, unit, min = 0, max = 86_400, whole = false, placeholder = "" }: NumberFieldProps) {
  return (
    <NumberInput
      label={label}
      min={min}
      max={max}
      allowDecimal={!whole}
      suffix={unit === undefined ? "" : ` ${unit}`}
      placeholder={placeholder}
      disabled={locked !== null}
      value={draft[name]}
      onChange={(value) => {
        onChange({ [name]: value });
      }}
    />
  );
}

/** What happens when a model fails. */
export function FailureStep(props: StepProps & { readonly known: readonly string[] }) {
  const { draft, locked, onChange, known } = props;
  return (
    <Stack gap={12}>
      <TagsInput
        label="Falls back to"
        description="Tried in this order when the chosen one fails."
        placeholder={draft.fallbacks.length === 0 ? "None" : ""}
        data={[...known]}
        disabled={locked !== null}
        value={[...draft.fallbacks]}
        onChange={(fallbacks) => {
          onChange({ fallbacks });
        }}
      />
      <Select
        label="Tried again after"
        data={[
          { value: "unreached", label: "calls that never reached a model (safe: no work is done twice)" },
          { value: "always", label: "timeouts and server errors too (a model may work twice)" },
        ]}
        allowDeselect={false}
        disabled={locked !== null}
        value={draft.retryOn}
        onChange={(value) => {
          onChange({ retryOn: value === "always" ? "always" : "unreached" });
        }}
      />
      <SimpleGrid cols={3} spacing="md" verticalSpacing={12}>
        <NumberField {...props} name="attempts" label="Tries of each" min={1} max={10} whole />
        <NumberField {...props} name="backoffS" label="Pause between" unit="s" />
        <NumberField {...props} name="timeoutS" label="Whole call within" unit="s" placeholder="No bound" />
        <NumberField {...props} name="errors" label="Breaker opens at" unit="errors" min={1} whole />
        <NumberField {...props} name="windowS" label="within" unit="s" />
        <NumberField {...props} name="openS" label="and stays open for" unit="s" />
      </SimpleGrid>
    </Stack>
  );
}

/** Whether answers are kept. */
export function CacheStep(props: StepProps) {
  const { draft, locked, onChange } = props;
  return (
    <Stack gap={12}>
      <Switch
        label="Answer the same request from what was kept"
        checked={draft.cached}
        disabled={locked !== null}
        onChange={(event) => {
          onChange({ cached: event.currentTarget.checked });
        }}
      />
      {draft.cached && (
        <>
          <SimpleGrid cols={2} spacing="md">
            <NumberField {...props} name="ttlS" label="Kept for" unit="s" min={1} />
            <Select
              label="For whom"
              data={[
                { value: "key", label: "the key that asked" },
                { value: "workspace", label: "everybody of the workspace" },
              ]}
              allowDeselect={false}
              disabled={locked !== null}
              value={draft.scope}
              onChange={(value) => {
                onChange({ scope: value === "workspace" ? "workspace" : "key" });
              }}
            />
          </SimpleGrid>
          <Checkbox
            label="Also answers that are drawn by chance"
            description="Else only requests with temperature 0, and embeddings."
            checked={draft.sampled}
            disabled={locked !== null}
            onChange={(event) => {
              onChange({ sampled: event.currentTarget.checked });
            }}
          />
        </>
      )}
    </Stack>
  );
}

const LOGGING = [
  { value: "all", label: "All" },
  { value: "sample", label: "A share" },
  { value: "metadata", label: "No texts" },
  { value: "none", label: "No spans" },
] as const;

/** What spans keep of the calls. */
export function LoggingStep(props: StepProps) {
  const { draft, locked, onChange } = props;
  return (
    <Stack gap={12}>
      <SegmentedControl
        aria-label="What spans keep"
        data={LOGGING.map((each) => ({ ...each }))}
        disabled={locked !== null}
        value={draft.logging}
        onChange={(value) => {
          onChange({ logging: LOGGING.find((each) => each.value === value)?.value ?? "all" });
        }}
      />
      {draft.logging === "sample" && <NumberField {...props} name="share" label="Share of the traces whose texts are kept" unit="%" max={100} />}
      {draft.logging === "none" && (
        <Text size="sm" c="var(--fy-warn)">
          Calls are counted in /metrics alone: Usage, traces and costs know nothing of them.
        </Text>
      )}
    </Stack>
  );
}
