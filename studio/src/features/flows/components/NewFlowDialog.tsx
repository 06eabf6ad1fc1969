import { Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { flows } from "@/api/flows";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Loaded } from "@/ui/Loaded";
import { CardsSkeleton } from "@/ui/Skeletons";
import { flowNameProblem, freeName } from "../logic/flowNames";
import type { FlowTemplate } from "../model";
import classes from "./NewFlowDialog.module.css";
import { PURPOSES } from "./words";

interface NewFlowDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly taken: readonly string[];
}

function TemplateCard({ template }: { readonly template: FlowTemplate }) {
  return (
    <Radio.Card value={template.name} className={classes.card} aria-label={template.title}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator mt={2} size="xs" />
        <div>
          <Group gap={8}>
            <Text fw={600}>{template.title}</Text>
            <Text size="xs" c="dimmed">
              {PURPOSES[template.purpose].label}
            </Text>
          </Group>
          <Text size="sm" c="dimmed">
            {template.description}
          </Text>
        </div>
      </Group>
    </Radio.Card>
  );
}

function Form({ templates, taken, onClose }: Omit<NewFlowDialogProps, "opened"> & { readonly templates: readonly FlowTemplate[] }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [template, setTemplate] = useState(templates[0]?.name ?? "standard");
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? freeName(`my-${template}-flow`, taken);
  const problem = flowNameProblem(name, taken);
  const create = useMutation({
    mutationFn: () => flows.create(workspace, { name, template }),
    onSuccess: (flow) => {
      void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey });
      onClose();
      void navigate({ to: "/w/$workspace/flows/$flow", params: { workspace, flow: flow.name } });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null) create.mutate();
      }}
    >
      <Stack gap="md">
        <Radio.Group value={template} onChange={setTemplate} label="Template">
          <Stack gap="sm" mt={4}>
            {templates.map((each) => (
              <TemplateCard key={each.name} template={each} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label="Name"
          description="Also the name of its folder."
          value={name}
          error={typed === null ? null : problem}
          data-autofocus
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
        {create.error && <ErrorPanel error={create.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={problem !== null}>
            Create flow
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Makes a flow from a template, and opens it. */
export function NewFlowDialog({ opened, onClose, taken }: NewFlowDialogProps) {
  const workspace = useWorkspace();
  const templates = useQuery({ ...flows.templates(workspace), enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>New flow</Text>} size={560}>
      <Loaded query={templates} skeleton={<CardsSkeleton count={3} height={64} />}>
        {({ items }) => <Form templates={items} taken={taken} onClose={onClose} />}
      </Loaded>
    </Modal>
  );
}
