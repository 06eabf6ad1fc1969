import { Badge, Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconGitBranch, IconPlayerPlay, IconPlayerStop, IconTable } from "@tabler/icons-react";
import { type ComponentProps, useMemo, useState } from "react";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { GuardedButton } from "@/ui/GuardedButton";
import { InputsForm } from "@/ui/inputs/InputsForm";
import { ButtonLink } from "@/ui/links";
import { useFlow } from "../../hooks/useFlowDocument";
import { useTestRun } from "../../hooks/useFlowRun";
import { useVariantGraph } from "../../hooks/useVariantGraph";
import { useVariantRuns, type VariantRuns } from "../../hooks/useVariantRuns";
import { variantName } from "../../logic/edits/variants";
import { fieldOf } from "../../logic/inputs";
import type { TestRun } from "../../logic/testRun";
import type { FlowGraph, GraphNode } from "../../model";
import { type EditorPart, NodeEditors } from "../editors/NodeEditors";
import { MakeVariantDialog, VariantMenu } from "./VariantDialogs";
import { VariantDiff } from "./VariantDiff";
import { VariantProvider } from "./VariantProvider";
import { VariantResult } from "./VariantResult";
import classes from "./VariantsTab.module.css";

interface VariantsTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
}

interface OfNode extends VariantsTabProps {
  readonly node: GraphNode;
}

function Part({ title, aside, children }: ComponentProps<EditorPart>) {
  return (
    <section>
      <div className={classes.partHead}>
        <h3 className={classes.part}>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

function Column({ flow, graph, node, id, run }: OfNode & { readonly id: string; readonly run: TestRun | undefined }) {
  const shown = useVariantGraph(graph, node.name, id);
  const isDefault = node.variant === id;
  return (
    <article className={classes.column} aria-label={`Variant ${id}`} data-default={isDefault || undefined}>
      <header className={classes.head}>
        <h2 className={classes.name}>{id}</h2>
        {isDefault && (
          <Badge size="sm" variant="light" tt="none">
            default
          </Badge>
        )}
        <span style={{ flex: 1 }} />
        <VariantMenu node={node} id={id} />
      </header>
      <div className={classes.body}>
        {run && <VariantResult flow={flow} run={run} />}
        {shown && (
          <VariantProvider node={node.name} id={id}>
            <NodeEditors flow={flow} {...shown} Part={Part} />
          </VariantProvider>
        )}
      </div>
    </article>
  );
}

function RunAll({ flow, graph, node, runs }: OfNode & { readonly runs: VariantRuns }) {
  const workspace = useWorkspace();
  const { save } = useFlow();
  const { inputs, off } = useTestRun();
  const fields = useMemo(() => graph.inputs.map(fieldOf), [graph.inputs]);
  const ids = node.variants ?? [];
  const begin = () => {
    const values = inputs.read();
    if (values !== null) void save().then(() => { runs.start(node.name, ids, values); });
  };
  return (
    <Stack gap="sm">
      {fields.length > 0 && <InputsForm fields={fields} draft={inputs.draft} errors={inputs.errors} disabled={runs.busy} onChange={inputs.set} />}
      <Group gap="sm">
        {runs.busy ? (
          <Button size="compact-md" variant="default" leftSection={<IconPlayerStop size={15} />} onClick={runs.stop}>
            Stop
          </Button>
        ) : (
          <GuardedButton size="compact-md" leftSection={<IconPlayerPlay size={15} />} off={off} onClick={begin}>
            {`Run all ${String(ids.length)}`}
          </GuardedButton>
        )}
        <ButtonLink
          to="/w/$workspace/runs/new"
          params={{ workspace }}
          search={{ flow, variants: ids.map((id) => variantName(node.name, id)).join(",") } as never}
          size="compact-md"
          variant="default"
          leftSection={<IconTable size={15} />}
        >
          Run on data
        </ButtonLink>
        <Text size="xs" c="dimmed">
          One after the other, each with these inputs.
        </Text>
      </Group>
    </Stack>
  );
}

function Variants({ flow, graph, node }: OfNode) {
  const runs = useVariantRuns(flow);
  const [view, setView] = useUrlState("view", "edit");
  return (
    <Stack gap="md">
      <RunAll flow={flow} graph={graph} node={node} runs={runs} />
      <SegmentedControl
        size="xs"
        aria-label="View"
        style={{ alignSelf: "flex-start" }}
        data={[
          { value: "edit", label: "Side by side" },
          { value: "diff", label: "What differs" },
        ]}
        value={view}
        onChange={setView}
      />
      {view === "diff" ? (
        <VariantDiff graph={graph} node={node} />
      ) : (
        <div className={classes.columns} role="group" aria-label={`Variants of ${node.name}`} tabIndex={0}>
          {(node.variants ?? []).map((id) => (
            <Column key={id} flow={flow} graph={graph} node={node} id={id} run={runs.runs[id]} />
          ))}
        </div>
      )}
    </Stack>
  );
}

/** The variants of a node beside each other: edited, compared, and run on the same inputs. */
export function VariantsTab({ flow, graph }: VariantsTabProps) {
  const { readOnly } = useFlow();
  const [of, setOf] = useUrlState("of");
  const [isMaking, setMaking] = useState(false);
  const node = graph.nodes.find(({ name }) => name === of) ?? graph.nodes.find(({ variants }) => (variants ?? []).length > 0) ?? graph.nodes.find(({ kind }) => kind === "llm") ?? graph.nodes[0];
  const hasVariants = (node?.variants ?? []).length > 0;
  const choice = (
    <Group gap="sm" align="flex-end">
      <Select
        size="xs"
        label="Node"
        data={graph.nodes.map(({ name, variants }) => ({ value: name, label: (variants ?? []).length > 0 ? `${name} (${String(variants?.length)})` : name }))}
        value={node?.name ?? null}
        allowDeselect={false}
        onChange={setOf}
      />
      <GuardedButton size="xs" variant={hasVariants ? "default" : "filled"} leftSection={<IconGitBranch size={14} />} off={node ? readOnly : "The flow has no nodes yet."} onClick={() => { setMaking(true); }}>
        Make a variant
      </GuardedButton>
    </Group>
  );
  return (
    <>
      {node && hasVariants ? (
        <Stack gap="md">
          {choice}
          <Variants key={node.name} flow={flow} graph={graph} node={node} />
        </Stack>
      ) : (
        <EmptyState icon={IconGitBranch} title="Try another prompt or model" text="A variant is a node with another prompt, model, parameters or code. All variants run on the same inputs, here or over data; one is the default.">
          {choice}
        </EmptyState>
      )}
      {isMaking && node && <MakeVariantDialog graph={graph} node={node} onClose={() => { setMaking(false); }} onMade={() => { setOf(node.name); }} />}
    </>
  );
}
