import { Button, Group, Modal, Radio, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { flows } from "@/api/flows";
import { indexes } from "@/api/indexes";
import type { PathFile } from "@/api/parts";
import { nameOfAll } from "@/lib/files";
import { useWorkspace } from "@/lib/workspace";
import { zipOf } from "@/lib/zip";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { FilesField } from "@/ui/FilesField";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { CardsSkeleton } from "@/ui/Skeletons";
import { flowNameProblem, freeName } from "../logic/flowNames";
import type { Flow, FlowTemplate } from "../model";
import { FlowPicture } from "./FlowPicture";
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
      <div className={classes.frame}>
        <FlowPicture graph={{ nodes: template.nodes ?? [], edges: template.edges ?? [] }} />
      </div>
      <Group gap={8} wrap="nowrap">
        <Radio.Indicator size="xs" />
        <Text fw={600} size="sm">
          {template.title}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {PURPOSES[template.purpose].label}
        {template.needs === "index" && " · needs an index"}
      </Text>
      <Text size="xs">{template.description}</Text>
    </Radio.Card>
  );
}

interface MakeProps extends Omit<NewFlowDialogProps, "opened"> {
  /** What the name is made from until one is typed. */
  readonly suggestion: string;
  /** Why the flow cannot be made yet; null: it can. */
  readonly missing: string | null;
  readonly button: string;
  readonly make: (name: string) => Promise<Flow>;
  readonly children: ReactNode;
}

/** What all ways to make a flow share: a name, and opening the flow that was made. */
function Make({ suggestion, missing, button, make, taken, onClose, children }: MakeProps) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  // The dialog looks for what has the focus when it opens; this comes once the templates are there.
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const name = typed ?? freeName(suggestion, taken);
  const problem = flowNameProblem(name, taken);
  const create = useMutation({
    mutationFn: () => make(name),
    onSuccess: (flow) => {
      void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey });
      onClose();
      void navigate({ to: "/w/$workspace/flows/$flow", params: { workspace, flow: flow.name } });
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null && missing === null) create.mutate();
      }}
    >
      <div className={classes.choice}>{children}</div>
      <Stack gap="md" className={classes.foot ?? ""}>
        <TextInput
          label="Name"
          description="Also the name of its folder."
          value={name}
          error={typed === null ? null : problem}
          ref={box}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
        {create.error && <ErrorPanel error={create.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <GuardedButton type="submit" loading={create.isPending} off={problem ?? missing}>
            {button}
          </GuardedButton>
        </Group>
      </Stack>
    </form>
  );
}

function IndexChoice({ value, onChange }: { readonly value: string | null; readonly onChange: (index: string | null) => void }) {
  const workspace = useWorkspace();
  const found = useQuery(indexes.list(workspace));
  const names = found.data?.map((index) => index.name) ?? [];
  return (
    <Select
      label="Index"
      description={found.data && names.length === 0 ? "There is no index yet: make one under Indexes, or name it later in the flow." : "The documents that the flow answers from."}
      placeholder="Choose an index"
      data={names}
      value={value}
      clearable
      onChange={onChange}
    />
  );
}

function FromTemplate({ templates, ...props }: Omit<NewFlowDialogProps, "opened"> & { readonly templates: readonly FlowTemplate[] }) {
  const workspace = useWorkspace();
  const [template, setTemplate] = useState(templates[0]?.name ?? "standard");
  const [index, setIndex] = useState<string | null>(null);
  const needsIndex = templates.find((each) => each.name === template)?.needs === "index";
  return (
    <Make
      {...props}
      suggestion={`my-${template}-flow`}
      missing={null}
      button="Create flow"
      make={(name) => flows.create(workspace, { name, template, ...(needsIndex && index !== null ? { index } : {}) })}
    >
      <Radio.Group value={template} onChange={setTemplate} label="Template">
        <SimpleGrid cols={3} spacing="sm" mt={4}>
          {templates.map((each) => (
            <TemplateCard key={each.name} template={each} />
          ))}
        </SimpleGrid>
      </Radio.Group>
      {needsIndex && <IndexChoice value={index} onChange={setIndex} />}
    </Make>
  );
}

function folderName(files: readonly PathFile[]): string {
  return nameOfAll(files).replace(/\.zip$/i, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "my-flow";
}

function isArchive(files: readonly PathFile[]): boolean {
  return files.length === 1 && /\.zip$/i.test(files[0]?.path ?? "");
}

function FromFiles(props: Omit<NewFlowDialogProps, "opened">) {
  const workspace = useWorkspace();
  const [files, setFiles] = useState<readonly PathFile[]>([]);
  return (
    <Make
      key={nameOfAll(files)}
      {...props}
      suggestion={folderName(files)}
      missing={files.length === 0 ? "Choose a flow’s folder or a zip archive of it first." : null}
      button="Import flow"
      make={async (name) => flows.importArchive(workspace, name, isArchive(files) && files[0] ? files[0].file : await zipOf(files))}
    >
      <FilesField
        files={files}
        off={false}
        hint="A flow’s folder with flow.dag.yaml, flow.flex.yaml or a .prompty file, or a zip archive of it: an export of this studio, of prompt flow or of Azure ML."
        onFiles={setFiles}
      />
    </Make>
  );
}

/** Makes a flow from a template, or of a folder or archive, and opens it. */
export function NewFlowDialog({ opened, onClose, taken }: NewFlowDialogProps) {
  const workspace = useWorkspace();
  const [way, setWay] = useState("template");
  const templates = useQuery({ ...flows.templates(workspace), enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>New flow</Text>} size={860} yOffset={24}>
      <Stack gap="md">
        <SegmentedControl
          aria-label="How to begin"
          data={[
            { value: "template", label: "From a template" },
            { value: "files", label: "Import a folder or zip" },
          ]}
          value={way}
          onChange={setWay}
        />
        {way === "files" ? (
          <FromFiles onClose={onClose} taken={taken} />
        ) : (
          <Loaded query={templates} skeleton={<CardsSkeleton count={3} height={64} />}>
            {({ items }) => <FromTemplate templates={items} taken={taken} onClose={onClose} />}
          </Loaded>
        )}
      </Stack>
    </Modal>
  );
}
