import { useState } from "react";
import type { Model } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { CHAT_START, useChat } from "../hooks/useChat";
import { sampleOf } from "../logic/sample";
import { Composer, Messages, TalkSettings } from "./Talk";
import classes from "./Try.module.css";

/** A conversation with the model, streamed through the gateway as any client's would be. */
export function ChatTry({ model }: { model: Model }) {
  const workspace = useWorkspace();
  const { turns, busy, error, send, stop, clear } = useChat(workspace, model.call ?? model.name);
  const [settings, setSettings] = useState(CHAT_START);
  const [draft, setDraft] = useState(() => sampleOf(model));
  const submit = () => {
    const text = draft.trim();
    if (!text || busy) return;
    setDraft("");
    void send(text, settings);
  };
  return (
    <div className={classes.chat}>
      <div className={classes.talk}>
        <Messages turns={turns} busy={busy} error={error} workspace={workspace} />
        <Composer draft={draft} setDraft={setDraft} busy={busy} onSend={submit} onStop={stop} />
      </div>
      <TalkSettings
        settings={settings}
        change={(part) => {
          setSettings((before) => ({ ...before, ...part }));
        }}
        onClear={clear}
      />
    </div>
  );
}
