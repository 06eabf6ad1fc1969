import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import Drawn from "./Drawn";

describe("Drawn", () => {
  it("draws emphasis, lists, code and tables", () => {
    const { container } = render(<Drawn text={"# Sum\n\nIt is **4**:\n\n- two\n- and `two`\n\n```python\nprint(2 + 2)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"} />);
    expect(screen.getByRole("heading", { name: "Sum" })).toBeDefined();
    expect(container.querySelector("strong")?.textContent).toBe("4");
    expect(screen.getAllByRole("listitem")).toHaveLength(2);
    expect(container.querySelector("pre code")?.textContent).toContain("print(2 + 2)");
    expect(screen.getAllByRole("cell")).toHaveLength(2);
  });

  it("makes no HTML of what looks like it, and loads nothing", () => {
    const text = 'See <img src=x onerror="alert(1)"> <script>alert(2)</script> <b onclick="a()">x</b>\n\n![a chart](https://example.com/c.png)';
    const { container } = render(<Drawn text={text} />);
    expect(container.querySelector("img, script, b, [onclick], [onerror]")).toBeNull();
    expect(container.textContent).toContain("<script>");
    expect(container.textContent).toContain("https://example.com/c.png");
  });

  it("tells where a link leads, and does not lead there", () => {
    const { container } = render(<Drawn text={"[one](https://example.com/a) [two](javascript:alert(1)) https://example.com/b"} />);
    expect(container.querySelector("a, [href]")).toBeNull();
    expect(container.textContent).toContain("one (https://example.com/a) two");
    expect(container.textContent.endsWith(" https://example.com/b")).toBe(true);
  });

  it("keeps what has no Markdown as it was written, line by line", () => {
    const { container } = render(<Drawn text={"first\nsecond"} />);
    expect(container.textContent).toBe("first\nsecond");
  });
});
