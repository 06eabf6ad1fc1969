/** Where something is wrong: a file with line and column (from 1), or a JSON pointer. */
export interface ProblemLocation {
  file?: string | null;
  line?: number | null;
  column?: number | null;
  pointer?: string | null;
}

/** RFC 9457 problem details as every route of the API answers them. */
export interface Problem {
  code: string;
  title: string;
  status: number;
  detail: string;
  remedy?: string | null;
  instance?: string | null;
  location?: ProblemLocation | null;
  findings?: Problem[];
  extra?: Record<string, unknown>;
}

/** An answer of the API that is no success, or no answer at all. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** The answer's headers; undefined where there was none. */
  readonly headers: Headers | undefined;

  constructor(problem: Problem, headers?: Headers) {
    super(problem.detail);
    this.name = "ApiError";
    this.problem = problem;
    this.headers = headers;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads problem details that were embedded in an answer (a job's or node's `error`); undefined when it is none. */
export function readProblem(value: unknown): Problem | undefined {
  if (!isRecord(value)) return undefined;
  const { detail, title, code, status, remedy, instance, location, findings, extra } = value;
  if (typeof detail !== "string" && typeof title !== "string") return undefined;
  return {
    code: typeof code === "string" ? code : "Unknown",
    title: typeof title === "string" ? title : "Something went wrong",
    status: typeof status === "number" ? status : 500,
    detail: typeof detail === "string" ? detail : "",
    remedy: typeof remedy === "string" ? remedy : null,
    instance: typeof instance === "string" ? instance : null,
    location: isRecord(location) ? (location) : null,
    findings: Array.isArray(findings) ? findings.flatMap((entry) => readProblem(entry) ?? []) : [],
    extra: isRecord(extra) ? extra : {},
  };
}

/** Reads a failed response: problem details, the OpenAI error shape of the data plane, or plain text. */
export function problemOf(body: unknown, response: Response): Problem {
  const problem = readProblem(body);
  if (problem) return problem;
  if (isRecord(body) && isRecord(body.error)) {
    const { message, code, type } = body.error;
    return {
      code: typeof code === "string" ? code : typeof type === "string" ? type : `Http${response.status}`,
      title: "The model call failed",
      status: response.status,
      detail: typeof message === "string" ? message : `The server answered ${response.status}.`,
    };
  }
  return {
    code: `Http${response.status}`,
    title: "The server answered with an error",
    status: response.status,
    detail: typeof body === "string" && body ? body.slice(0, 2000) : `${response.status} ${response.statusText}`.trim(),
    remedy: response.status >= 500 ? "Try again. If it stays, look into the server's log in the home folder under logs/." : null,
  };
}

/** Turns anything that was thrown into problem details that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return {
      code: "ServerUnreachable",
      title: "The server does not answer",
      status: 0,
      detail: "The studio could not reach the server it came from.",
      remedy: "Check on the machine with `flowyard status`, or start it with `flowyard up`. This page goes on by itself once it is back.",
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { code: "StudioError", title: "The studio stumbled", status: 0, detail, remedy: "Reload the page. If it happens again, copy the report and file it." };
}
