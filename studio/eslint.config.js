import { fileURLToPath } from "node:url";
import js from "@eslint/js";
import importX, { createNodeResolver } from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { readdirSync } from "node:fs";

const features = readdirSync(new URL("src/features", import.meta.url));

// Import order: lib < api < ui < features < routes. A feature knows no other feature's inside: at most its index.ts.
const zones = [
  { target: "./src/lib", from: ["./src/api", "./src/ui", "./src/features", "./src/routes.tsx"], except: [] },
  { target: "./src/api", from: ["./src/ui", "./src/features", "./src/routes.tsx"] },
  { target: "./src/ui", from: ["./src/features", "./src/routes.tsx"] },
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: ["./src/features", "./src/routes.tsx"],
    except: [`./${feature}`, ...features.map((other) => `./${other}/index.ts`)],
    message: "A feature imports no other feature, except what its index.ts offers; what both need belongs to ui/, api/ or lib/.",
  })),
];

// What cannot be done says why, to the pointer, to the keyboard and to who hears the page.
const unexplained = ["JSXOpeningElement[name.name=/^(Button|ActionIcon)$/]", "JSXOpeningElement[name.object.name='Menu'][name.property.name='Item']"].map((element) => ({
  selector: `${element} > JSXAttribute[name.name='disabled']`,
  message: "Say why it is off: a GuardedButton, GuardedIcon or GuardedItem of ui/GuardedButton.tsx, or the `off` of a ButtonLink.",
}));

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.ts", "public"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "import-x": importX, "react-hooks": reactHooks },
    settings: {
      "import-x/resolver-next": [
        createNodeResolver({
          extensions: [".ts", ".tsx", ".js", ".json"],
          alias: { "@": [fileURLToPath(new URL("./src", import.meta.url))] },
        }),
      ],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // No package imports the studio: none is read to look for cycles.
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/only-throw-error": ["error", { allow: [{ from: "package", package: "@tanstack/router-core", name: "Redirect" }] }],
      "max-lines": ["error", { max: 400, skipBlankLines: true }],
      "max-lines-per-function": ["error", { max: 120, skipBlankLines: true }],
      complexity: ["error", 16],
      // About the React compiler, which the studio does not use.
      "react-hooks/incompatible-library": "off",
      "max-params": ["error", 6],
      "no-console": "error",
      "no-restricted-syntax": ["error", ...unexplained],
    },
  },
  { files: ["src/**/*.test.{ts,tsx}"], rules: { "max-lines-per-function": "off" } },
  { files: ["**/*.js", "**/*.mjs"], ...tseslint.configs.disableTypeChecked },
  { files: ["**/*.mjs", "**/*.js"], languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } } },
);
