import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { flows } from "@/api/flows";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { CardsSkeleton } from "@/ui/Skeletons";
import { isGiven, isReference, knownOf, makingInputs } from "../logic/toolInputs";
import { Field, type FieldProps } from "./ToolField";
import { useFlow } from "../hooks/useFlowDocument";

type Values = Readonly<Record<string, unknown>>;

interface MakerProps extends FieldProps {
  readonly begun: Values;
  readonly onClose: () => void;
}

/** The fields of what an input is made of. The package makes it; what it gives is what the flow gets. */
function Maker({ flow, node, tool, input, values, begun, onSave, onClose }: MakerProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [draft, setDraft] = useState(begun);
  const all = { ...values, ...draft };
  const fields = makingInputs(tool, input, all);
  const hidden = new Set((tool.inputs ?? []).filter((other) => other.hidden).map((other) => other.name));
  const names = (input.generated_by?.inputs ?? []).filter((name) => !hidden.has(name) || fields.some((field) => field.name === name));
  const make = useMutation({
    mutationFn: () =>
      client.query({
        ...flows.toolValues(workspace, flow, { tool: tool.id, input: input.name, scenario: "generated_by", inputs: knownOf(names, tool, all) }),
        staleTime: 0,
      }),
    onSuccess: ({ result }) => {
      onSave(result);
      onClose();
    },
  });
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <Field
          key={field.name}
          flow={flow}
          node={node}
          tool={tool}
          input={field}
          values={all}
          disabled={make.isPending}
          onSave={(value) => {
            setDraft((before) => ({ ...before, [field.name]: value }));
          }}
        />
      ))}
      {make.error && <ErrorPanel error={make.error} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          loading={make.isPending}
          onClick={() => {
            make.mutate();
          }}
        >
          {`Make ${input.name}`}
        </Button>
      </Group>
    </Stack>
  );
}

/** The dialog of a maker, with what the value so far was made of, where the package can tell. */
function MakerDialog(props: FieldProps & { readonly onClose: () => void }) {
  const { flow, tool, input, values, onClose } = props;
  const workspace = useWorkspace();
  const saved = values[input.name];
  const isReversed = input.generated_by?.is_reversible === true && isGiven(saved) && !isReference(saved);
  const query = useQuery({
    ...flows.toolValues(workspace, flow, { tool: tool.id, input: input.name, scenario: "reverse_generated_by", inputs: { [input.name]: saved } }),
    enabled: isReversed,
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`What ${input.name} is made of`}</Text>}>
      {!isReversed && <Maker {...props} begun={{}} />}
      {isReversed && query.error && (
        <Stack gap="sm">
          <ErrorPanel error={query.error} />
          <Maker {...props} begun={{}} />
        </Stack>
      )}
      {isReversed && !query.error && (
        <Loaded query={query} skeleton={<CardsSkeleton count={2} height={48} />}>
          {({ result }) => <Maker {...props} begun={result as Values} />}
        </Loaded>
      )}
    </Modal>
  );
}

/** An input that its package makes of others: its text, and beside it what it is made of. */
export function GeneratedField(props: FieldProps) {
  const { readOnly } = useFlow();
  const [isOpen, setOpen] = useState(false);
  return (
    <Stack gap={4}>
      <Field {...props} />
      <GuardedButton
        variant="default"
        size="xs"
        style={{ alignSelf: "flex-start" }}
        off={readOnly}
        onClick={() => {
          setOpen(true);
        }}
      >
        {`Choose what ${props.input.name} is made of`}
      </GuardedButton>
      {isOpen && (
        <MakerDialog
          {...props}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </Stack>
  );
}
