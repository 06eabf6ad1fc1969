import { expect, test } from "vitest";
import { cronProblem, whatOf } from "./schedules";

test.each(["0 6 * * *", "*/5 0-6 1,15 * MON"])("%s is a schedule", (cron) => {
  expect(cronProblem(cron)).toBeNull();
});

test.each(["", "0 6 * *", "0 6 * * * *", "0 6 * * ?"])("%s is none", (cron) => {
  expect(cronProblem(cron)).not.toBeNull();
});

test("what is imported, in a line", () => {
  expect(whatOf({ datastore: "crm", table: "sales.orders" })).toBe("crm: sales.orders");
  expect(whatOf({ datastore: "crm", query: "SELECT *\n  FROM a " })).toBe("crm: SELECT * FROM a");
});
