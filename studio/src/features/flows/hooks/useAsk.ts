import type { Message } from "../logic/chat";
import type { Chat } from "./useChat";
import { useFlow } from "./useFlowDocument";
import type { InputsDraft } from "./useInputsDraft";

/** Asks all sides of a chat the same, after edits of the flow are sent; false: an answer still comes, or the other inputs have an error. */
export function useAsk(chats: readonly Chat[], inputs: InputsDraft): (message: Message) => boolean {
  const { save } = useFlow();
  return (message) => {
    const others = inputs.read();
    if (others === null || chats.some(({ busy }) => busy)) return false;
    void save().then(() => { for (const chat of chats) chat.send(message, others); });
    return true;
  };
}
