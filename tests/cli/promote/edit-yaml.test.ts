import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Document, isMap, parseDocument } from "yaml";
import { projectRoot } from "../../../cli/core/project-root";
import { editYaml } from "../../../cli/core/promote/edit-yaml";

const digest = "ab".repeat(32);
const at = ["config", "sagemaker-ops:models", "breeds"];
const promoted = [
  { path: [...at, "digest"], value: digest },
  { path: [...at, "provenance"], value: { source: "job a", promotedAt: "2026-11-21T12:05:41.000Z" } },
];

describe("an edit of a stack file", () => {
  for (const stack of ["dev", "staging", "prod"]) {
    it(`changes nothing of Pulumi.${stack}.yaml but the model`, () => {
      const before = readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");

      const after = editYaml(before, promoted, "file");

      assert.equal(
        after.replace(
          /( {4}breeds:)\n {6}(classes: 133)\n {6}digest: .*\n {6}provenance:\n {8}source: "job a"\n {8}promotedAt: .*\n/,
          "$1 { $2 }\n",
        ),
        before,
      );
    });
  }

  it("changes a value in its place, and leaves comments, quotes and order", () => {
    const before = `# Who?
config:
  sagemaker-ops:models:
    # The only one.
    breeds:
      digest: "${"0".repeat(64)}" # promoted by hand
      classes: 133   # AKC
      provenance:
        source: 'old' # where from
        validationAccuracy: 0.5
        promotedAt: then

    cats: { classes: 2 }
`;

    assert.equal(
      editYaml(before, promoted, "file"),
      `# Who?
config:
  sagemaker-ops:models:
    # The only one.
    breeds:
      digest: "${digest}" # promoted by hand
      classes: 133   # AKC
      provenance:
        source: "job a" # where from
        promotedAt: "2026-11-21T12:05:41.000Z"

    cats: { classes: 2 }
`,
    );
  });

  it("keeps the comment behind a section in brackets, and the ends of lines", () => {
    const before = "config:\r\n  sagemaker-ops:models:\r\n    breeds: { classes: 133 } # ours\r\n";

    assert.equal(
      editYaml(before, promoted.slice(0, 1), "file"),
      `config:\r\n  sagemaker-ops:models:\r\n    breeds: # ours\r\n      classes: 133\r\n      digest: "${digest}"\r\n`,
    );
  });

  it("stays within brackets where the section around is in brackets too", () => {
    const before = "config: { sagemaker-ops:models: { breeds: { classes: 133 }, cats: { classes: 2 } } }\n";

    assert.equal(
      editYaml(before, promoted, "file"),
      `config: { sagemaker-ops:models: { breeds: { classes: 133, digest: "${digest}", provenance: { source: "job a", promotedAt: "2026-11-21T12:05:41.000Z" } }, cats: { classes: 2 } } }\n`,
    );
  });

  it("adds behind a text of several lines", () => {
    const before =
      "config:\n  sagemaker-ops:models:\n    breeds:\n      classes: 133\n      labels: >-\n        a\n        b\n\n    cats: 1\n";

    assert.equal(
      editYaml(before, promoted.slice(0, 1), "file"),
      before.replace("        b\n", `        b\n      digest: "${digest}"\n`),
    );
  });

  it("refuses a change that would change something else too", () => {
    const before =
      "config:\n  sagemaker-ops:models:\n    breeds:\n      digest: &promoted old\n  elsewhere: *promoted\n";

    assert.throws(
      () => editYaml(before, promoted, "Pulumi.dev.yaml"),
      /Pulumi\.dev\.yaml is written in a way that this command cannot edit\. Write digest and provenance into config\.sagemaker-ops:models\.breeds by hand/,
    );
  });

  it("refuses what it cannot change without touching more", () => {
    for (const [text, expected] of [
      [
        "x: &m { classes: 1 }\nconfig:\n  sagemaker-ops:models:\n    breeds: *m\n",
        /is an alias\. Write its value out/,
      ],
      [
        "config:\n  sagemaker-ops:models:\n    cats: { classes: 1 }\n",
        /has no section config\.sagemaker-ops:models\.breeds/,
      ],
      ["config:\n  sagemaker-ops:models: none\n", /no section config\.sagemaker-ops:models\.breeds/],
      ["config:\n", /has no section config/],
    ] as const)
      assert.throws(() => editYaml(text, promoted, "Pulumi.dev.yaml"), expected);
  });

  it("gives the wanted content, and the same again when it is repeated, for any file", () => {
    const word = fc.constantFrom(
      "a",
      "digest",
      "true",
      "0123",
      "1e3",
      "x: y",
      "# no",
      "- a",
      "{",
      "",
      "né",
      "a, b",
      "'",
      '"',
    );
    const scalar = fc.oneof(word, fc.integer(), fc.boolean());
    const section = fc.dictionary(fc.constantFrom("classes", "digest", "labels"), scalar, {
      minKeys: 1,
      noNullPrototype: true,
    });
    const models = fc.record({
      breeds: fc.record(
        {
          classes: fc.nat(),
          provenance: fc.dictionary(fc.constantFrom("source", "by"), word, {
            minKeys: 1,
            noNullPrototype: true,
          }),
          digest: word,
        },
        { requiredKeys: ["classes"] },
      ),
      cats: section,
    });
    const value = fc.record({ digest: word, source: word, by: word });
    fc.assert(
      fc.property(
        models,
        value,
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        (content, wanted, flows) => {
          const document = new Document({
            config: { "aws:region": "x", "sagemaker-ops:models": content, last: [1] },
          });
          const paths = [at, [...at, "provenance"], at.slice(0, 2), [...at.slice(0, 2), "cats"]];
          paths.forEach((path, index) => {
            const node = document.getIn(path, true);
            if (isMap(node)) {
              node.flow = flows[index] === true;
              if (flows[index] !== true) node.commentBefore = " a comment";
            }
          });
          const before = document.toString({ lineWidth: 0 });
          const edits = [
            { path: [...at, "digest"], value: wanted.digest },
            { path: [...at, "provenance"], value: { source: wanted.source, by: wanted.by } },
          ];

          const after = editYaml(before, edits, "file");

          assert.deepEqual(parseDocument(after).toJS(), {
            config: {
              "aws:region": "x",
              "sagemaker-ops:models": {
                ...content,
                breeds: {
                  ...content.breeds,
                  digest: wanted.digest,
                  provenance: { source: wanted.source, by: wanted.by },
                },
              },
              last: [1],
            },
          });
          assert.equal(editYaml(after, edits, "file"), after);
          assert.equal(after.match(/# a comment/g)?.length, before.match(/# a comment/g)?.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});
