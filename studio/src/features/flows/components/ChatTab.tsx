import { Button, Select, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { callableModels } from "@/api/inference";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { InputsForm } from "@/ui/inputs/InputsForm";
import { Panel, Section, Split } from "@/ui/Panel";
import { useAsk } from "../hooks/useAsk";
import { useChat } from "../hooks/useChat";
import { useConversations } from "../hooks/useConversations";
import { type InputsDraft, useInputsDraft } from "../hooks/useInputsDraft";
import type { ChatShape, ChatTurn } from "../logic/chat";
import { fieldOf } from "../logic/inputs";
import { AS_IS, modelSides, type Side, variantSides } from "../logic/sides";
import type { FlowGraph } from "../model";
import classes from "./ChatTab.module.css";
import { Composer } from "./chat/Composer";
import { ConversationsMenu } from "./chat/ConversationsMenu";
import { Opening } from "./chat/Opening";
import { Turns } from "./chat/Turns";

interface ChatTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly shape: ChatShape;
}

/** The sides that can answer: the flow as it is, its variants, and other models. */
function useSides(graph: FlowGraph): readonly { readonly group: string; readonly items: readonly Side[] }[] {
  const workspace = useWorkspace();
  const { invoke } = useRights(workspace);
  const models = useQuery({ ...callableModels(workspace), enabled: invoke });
  return useMemo(
    () => [
      { group: "Flow", items: [AS_IS] },
      { group: "Variants", items: variantSides(graph) },
      { group: "Models", items: modelSides(graph, models.data ?? []) },
    ],
    [graph, models.data],
  );
}

interface SideSelectProps {
  readonly label: string;
  readonly sides: ReturnType<typeof useSides>;
  readonly value: string;
  readonly onChange: (key: string | null) => void;
}

const FLOW_ITSELF = "flow";

function SideSelect({ label, sides, value, onChange }: SideSelectProps) {
  return (
    <Select
      size="xs"
      w={220}
      aria-label={label}
      searchable
      allowDeselect={false}
      data={sides.filter(({ items }) => items.length > 0).map(({ group, items }) => ({ group, items: items.map(({ key, label: name }) => ({ value: key === "" ? FLOW_ITSELF : key, label: name })) }))}
      value={value === "" ? FLOW_ITSELF : value}
      onChange={(chosen) => {
        onChange(chosen === FLOW_ITSELF ? "" : chosen);
      }}
    />
  );
}

/** What a key of the address stands for; the flow as it is for what is not offered. */
function useSide(sides: ReturnType<typeof useSides>, key: string): Side {
  return useMemo(() => sides.flatMap(({ items }) => items).find((each) => each.key === key) ?? AS_IS, [sides, key]);
}

interface TalkProps extends ChatTabProps {
  readonly inputs: InputsDraft;
}

/** One conversation, or two that are asked the same beside each other. */
function Talk({ flow, graph, shape, inputs }: TalkProps) {
  const workspace = useWorkspace();
  const address = useMemo(() => ({ workspace, flow }), [workspace, flow]);
  const off = whyReadOnly(useRights(workspace));
  const sides = useSides(graph);
  const [firstKey, chooseFirst] = useUrlState("answers");
  const [secondKey, chooseSecond] = useUrlState("against");
  const isCompared = secondKey !== "";
  const first = useSide(sides, firstKey);
  const second = useSide(sides, secondKey === FLOW_ITSELF ? "" : secondKey);
  const chat = useChat(address, shape, first.changes);
  const other = useChat(address, shape, second.changes);
  // What the other side said belongs to the conversation that is shown.
  const both = { ...chat, open: (turns: readonly ChatTurn[]) => { other.open([]); chat.open(turns); } };
  const chats = isCompared ? [chat, other] : [chat];
  const ask = useAsk(chats, inputs);
  const opening = <Opening flow={flow} graph={graph} shape={shape} off={off} onAsk={(question) => { ask({ text: question, images: [] }); }} />;
  const conversations = useConversations(`flowyard-conversations/${workspace}/${flow}`, both);
  return (
    <div className={classes.chat}>
      <div className={classes.bar}>
        <ConversationsMenu conversations={conversations} />
        {chat.turns.length > 0 && (
          <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={conversations.begin}>
            New conversation
          </Button>
        )}
        <span style={{ flex: 1 }} />
        <SideSelect label="Who answers" sides={sides} value={firstKey} onChange={chooseFirst} />
        {isCompared && <SideSelect label="Beside" sides={sides} value={secondKey === FLOW_ITSELF ? "" : secondKey} onChange={(key) => { chooseSecond(key === null || key === "" ? FLOW_ITSELF : key); }} />}
        <Button size="compact-sm" variant="default" onClick={() => { other.open([]); chooseSecond(isCompared ? null : FLOW_ITSELF); }}>
          {isCompared ? "One side" : "Compare"}
        </Button>
      </div>
      <div className={classes.sides} data-compared={isCompared || undefined}>
        <Turns flow={flow} chat={chat} shape={shape} off={off} opening={opening} {...(isCompared ? { label: first.label } : {})} />
        {isCompared && <Turns flow={flow} chat={other} shape={shape} off={off} opening={null} label={second.label} />}
      </div>
      <Composer chats={chats} inputs={inputs} shape={shape} off={off} />
    </div>
  );
}

/** Conversations with a chat flow. */
export function ChatTab({ flow, graph, shape }: ChatTabProps) {
  const workspace = useWorkspace();
  const fields = useMemo(() => shape.others.map(fieldOf), [shape]);
  const inputs = useInputsDraft(`flowyard-chat/${workspace}/${flow}`, fields);
  const conversation = <Talk flow={flow} graph={graph} shape={shape} inputs={inputs} />;
  if (fields.length === 0) return <div className={classes.frame}>{conversation}</div>;
  return (
    <Split
      label="Other inputs"
      width={340}
      main={conversation}
      side={
        <Panel head={<Text fw={600}>Other inputs</Text>}>
          <Section title="Sent with every message">
            <InputsForm fields={fields} draft={inputs.draft} errors={inputs.errors} onChange={inputs.set} />
          </Section>
        </Panel>
      }
    />
  );
}
