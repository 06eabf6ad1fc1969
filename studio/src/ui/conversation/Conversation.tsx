import { Badge, Box, Code, Stack, Text } from "@mantine/core";
import { IconMessageCircle, IconRobot, IconSettings, IconTool, IconUser, type Icon } from "@tabler/icons-react";

import { CopyButton } from "@/ui/CopyButton";

import type { ChatMessage, Conversation as Messages } from "./messages";
import classes from "./Conversation.module.css";

interface RoleLook {
  readonly label: string;
  readonly icon: Icon;
}

const ROLES: Readonly<Record<string, RoleLook>> = {
  system: { label: "System", icon: IconSettings },
  developer: { label: "Developer", icon: IconSettings },
  user: { label: "User", icon: IconUser },
  assistant: { label: "Assistant", icon: IconRobot },
  tool: { label: "Tool", icon: IconTool },
  function: { label: "Function", icon: IconTool },
};

function Bubble({ message }: { readonly message: ChatMessage }) {
  const look = ROLES[message.role] ?? { label: message.role, icon: IconMessageCircle };
  return (
    <Box component="li" className={classes.bubble} data-role={message.role}>
      <div className={classes.header}>
        <look.icon size={14} stroke={1.75} aria-hidden />
        <Text span size="xs" fw={600}>
          {look.label}
        </Text>
        {message.name !== null && (
          <Text span size="xs" c="dimmed">
            {message.name}
          </Text>
        )}
        {message.finishReason !== null && (
          <Badge size="xs" variant="default" tt="none" fw={400}>
            {message.finishReason}
          </Badge>
        )}
        <span className={classes.grow} />
        {message.text !== "" && <CopyButton value={message.text} label={`Copy the ${look.label.toLowerCase()} message`} />}
      </div>
      {message.text !== "" && <div className={classes.text}>{message.text}</div>}
      {message.toolCalls.map((call, index) => (
        <div key={call.id ?? index} className={classes.call}>
          <Text size="xs" fw={600}>
            calls <Code>{call.name}</Code>
          </Text>
          <Code block>{call.arguments}</Code>
        </div>
      ))}
    </Box>
  );
}

/** The messages of a model call, the answer last. Always plain text: what a model wrote is never rendered. */
export function Conversation({ messages }: { readonly messages: Messages }) {
  return (
    <Stack component="ol" gap="xs" className={classes.list} aria-label="Messages">
      {messages.input.map((message, index) => (
        <Bubble key={`in-${String(index)}`} message={message} />
      ))}
      {messages.output.length > 0 && (
        <li className={classes.divider} aria-hidden>
          Answer
        </li>
      )}
      {messages.output.map((message, index) => (
        <Bubble key={`out-${String(index)}`} message={message} />
      ))}
    </Stack>
  );
}
