import assert from "node:assert/strict";
import { explain } from "../../infra/config/parse";
import { shownPath } from "../../infra/config/shown-value";
import { problemsOf } from "../support/problems";
import { changed, rawMinimal, rawStack } from "../support/raw-config";

const hidden = "(hidden: it may be a secret)";

describe("explain", () => {
  it("writes one block per problem", () => {
    const text = explain(
      problemsOf(changed(changed(rawStack("dev"), "owner", undefined), "jobs.single.instanceCount", 30)),
    );

    assert.equal(
      text,
      `The configuration has 2 problems.

jobs.single.instanceCount
  problem   is too large: at most 20
  received  30
  allowed   a whole number from 1 to 20
  do this   Write a number within the range.

owner
  problem   is missing
  received  nothing
  allowed   1 to 128 letters, digits, spaces and _ . : / = + - @, not starting
            with aws:
  do this   Add "owner" here.`,
    );
  });

  it("speaks of one problem in the singular", () => {
    assert.match(
      explain(problemsOf(changed(rawMinimal(), "owner", undefined))),
      /^The configuration has 1 problem\.\n/,
    );
  });

  it("stays within 80 columns where words allow it", () => {
    const bad = ["ceilngs", "nope", "endpoints.single.nope", "endpoints.single.serving.nope"].reduce(
      (raw, path) => changed(raw, path, "x".repeat(200)),
      changed(rawStack("dev"), "endpoints.single.serving.kind", "instances"),
    );

    const long = explain(problemsOf(bad))
      .split("\n")
      .filter((line) => line.length > 80);

    assert.deepEqual(long, []);
  });
});

describe("received values", () => {
  const cases: readonly [string, string, unknown, string][] = [
    ["shows text in quotes", "environment", "Dev", '"Dev"'],
    ["shortens long text", "environment", "one two ".repeat(50), ""],
    ["counts the keys of a section", "environment", { a: 1 }, "a section of 1 key"],
    ["counts the entries of a list", "environment", [1, 2], "a list of 2 entries"],
    ["says null in words", "environment", null, "null (an empty entry)"],
    ["hides an access key id", "environment", "AKIAIOSFODNN7EXAMPLE", hidden],
    ["hides a temporary access key id inside other text", "environment", "id=ASIAIOSFODNN7EXAMPLE!", hidden],
    ["hides a secret access key", "environment", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", hidden],
    ["hides 32 hexadecimal digits", "environment", "d41d8cd98f00b204e9800998ecf8427e", hidden],
    ["hides a GitHub token", "environment", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", hidden],
    ["hides a JSON web token", "environment", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", hidden],
    ["hides a private key", "environment", "-----BEGIN RSA PRIVATE KEY-----", hidden],
    ["hides what stands under a key named password", "storage.dbPassword", "hunter2", hidden],
    ["hides what stands under a key named token", "apiToken", "hunter2", hidden],
    ["hides a number under a key named secret", "secret", 1234, hidden],
    [
      "shows a digest of the wrong length",
      "models.breeds.digest",
      "a".repeat(63),
      `"${"a".repeat(41)}…" (63 characters)`,
    ],
    ["shows a file path", "environment", "data/images/dogs/train/001", '"data/images/dogs/train/001"'],
  ];
  for (const [title, path, value, received] of cases) {
    it(title, () => {
      const [problem] = problemsOf(
        changed(changed(rawMinimal(), "models", { breeds: { classes: 2 } }), path, value),
      );

      if (received === "") assert.match(problem?.received ?? "", /^"one two .*…" \(400 characters\)$/);
      else assert.equal(problem?.received, received);
      assert.ok((problem?.received.length ?? 0) <= 80);
    });
  }

  it("hides a secret in the message and in the name of a key too", () => {
    const secret = "AKIAIOSFODNN7EXAMPLE";
    const bad = changed(
      changed(changed(rawStack("dev"), secret, secret), "notebook.instanceType", secret),
      "jobs",
      { [secret]: {} },
    );

    const text = explain(problemsOf(bad));

    assert.equal(text.includes(secret), false);
    assert.ok(text.includes(hidden));
  });

  it("escapes characters that would disturb a terminal", () => {
    const [problem] = problemsOf({ ...rawMinimal(), environment: "\u001b[31m\u202eved" });

    assert.equal(problem?.received, '"\\u001b[31m\\u{202e}ved"');
  });
});

describe("paths", () => {
  for (const [path, shown] of [
    [["jobs", "single", "market", "kind"], "jobs.single.market.kind"],
    [["alarms", "emails", 0], "alarms.emails[0]"],
    [["quotas", "hostingInstances", "ml.m5.large"], 'quotas.hostingInstances["ml.m5.large"]'],
    [["jobs", "a b\n"], 'jobs["a b\\n"]'],
    [["jobs", ""], 'jobs[""]'],
    [["region"], "aws:region"],
    [[], "(the whole configuration)"],
  ] as const) {
    it(`writes ${shown}`, () => {
      assert.equal(shownPath(path), shown);
    });
  }
});
