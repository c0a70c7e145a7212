import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Rule } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { damaged, hostileValue, MARKER } from "../support/arbitrary-properties";
import { type CorpusEntry, readCorpus, reports } from "../support/rule-corpus";

const runs = 40;
const corpus = readCorpus();

/** What a rule may say, its sentence before it, and less than a message with a whole hostile value in it. */
const longest = 4600;

/** Properties that may hold a secret. */
const secretNames =
  /^(?:environment|userData|userDataBase64|hyperParameters|hyperParameterRanges|content|onCreates?|onStarts?|containers|primaryContainer|inlineCode|variables)$/;

/**
 * Through the SDK's own request path, where anything a policy throws stops the update. Does not prove that a verdict is right, only
 * that there is one.
 */
describe("every rule, given properties that nobody should write", function () {
  this.timeout(120_000);

  for (const rule of rules) {
    it(`stays sound: ${rule.id}`, async () => {
      await fc.assert(
        fc.asyncProperty(entryFor(rule), async (entry) => {
          for (const { message } of await reports(rule, entry)) {
            assert.doesNotMatch(message, /the rule itself failed|can't run policy/);
            assert.doesNotMatch(message, /\bundefined\b|\[object /);
            assert.ok(message.length <= longest, `a message of ${message.length} characters`);
          }
        }),
        { numRuns: runs },
      );
    });
  }

  for (const rule of rules) {
    const places = secretPlaces(rule);
    if (places.length === 0) continue;

    it(`tells no secret: ${rule.id}`, async () => {
      for (const entry of places) {
        for (const { message } of await reports(rule, entry)) {
          assert.ok(!message.includes(MARKER), message);
        }
      }
    });
  }
});

/** Half of them from nothing, half a request that violates the rule with one part replaced. */
function entryFor(rule: Rule): fc.Arbitrary<CorpusEntry> {
  const known = corpus[rule.id];
  const random = fc.oneof(
    ...Object.entries(rule.reads).map(([type, names]) => randomEntry(rule, type, names)),
  );
  return known === undefined ? random : fc.oneof(random, damagedEntry(known));
}

function randomEntry({ kind }: Rule, type: string, names: readonly string[]): fc.Arbitrary<CorpusEntry> {
  const props = fc.record(Object.fromEntries(names.map((name) => [name, hostileValue])), {
    requiredKeys: [],
  });
  return kind === "resource"
    ? props.map((properties) => ({ type, name: "subject", props: properties }))
    : fc.array(props, { minLength: 1, maxLength: 3 }).map((all) => ({
        resources: all.map((properties, index) => ({ type, name: `subject-${index}`, props: properties })),
      }));
}

function damagedEntry(entry: CorpusEntry): fc.Arbitrary<CorpusEntry> {
  if (!("resources" in entry)) {
    return damaged(entry.props).map((props) => ({ ...entry, props: asProps(props) }));
  }
  const indices = entry.resources.map((_, index) => index);
  return fc.constantFrom(...indices).chain((at) =>
    damaged(entry.resources[at]?.props).map((props) => ({
      ...entry,
      resources: entry.resources.map((resource, index) =>
        index === at ? { ...resource, props: asProps(props) } : resource,
      ),
    })),
  );
}

function asProps(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** Secrets in every form that leaks are known to have, wherever the rule reads a property that may hold one. */
function secretPlaces(rule: Rule): CorpusEntry[] {
  const values = [
    `AKIAIOSFODNN7EXAMPLE ${MARKER}`,
    `export AWS_SECRET_ACCESS_KEY=${MARKER}`,
    `password=${MARKER}`,
    Buffer.from(`#!/bin/bash\nexport DB_PASSWORD=${MARKER}`).toString("base64"),
  ];
  return Object.entries(rule.reads).flatMap(([type, names]) =>
    names
      .filter((name) => secretNames.test(name))
      .flatMap((name) =>
        values.flatMap((value) =>
          [
            value,
            [value],
            { PASSWORD: value },
            { variables: { API_TOKEN: value } },
            [{ environment: { SECRET: value } }],
            { environment: { SECRET: value } },
          ].map((held): CorpusEntry => {
            const resource = { type, name: "subject", props: { [name]: held } };
            return rule.kind === "resource" ? resource : { resources: [resource] };
          }),
        ),
      ),
  );
}
