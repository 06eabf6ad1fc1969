import { Text } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { flows } from "@/api/flows";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { GuardedButton } from "@/ui/GuardedButton";
import { useOpenings } from "../../hooks/useOpenings";
import type { ChatShape } from "../../logic/chat";
import type { FlowGraph } from "../../model";
import classes from "../ChatTab.module.css";

interface OpeningProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly shape: ChatShape;
  readonly off: string | null;
  readonly onAsk: (question: string) => void;
}

/** What an empty chat says: what the flow is for, and questions to begin with. */
export function Opening({ flow, graph, shape, off, onAsk }: OpeningProps) {
  const workspace = useWorkspace();
  const found = useQuery(flows.get(workspace, flow));
  const questions = useOpenings(flow, graph, shape);
  return (
    <EmptyState
      icon={IconMessages}
      title="Talk to the flow"
      text={found.data?.description ?? "Each message runs the flow once, with what was said before as its history. Every answer has its trace."}
    >
      {questions.length > 0 && (
        <ul className={classes.openings} aria-label="Questions to begin with">
          {questions.map((question) => (
            <li key={question}>
              <GuardedButton variant="default" className={classes.opening} off={off} onClick={() => { onAsk(question); }}>
                <Text span size="sm" lineClamp={2}>{question}</Text>
              </GuardedButton>
            </li>
          ))}
        </ul>
      )}
    </EmptyState>
  );
}
