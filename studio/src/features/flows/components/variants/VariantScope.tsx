import { Group, Select } from "@mantine/core";
import { IconGitBranch } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { GuardedButton } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import { useParams } from "@tanstack/react-router";
import { useFlow } from "../../hooks/useFlowDocument";
import { useVariantGraph } from "../../hooks/useVariantGraph";
import type { FlowGraph, GraphNode } from "../../model";
import type { EditorPart } from "../editors/NodeEditors";
import { MakeVariantDialog, VariantMenu } from "./VariantDialogs";
import { VariantProvider } from "./VariantProvider";

interface Shown {
  readonly graph: FlowGraph;
  readonly node: GraphNode;
}

interface VariantScopeProps extends Shown {
  readonly Part: EditorPart;
  /** The editors, for the node as the chosen variant has it. */
  readonly children: (shown: Shown) => ReactNode;
}

function SideBySide({ node }: { readonly node: GraphNode }) {
  const workspace = useWorkspace();
  const { flow = "" } = useParams({ strict: false });
  return (
    <TextLink to="/w/$workspace/flows/$flow" params={{ workspace, flow }} search={{ tab: "variants", of: node.name } as never} size="xs">
      Side by side
    </TextLink>
  );
}

/** The editors of a node: of the variant that is chosen above them, where it has variants. */
export function VariantScope({ graph, node, Part, children }: VariantScopeProps) {
  const { readOnly, main } = useFlow();
  const [chosen, choose] = useUrlState("variant");
  const [isMaking, setMaking] = useState(false);
  const ids = node.variants ?? [];
  const asked = chosen.startsWith(`${node.name}.`) ? chosen.slice(node.name.length + 1) : null;
  const id = ids.find((each) => each === asked) ?? node.variant ?? ids[0] ?? "";
  const shown = useVariantGraph(graph, node.name, id);
  const show = (next: string) => {
    choose(`${node.name}.${next}`);
  };
  if (main?.startsWith("flow.dag.") !== true) return children({ graph, node });
  return (
    <>
      <Part
        title="Variants"
        aside={
          <Group gap="sm" wrap="nowrap">
            {ids.length > 0 && <SideBySide node={node} />}
            <GuardedButton
              size="compact-xs"
              variant="default"
              leftSection={<IconGitBranch size={13} />}
              off={readOnly}
              {...(readOnly === null ? { title: "Another prompt, model or code, to be compared with this" } : {})}
              onClick={() => { setMaking(true); }}
            >
              Make a variant
            </GuardedButton>
          </Group>
        }
      >
        {ids.length > 0 && (
          <Group gap="xs" wrap="nowrap">
            <Select
              size="xs"
              flex={1}
              aria-label={`Variant of ${node.name}`}
              data={ids.map((each) => ({ value: each, label: each === node.variant ? `${each} (default)` : each }))}
              value={id}
              allowDeselect={false}
              onChange={(next) => {
                if (next !== null) show(next);
              }}
            />
            <VariantMenu node={node} id={id} />
          </Group>
        )}
      </Part>
      {shown ? (
        <VariantProvider key={id} node={node.name} id={id}>
          {children(shown)}
        </VariantProvider>
      ) : (
        children({ graph, node })
      )}
      {isMaking && <MakeVariantDialog graph={graph} node={node} onClose={() => { setMaking(false); }} onMade={show} />}
    </>
  );
}
