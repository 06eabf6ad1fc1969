import { Select, Text } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { useState } from "react";
import { models } from "@/api/models";
import type { Model } from "@/api/types";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { Composer, Messages, TalkSettings } from "./components/Talk";
import classes from "./components/Try.module.css";
import { CHAT_START, useChat } from "./hooks/useChat";
import { sampleOf } from "./logic/sample";
import { isUsable } from "./tasks";

const callOf = (model: Model | undefined): string => model?.call ?? model?.name ?? "";

interface SideProps {
  readonly label: string;
  readonly usable: readonly Model[];
  readonly model: Model | undefined;
  readonly onModel: (name: string | null) => void;
  readonly chat: ReturnType<typeof useChat>;
}

function Side({ label, usable, model, onModel, chat }: SideProps) {
  const workspace = useWorkspace();
  return (
    <section className={classes.talk} aria-label={label}>
      <div className={classes.sideHead}>
        <Select aria-label={`Model, ${label.toLowerCase()}`} searchable allowDeselect={false} data={usable.map(({ name, display_name }) => ({ value: name, label: display_name }))} value={model?.name ?? null} onChange={onModel} />
      </div>
      <Messages turns={chat.turns} busy={chat.busy} error={chat.error} workspace={workspace} label={`${label}: ${model?.display_name ?? "no model"}`} />
    </section>
  );
}

function Both({ usable }: { readonly usable: readonly Model[] }) {
  const workspace = useWorkspace();
  const [leftName, setLeft] = useUrlState("left");
  const [rightName, setRight] = useUrlState("right");
  const left = usable.find(({ name }) => name === leftName) ?? usable[0];
  const right = usable.find(({ name }) => name === rightName) ?? usable[1] ?? usable[0];
  const one = useChat(workspace, callOf(left));
  const other = useChat(workspace, callOf(right));
  const [settings, setSettings] = useState(CHAT_START);
  const [draft, setDraft] = useState(() => (left ? sampleOf(left) : ""));
  const busy = one.busy || other.busy;
  const submit = () => {
    const text = draft.trim();
    if (!text || busy) return;
    setDraft("");
    void one.send(text, settings);
    void other.send(text, settings);
  };
  const restart = () => {
    one.clear();
    other.clear();
  };
  if (!left)
    return (
      <EmptyState icon={IconMessages} title="No model answers here yet" text="Pull a model, or make a connection to one that is hosted; then two of them can be asked the same thing here.">
        <ButtonLink to="/w/$workspace/models" params={{ workspace }} search={{ task: "chat-completion" } as never}>
          Models
        </ButtonLink>
      </EmptyState>
    );
  return (
    <div className={classes.chat}>
      <div className={classes.pair}>
        <div className={classes.sides}>
          <Side label="Left" usable={usable} model={left} chat={one} onModel={(name) => { one.clear(); setLeft(name); }} />
          <Side label="Right" usable={usable} model={right} chat={other} onModel={(name) => { other.clear(); setRight(name); }} />
        </div>
        <div className={classes.shared}>
          <Composer draft={draft} setDraft={setDraft} busy={busy} onSend={submit} onStop={() => { one.stop(); other.stop(); }} />
        </div>
        {left === right && (
          <Text size="xs" c="dimmed">
            Both sides are the same model: with a temperature above 0 they show how much its answers vary.
          </Text>
        )}
      </div>
      <TalkSettings settings={settings} change={(part) => setSettings((before) => ({ ...before, ...part }))} onClear={restart} />
    </div>
  );
}

/** The models that can be talked with, those on this machine first: they answer without a key and without a price. */
function talking(items: readonly Model[]): Model[] {
  const usable = items.filter((model) => isUsable(model) && (model.task === "chat-completion" || model.task === "completion"));
  return [...usable.filter(({ state }) => state === "ready"), ...usable.filter(({ state }) => state !== "ready")];
}

/** The same messages to two models, their answers beside each other. */
export function SideBySidePage() {
  const workspace = useWorkspace();
  const list = useQuery(models.list(workspace));
  return (
    <Page>
      <PageHeader title="Try side by side" parent={{ label: "Models", target: linkOptions({ to: "/w/$workspace/models", params: { workspace } }) }} meta="The same messages to two models. Both count as calls of yours and are traced." />
      <Loaded query={list}>{({ items }) => <Both usable={talking(items)} />}</Loaded>
    </Page>
  );
}
