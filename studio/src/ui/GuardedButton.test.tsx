import { MantineProvider, Menu } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { renderAt } from "@/testing/render";
import { GuardedButton, GuardedItem } from "./GuardedButton";
import { ButtonLink } from "./links";

const WHY = "Your role may look and not change.";

describe("what is off", () => {
  it("says why in a menu, which stays open, and the arrow keys come to it", async () => {
    const rename = vi.fn();
    const look = vi.fn();
    render(
      <MantineProvider env="test">
        <Menu opened>
          <Menu.Target>
            <button type="button">More</button>
          </Menu.Target>
          <Menu.Dropdown>
            <GuardedItem off={null} onClick={look}>
              Look
            </GuardedItem>
            <GuardedItem off={WHY} color="red" onClick={rename}>
              Rename
            </GuardedItem>
          </Menu.Dropdown>
        </Menu>
      </MantineProvider>,
    );
    const [on, off] = [await screen.findByRole("menuitem", { name: "Look" }), screen.getByRole("menuitem", { name: "Rename" })];
    expect([off.getAttribute("aria-disabled"), off.getAttribute("aria-description")]).toEqual(["true", WHY]);
    expect(on.getAttribute("aria-disabled")).toBeNull();
    on.focus();
    fireEvent.keyDown(on, { key: "ArrowDown", code: "ArrowDown" });
    expect(document.activeElement).toBe(off);
    fireEvent.click(off);
    expect(rename).not.toHaveBeenCalled();
    expect(screen.getByRole("menuitem", { name: "Rename" })).toBe(off);
    fireEvent.click(on);
    expect(look).toHaveBeenCalledOnce();
  });

  it("sends no form, not by Enter either", () => {
    const submit = vi.fn();
    render(
      <MantineProvider env="test">
        <form onSubmit={submit}>
          <GuardedButton type="submit" off="Give it a name first.">
            Make
          </GuardedButton>
        </form>
      </MantineProvider>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Make" }));
    expect(submit).not.toHaveBeenCalled();
  });

  it("is a link that leads nowhere", async () => {
    await renderAt(
      "/w/demo",
      <MantineProvider env="test">
        <ButtonLink off={WHY} to="/w/$workspace/deploy" params={{ workspace: "demo" }}>
          Deploy
        </ButtonLink>
        <ButtonLink off={null} to="/w/$workspace/flows" params={{ workspace: "demo" }}>
          Flows
        </ButtonLink>
      </MantineProvider>,
    );
    const off = await screen.findByRole("button", { name: "Deploy" });
    expect([off.getAttribute("href"), off.getAttribute("aria-description")]).toEqual([null, WHY]);
    expect(screen.getByRole("link", { name: "Flows" }).getAttribute("href")).toBe("/w/demo/flows");
  });
});
