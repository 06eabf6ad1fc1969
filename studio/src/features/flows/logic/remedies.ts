import type { Problem } from "../model";

/** What was raised by the code of a node, and so has no remedy of ours: where to look. */
const IN_CODE = "The node's own code raised this. Look at its inputs as they came and at what it printed, and correct the code or what feeds it.";

/** The problem with what to do about it in the studio: after a failure of the user's own code, or where another node has to run first. */
export function withRemedy(problem: Problem): Problem {
  const missing = problem.code === "NodeOutputMissing" ? problem.extra?.nodes : null;
  if (Array.isArray(missing)) return { ...problem, remedy: `Run ${missing.join(", ")} first, or the whole flow once: then each node has what the others gave last.` };
  return problem.remedy || typeof problem.extra?.exception !== "string" ? problem : { ...problem, remedy: IN_CODE };
}
