import type { Overview } from "@/api/types";

/** A step from a fresh workspace to an answering endpoint. */
export interface Step {
  key: "model" | "flow" | "deploy" | "call";
  title: string;
  text: string;
  action: string;
  to: "/w/$workspace/models" | "/w/$workspace/flows" | "/w/$workspace/endpoints";
  done: boolean;
}

/** The way from nothing to a traced call, with what is done of it. */
export function stepsOf(stages: Overview["stages"], requests: number): Step[] {
  const count = (name: string) => stages.find((stage) => stage.stage === name) ?? { total: 0, good: 0 };
  return [
    {
      key: "model",
      title: "Pull a model",
      text: "A small chat model runs on this machine without a key and without a GPU. Pulling it takes a minute.",
      action: "Open models",
      to: "/w/$workspace/models",
      done: count("models").good > 0,
    },
    {
      key: "flow",
      title: "Make a flow",
      text: "A flow is a folder of prompts, Python and model calls, connected as a graph. Start from a template and test it.",
      action: "Open flows",
      to: "/w/$workspace/flows",
      done: count("flows").total > 0,
    },
    {
      key: "deploy",
      title: "Deploy it",
      text: "An endpoint gives the flow an address that your programs call, with keys, logs and traffic between versions.",
      action: "Open endpoints",
      to: "/w/$workspace/endpoints",
      done: count("endpoints").good > 0,
    },
    {
      key: "call",
      title: "Send the first request",
      text: "Call the endpoint from its Test tab, from curl or with the OpenAI client. Its trace appears here a moment later.",
      action: "Open endpoints",
      to: "/w/$workspace/endpoints",
      done: requests > 0,
    },
  ];
}

/** A trace's name in a narrow place: of a call to an endpoint, which endpoint. */
export function shortName(name: string): string {
  return /^POST \/endpoints\/([^/]+)\/score$/.exec(name)?.[1] ?? name;
}
