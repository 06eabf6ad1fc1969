import { flows } from "@/api/flows";
import type { Problem } from "@/api/problem";
import { streamEvents } from "@/api/stream";
import type { TestRequest } from "../logic/parts";
import type { FlowTestEvent } from "../model";

/** What to say when a test run's stream stops before it told how the run ended. */
export const CUT_SHORT: Problem = {
  code: "StreamCutShort",
  title: "The run was cut short",
  status: 0,
  detail: "The connection to the server ended before the flow did.",
  remedy: "Run it again. If it happens again, look at the flow process's log in the home folder under logs/.",
};

/** Runs a flow, or a part of it, once and hands over the events of the run as they come. Throws ApiError when it cannot begin. */
export async function streamTest(
  address: { workspace: string; flow: string },
  request: TestRequest,
  onEvent: (event: FlowTestEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  await streamEvents(
    flows.testPath(address.workspace, address.flow),
    request,
    (event) => {
      onEvent(JSON.parse(event.data) as FlowTestEvent);
    },
    signal,
  );
}
