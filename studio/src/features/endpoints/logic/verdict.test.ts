import { describe, expect, it } from "vitest";
import type { DeploymentCheck } from "@/api/types";
import { verdictOf, worstFirst } from "./verdict";

const check = (name: DeploymentCheck["name"], outcome: DeploymentCheck["outcome"]): DeploymentCheck => ({ name, outcome, says: name });
const GOOD = check("validation", "good");
const NOTE = check("test", "warn");
const BAD = check("evaluation", "bad");

describe("the verdict on a deployment", () => {
  it("says what stands against it, and whether it is deployed all the same", () => {
    expect(verdictOf([GOOD, NOTE, BAD], false)).toEqual({ tone: "bad", says: "1 of 3 checks stands against it" });
    expect(verdictOf([BAD, check("models", "bad"), GOOD], true).says).toBe("2 of 3 checks stand against it; deployed anyway");
    expect(verdictOf([check("models", "bad")], false).says).toBe("1 of 1 check stands against it");
  });

  it("tells of notes, and of nothing", () => {
    expect(verdictOf([GOOD, NOTE], false)).toEqual({ tone: "warn", says: "Nothing stands against it; one note" });
    expect(verdictOf([GOOD], true)).toEqual({ tone: "good", says: "Nothing stands against it" });
  });

  it("puts the worst first", () => {
    expect(worstFirst([GOOD, NOTE, BAD]).map(({ name }) => name)).toEqual(["evaluation", "test", "validation"]);
  });
});
