import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { Conversation } from "./Conversation";

describe("Conversation", () => {
  it("shows what a model wrote as text and never as HTML", async () => {
    const text = '<img src=x onerror="alert(1)"> **bold**';
    const message = { role: "assistant", name: null, text, toolCalls: [], finishReason: "stop" };
    const { container } = await renderAt("/w/demo", <Conversation messages={{ input: [], output: [message] }} />);
    expect(screen.getByText(text)).toBeDefined();
    expect(container.querySelector("img")).toBeNull();
  });

  it("shows the calls of tools with their arguments", async () => {
    const message = { role: "assistant", name: null, text: "", toolCalls: [{ id: "1", name: "weather", arguments: '{"city": "Bonn"}' }], finishReason: null };
    await renderAt("/w/demo", <Conversation messages={{ input: [message], output: [] }} />);
    expect(screen.getByText("weather")).toBeDefined();
    expect(screen.getByText('{"city": "Bonn"}')).toBeDefined();
  });
});
