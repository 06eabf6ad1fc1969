import { Button, Select, Text, Textarea } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { GuardedIcon } from "@/ui/GuardedButton";
import type { Message } from "../logic/replay";
import classes from "./Replay.module.css";

const ROLES = ["system", "developer", "user", "assistant", "tool"];

interface MessageEditorProps {
  readonly messages: readonly Message[];
  readonly onChange: (messages: readonly Message[]) => void;
}

function besides(message: Message): string | null {
  const others = Object.keys(message).filter((name) => name !== "role" && name !== "content");
  return others.length === 0 ? null : `Sent along as it was: ${others.join(", ")}.`;
}

/** Messages of a call, to change, add and take away. What is no text stays as it was. */
export function MessageEditor({ messages, onChange }: MessageEditorProps) {
  const put = (at: number, change: Partial<Message>): void => onChange(messages.map((message, index) => (index === at ? { ...message, ...change } : message)));
  return (
    <ol className={classes.messages} aria-label="Messages to send">
      {messages.map((message, at) => (
        <li key={at} className={classes.message}>
          <div className={classes.role}>
            <Select size="xs" w={120} aria-label={`Role of message ${at + 1}`} data={ROLES.includes(message.role) ? ROLES : [message.role, ...ROLES]} value={message.role} allowDeselect={false} onChange={(role) => put(at, { role: role ?? message.role })} />
            <GuardedIcon size="sm" c="dimmed" label={`Take message ${at + 1} away`} off={messages.length === 1 ? "A call needs one message." : null} onClick={() => onChange(messages.filter((_message, index) => index !== at))}>
              <IconTrash size={14} />
            </GuardedIcon>
          </div>
          {typeof message.content === "string" || message.content === undefined || message.content === null ? (
            <Textarea aria-label={`Message ${at + 1}`} autosize minRows={2} maxRows={14} value={typeof message.content === "string" ? message.content : ""} onChange={(event) => put(at, { content: event.currentTarget.value })} />
          ) : (
            <Text size="sm" c="dimmed">
              Images or other parts; they are sent as they were.
            </Text>
          )}
          {besides(message) && (
            <Text size="xs" c="dimmed">
              {besides(message)}
            </Text>
          )}
        </li>
      ))}
      <li>
        <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => onChange([...messages, { role: "user", content: "" }])}>
          Message
        </Button>
      </li>
    </ol>
  );
}
