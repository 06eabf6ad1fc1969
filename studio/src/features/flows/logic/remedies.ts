import type { Problem } from "../model";

/** What was raised by the code of a node, and so has no remedy of ours: where to look. */
const IN_CODE = "The node's own code raised this. Look at its inputs as they came and at what it printed, and correct the code or what feeds it.";

/** The problem with what to do about it, where the server could not know: a failure of the user's own code. */
export function withRemedy(problem: Problem): Problem {
  return problem.remedy || typeof problem.extra?.exception !== "string" ? problem : { ...problem, remedy: IN_CODE };
}
