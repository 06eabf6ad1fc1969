import { describe, expect, it } from "vitest";
import { EventParser } from "./stream";

describe("EventParser", () => {
  it("puts together events that arrive in pieces", () => {
    const parser = new EventParser();
    expect(parser.push("id: 7\nevent: sta")).toEqual([]);
    expect(parser.push('tus\ndata: {"a":\ndata: 1}\n\nda')).toEqual([{ id: "7", event: "status", data: '{"a":\n1}' }]);
    expect(parser.push("ta: next\n\n")).toEqual([{ id: "7", event: "message", data: "next" }]);
  });

  it("takes every line ending and leaves comments out", () => {
    const parser = new EventParser();
    expect(parser.push(": ping\r\n\r\ndata:x\r\n\r\n: ping\n\ndata: y\n\n")).toEqual([
      { event: "message", data: "x" },
      { event: "message", data: "y" },
    ]);
  });
});
