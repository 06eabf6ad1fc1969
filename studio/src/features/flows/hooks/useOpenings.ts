import { useQuery } from "@tanstack/react-query";
import { data } from "@/api/data";
import { useWorkspace } from "@/lib/workspace";
import type { ChatShape } from "../logic/chat";
import { casesOf, MOST_OPENINGS, openings } from "../logic/openings";
import type { FlowGraph } from "../model";

/** Questions to begin a chat with a flow; only its own until its test cases are read. */
export function useOpenings(flow: string, graph: FlowGraph, shape: ChatShape): readonly string[] {
  const workspace = useWorkspace();
  const assets = useQuery(data.list(workspace));
  const cases = assets.data?.items.find(({ name }) => name === casesOf(flow));
  const rows = useQuery({ ...data.rows(workspace, casesOf(flow), cases?.version ?? "", 5 * MOST_OPENINGS), enabled: cases !== undefined });
  return openings(graph, shape, rows.data?.rows ?? []);
}
