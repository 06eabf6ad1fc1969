import { ActionIcon, Button, Group, Menu, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconDots, IconPencil, IconStar, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { useFlow } from "../../hooks/useFlowDocument";
import { useVariantGraph } from "../../hooks/useVariantGraph";
import { addVariant, deleteVariant, freeVariantId, renameVariant, setDefaultVariant, variantIdProblem, variantPath } from "../../logic/edits/variants";
import type { FlowGraph, GraphNode } from "../../model";

interface MakeVariantProps {
  readonly graph: FlowGraph;
  readonly node: GraphNode;
  readonly onClose: () => void;
  readonly onMade: (id: string) => void;
}

/** The file of a new variant: where it will be, and the text that it begins with; nulls for a node that has none. */
function useNewFile(graph: FlowGraph, node: GraphNode, from: string, id: string) {
  const { paths, text } = useFlow();
  const of = useVariantGraph(graph, node.name, from);
  const source = (of ? of.node.source : node.source) ?? null;
  if (source === null) return { path: null, content: null, off: null };
  const content = text(source);
  return { path: variantPath(source, id, paths), content, off: content === null ? `${source} is on its way.` : null };
}

function aboutNew(first: string | null, path: string | null): string {
  return [first === null ? "" : `What the node is now becomes ${first}.`, path === null ? "" : `Its text is in ${path}.`].filter(Boolean).join(" ");
}

/** Asks for the name of a variant and which one it begins as, and makes it with a file of its own. */
export function MakeVariantDialog({ graph, node, onClose, onMade }: MakeVariantProps) {
  const { editFiles } = useFlow();
  const ids = node.variants ?? [];
  const isFirst = ids.length === 0;
  const [from, setFrom] = useState(isFirst ? "variant_0" : (node.variant ?? ids[0] ?? ""));
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const id = typed ?? freeVariantId(isFirst ? [from] : ids);
  const problem = variantIdProblem(id, isFirst ? [from] : ids);
  const { path, content, off: wait } = useNewFile(graph, node, from, id);
  const off = problem ?? wait;
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`Make a variant of ${node.name}`}</Text>} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (off !== null) return;
          try {
            editFiles(`Make ${id} of ${node.name}`, path === null || content === null ? {} : { [path]: content }, (doc) => {
              addVariant(doc, node.name, id, from, path);
            });
            onMade(id);
            onClose();
          } catch (refused) {
            setError(refused);
          }
        }}
      >
        <Stack gap="md">
          {!isFirst && <Select label="Begins as" data={[...ids]} value={from} allowDeselect={false} onChange={(chosen) => { setFrom(chosen ?? from); }} />}
          <TextInput
            label="Name"
            description={aboutNew(isFirst ? from : null, path)}
            value={id}
            error={typed === null ? null : problem}
            data-autofocus
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
          {error !== null && <ErrorPanel error={error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={off}>
              Make variant
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface VariantMenuProps {
  readonly node: GraphNode;
  readonly id: string;
}

function RenameVariantDialog({ node, id, onClose }: VariantMenuProps & { readonly onClose: () => void }) {
  const { edit } = useFlow();
  const [name, setName] = useState(id);
  const problem = variantIdProblem(name, (node.variants ?? []).filter((each) => each !== id));
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{`Rename ${id}`}</Text>} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem !== null) return;
          edit(`Rename ${id} of ${node.name} to ${name}`, (doc) => {
            renameVariant(doc, node.name, id, name);
          });
          onClose();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Its file keeps its name; so do runs that were made of it."
            value={name}
            error={problem}
            data-autofocus
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={problem}>
              Rename
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function consequence(node: GraphNode, id: string): string {
  const rest = (node.variants ?? []).filter((each) => each !== id);
  if (rest.length === 1) return `${rest[0] ?? ""} is what is left: the node has no variants then. Files stay, and undo brings it back.`;
  return `${node.variant === id ? `${rest[0] ?? ""} is the default then. ` : ""}Its file stays, and undo brings it back.`;
}

/** Rename and delete a variant, or make it the default. */
export function VariantMenu({ node, id }: VariantMenuProps) {
  const { edit, readOnly } = useFlow();
  const [asking, ask] = useState<"rename" | "delete" | null>(null);
  const close = () => {
    ask(null);
  };
  const isOnly = (node.variants ?? []).length < 2;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Change variant ${id}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <GuardedItem
            off={readOnly ?? (node.variant === id ? "It is the default." : null)}
            leftSection={<IconStar size={15} />}
            onClick={() => {
              edit(`Make ${id} the default of ${node.name}`, (doc) => {
                setDefaultVariant(doc, node.name, id);
              });
            }}
          >
            Set as default
          </GuardedItem>
          <GuardedItem off={readOnly} leftSection={<IconPencil size={15} />} onClick={() => { ask("rename"); }}>
            Rename
          </GuardedItem>
          <GuardedItem off={readOnly ?? (isOnly ? "It is the only one." : null)} color="red" leftSection={<IconTrash size={15} />} onClick={() => { ask("delete"); }}>
            Delete
          </GuardedItem>
        </Menu.Dropdown>
      </Menu>
      {asking === "rename" && <RenameVariantDialog node={node} id={id} onClose={close} />}
      <ConfirmDelete
        opened={asking === "delete"}
        onClose={close}
        what={`variant ${id}`}
        consequence={consequence(node, id)}
        onConfirm={async () => {
          edit(`Delete ${id} of ${node.name}`, (doc) => {
            deleteVariant(doc, node.name, id);
          });
          return Promise.resolve();
        }}
      />
    </>
  );
}
