import { describe, expect, it } from "vitest";
import type { Document } from "yaml";
import { graphOf } from "../document/graph";
import { editYaml, readYaml } from "../document/yamlText";
import { setInput } from "./nodes";
import { setModel, setSetting } from "./settings";
import { addVariant, deleteVariant, editVariant, freeVariantId, renameVariant, setDefaultVariant, variantDifferences, variantIdProblem, variantPath, variantTable, withVariant } from "./variants";

const PLAIN = `# kept
inputs:
  text: {type: string, default: 'a'} # its type
outputs:
  answer:
    type: string
    reference: \${tell.output}
x-own: [1,  2]
nodes:
- name: tell # the one
  type: llm
  source:
    type: code
    path: tell.jinja2
  inputs:
    # how free it is
    temperature: 0.7
    deployment_name: small
    text: "\${inputs.text}"
  connection: local
  own_key: [1,  2]
- name: last
  type: python
  source: {type: code, path: last.py}
`;

function changed(change: (doc: Document) => void, text = PLAIN): string {
  return editYaml(text, change);
}

const TWO = changed((doc) => addVariant(doc, "tell", "variant_1", "variant_0", "tell__variant_1.jinja2"));

describe("the first variant of a node", () => {
  it("takes over what the node said, comments and unknown keys included, and nothing else changes", () => {
    expect(TWO).toBe(`${PLAIN.slice(0, PLAIN.indexOf("  type: llm"))}  use_variants: true
- name: last
  type: python
  source: {type: code, path: last.py}
node_variants:
  tell:
    default_variant_id: variant_0
    variants:
      variant_0:
        node:
          type: llm
          source:
            type: code
            path: tell.jinja2
          inputs:
            # how free it is
            temperature: 0.7
            deployment_name: small
            text: "\${inputs.text}"
          connection: local
          own_key: [1, 2]
      variant_1:
        node:
          type: llm
          source:
            type: code
            path: tell__variant_1.jinja2
          inputs:
            temperature: 0.7
            deployment_name: small
            text: \${inputs.text}
          connection: local
          own_key:
          - 1
          - 2
`);
  });

  it("is the node's own again when the other goes", () => {
    const text = changed((doc) => deleteVariant(doc, "tell", "variant_1"), TWO);
    expect(text.replace("[1, 2]\n- name", "[1,  2]\n- name")).toBe(PLAIN);
    expect(changed((doc) => deleteVariant(doc, "tell", "variant_0"), TWO)).toContain("    path: tell__variant_1.jinja2\n");
  });
});

describe("variants", () => {
  it("are edited as the node is, each by itself", () => {
    const text = changed((doc) => {
      editVariant(doc, "tell", "variant_1", (shown) => {
        setInput(shown, "tell", "temperature", 0.1);
        setModel(shown, "tell", "large", "deployment_name");
        setSetting(shown, "tell", "connection", "other");
      });
    }, TWO);
    const at = TWO.indexOf("variant_1:");
    expect(text).toBe(TWO.slice(0, at) + TWO.slice(at).replace("0.7", "0.1").replace("small", "large").replace("connection: local", "connection: other"));
  });

  it("are put back when an edit is refused", () => {
    const doc = readYaml(TWO);
    expect(() => { editVariant(doc, "tell", "variant_1", () => { throw new Error("no"); }); }).toThrow("no");
    expect(doc.toJS()).toEqual(readYaml(TWO).toJS());
  });

  it("are seen in the graph as if they were the node", () => {
    const seen = withVariant(readYaml(TWO), "tell", "variant_1");
    expect(graphOf(seen, TWO, []).nodes[0]).toMatchObject({ name: "tell", kind: "llm", source: "tell__variant_1.jinja2" });
    expect(() => withVariant(readYaml(TWO), "tell", "nope")).toThrow("no variant nope");
    expect(() => withVariant(readYaml(PLAIN), "tell", "variant_0")).toThrow("has no variants");
  });

  it("are renamed, chosen and removed", () => {
    const renamed = changed((doc) => renameVariant(doc, "tell", "variant_0", "calm"), TWO);
    expect(renamed).toBe(TWO.replaceAll("variant_0", "calm"));
    expect(changed((doc) => setDefaultVariant(doc, "tell", "variant_1"), TWO)).toBe(TWO.replace("id: variant_0", "id: variant_1"));
    const three = changed((doc) => addVariant(doc, "tell", "third", "variant_1", null), TWO);
    expect(variantTable(readYaml(three), "tell")).toEqual({ ids: ["variant_0", "variant_1", "third"], defaultId: "variant_0" });
    expect(changed((doc) => deleteVariant(doc, "tell", "third"), three)).toBe(TWO);
    const rest = changed((doc) => deleteVariant(doc, "tell", "variant_0"), three);
    expect(variantTable(readYaml(rest), "tell")).toEqual({ ids: ["variant_1", "third"], defaultId: "variant_1" });
  });

  it("differ in fields", () => {
    const other = changed((doc) => { editVariant(doc, "tell", "variant_1", (shown) => { setInput(shown, "tell", "max_tokens", 9); }); }, TWO);
    expect(variantDifferences(readYaml(other), "tell", "variant_0", "variant_1")).toEqual([
      { field: "source.path", left: "tell.jinja2", right: "tell__variant_1.jinja2" },
      { field: "inputs.max_tokens", left: undefined, right: 9 },
    ]);
  });

  it("have names and files that are free", () => {
    expect(freeVariantId(["variant_0"])).toBe("variant_1");
    expect([variantIdProblem("a b", []), variantIdProblem("", []), variantIdProblem("a", ["a"]), variantIdProblem("a", [])].map((each) => each === null)).toEqual([false, false, false, true]);
    expect(variantPath("p/tell.jinja2", "b", [])).toBe("p/tell__b.jinja2");
    expect(variantPath("tell__b.jinja2", "c", ["tell__c.jinja2"])).toBe("tell__c_2.jinja2");
    expect(() => changed((doc) => addVariant(doc, "tell", "variant_0", "variant_1", null), TWO)).toThrow("There is a variant variant_0 already");
    expect(variantTable(readYaml(PLAIN), "tell")).toBeNull();
  });
});
