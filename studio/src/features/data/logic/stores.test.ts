import { expect, test } from "vitest";
import { draftFor, placeOf, problemsOf, toWrite, yamlOf } from "./stores";

const S3 = { ...draftFor("aws_s3"), name: "papers", configs: { bucket_name: " papers ", region: "" }, secrets: { access_key_id: "AK", secret_access_key: "SK", account_key: "of another type" } };

test("what is missing is told by field", () => {
  expect(problemsOf(draftFor("aws_s3"))).toMatchObject({ bucket_name: "Needed", access_key_id: "Needed", secret_access_key: "Needed" });
  expect(problemsOf({ ...S3, name: "a/b" })).toHaveProperty("name");
  expect(problemsOf(S3)).toEqual({});
  expect(problemsOf({ ...S3, credential: "", secrets: {} })).toEqual({});
});

test("only what the type and the chosen credentials have is sent, without blanks", () => {
  expect(toWrite(S3)).toEqual({ name: "papers", type: "aws_s3", tags: {}, configs: { bucket_name: "papers" }, secrets: { access_key_id: "AK", secret_access_key: "SK" } });
  expect(toWrite({ ...S3, credential: "" }).secrets).toEqual({});
});

test("the file holds no secret", () => {
  const yaml = yamlOf(S3);
  expect(yaml).toContain("  secret_access_key: ${env:SECRET_ACCESS_KEY}");
  expect(yaml).not.toContain("SK\n");
  expect(yamlOf({ ...S3, configs: { bucket_name: "a", endpoint: "https://x.example: 1" } })).toContain('endpoint: "https://x.example: 1"');
});

test("where a datastore is", () => {
  expect(placeOf({ built_in: true, configs: {} })).toBe("the home folder");
  expect(placeOf({ built_in: false, configs: { account_name: "a", container_name: "c" } })).toBe("a/c");
  expect(placeOf({ built_in: false, configs: { bucket_name: "b", prefix: "p" } })).toBe("b/p");
  expect(placeOf({ built_in: false, configs: { path: "/data" } })).toBe("/data");
});
