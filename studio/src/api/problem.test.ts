import { describe, expect, it } from "vitest";
import { asProblem, problemOf } from "./problem";

describe("problemOf", () => {
  const answer = (status: number) => new Response(null, { status });

  it("reads problem details with their findings", () => {
    const body = { code: "FlowInvalid", title: "The flow is not valid", status: 422, detail: "1 error", remedy: "Mend it.", findings: [{ code: "FY021", title: "t", status: 422, detail: "Unknown key" }] };
    const problem = problemOf(body, answer(422));
    expect(problem).toMatchObject({ code: "FlowInvalid", remedy: "Mend it." });
    expect(problem.findings?.[0]?.detail).toBe("Unknown key");
  });

  it("reads the OpenAI error shape of the data plane", () => {
    expect(problemOf({ error: { message: "no such model", code: "model_not_found" } }, answer(404))).toMatchObject({ code: "model_not_found", detail: "no such model", status: 404 });
  });

  it("says something of an answer that is neither", () => {
    expect(problemOf("", answer(502))).toMatchObject({ code: "Http502", status: 502 });
  });
});

describe("asProblem", () => {
  it("tells a lost server from a bug", () => {
    expect(asProblem(new TypeError("Failed to fetch")).code).toBe("ServerUnreachable");
    expect(asProblem(new TypeError("x is undefined")).code).toBe("StudioError");
  });
});
