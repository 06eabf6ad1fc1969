import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { ErrorPanel } from "./ErrorPanel";

it("says what happened, where, and what to do", () => {
  const problem = {
    code: "FlowInvalid",
    title: "The flow is not valid",
    status: 422,
    detail: "Unknown key 'actvate'.",
    remedy: "Did you mean 'activate'?",
    location: { file: "flow.dag.yaml", line: 22, column: 3 },
  };
  render(
    <MantineProvider env="test">
      <ErrorPanel error={problem} />
    </MantineProvider>,
  );
  const text = screen.getByRole("alert").textContent;
  expect(text).toContain("The flow is not valid");
  expect(text).toContain("at flow.dag.yaml:22:3");
  expect(text).toContain("Did you mean 'activate'?");
  expect(screen.getByRole("button", { name: "Copy report" })).toBeTruthy();
});

it("does not call it an error that something is withheld, and says whom to ask", () => {
  const problem = { code: "Withheld", title: "It is withheld from you", status: 403, detail: "Made of documents with access tags.", remedy: "Ask an owner." };
  render(
    <MantineProvider env="test">
      <ErrorPanel error={problem} onRetry={() => undefined} />
    </MantineProvider>,
  );
  expect(screen.getByRole("alert").textContent).toBe("It is withheld from youMade of documents with access tags. Ask an owner.");
  expect(screen.queryByRole("button")).toBeNull();
});
