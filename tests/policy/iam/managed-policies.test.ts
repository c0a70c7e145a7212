import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "mocha";
import { fullAccess } from "../../../policy/iam/canaries";
import { readDocument } from "../../../policy/iam/document";
import { permissionsOf } from "../../../policy/iam/evaluate";
import { grammarProblems } from "../../../policy/iam/grammar";
import { allowsAdministration, allowsEveryService } from "../../../policy/iam/no-admin-statement";
import { whyBroad } from "../../../policy/iam/no-broad-managed-policy";
import { rules } from "../../../policy/rules";
import { diagnose } from "../../support/rule-cases";

const FIXTURES = resolve(__dirname, "../../fixtures");
const FOLDER = join(FIXTURES, "iam-policies/managed");

interface Fixture {
  readonly source: string;
  readonly name: string;
  readonly path: string;
  readonly document: unknown;
}

function fixture(file: string): Fixture {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What each of AWS's own documents comes to: areas of SageMaker on any name, ways to every permission, every service, permissions. */
const EXPECTED: Readonly<
  Record<string, readonly [areas: number, ways: boolean, everything: boolean, administers: boolean]>
> = {
  AmazonSageMakerFullAccess: [6, true, false, false],
  AdministratorAccess: [6, true, true, true],
  PowerUserAccess: [6, false, true, false],
  DataScientist: [6, true, false, false],
  AmazonSageMakerModelCustomizationCoreAccess: [5, false, false, false],
  IAMFullAccess: [0, true, false, true],
  AWSLambda_FullAccess: [0, true, false, false],
  AmazonSageMakerCanvasFullAccess: [0, false, false, false],
  AmazonSageMakerModelRegistryFullAccess: [0, false, false, false],
  AmazonSageMakerGeospatialFullAccess: [0, false, false, false],
  AWSGlueConsoleSageMakerNotebookFullAccess: [0, false, false, false],
  AmazonSageMakerReadOnly: [0, false, false, false],
  AmazonSageMakerFeatureStoreAccess: [0, false, false, false],
  AmazonSageMakerGroundTruthExecution: [0, false, false, false],
  AmazonSageMakerPipelinesIntegrations: [0, false, false, false],
  AmazonS3FullAccess: [0, false, false, false],
  AmazonS3ReadOnlyAccess: [0, false, false, false],
  AmazonEC2ContainerRegistryReadOnly: [0, false, false, false],
  AWSLambdaBasicExecutionRole: [0, false, false, false],
  ViewOnlyAccess: [0, false, false, false],
};

describe("AWS's own documents", () => {
  const all = [
    fixture(join(FIXTURES, "amazon-sagemaker-full-access.json")),
    ...readdirSync(FOLDER).map((file) => fixture(join(FOLDER, file))),
  ];

  it("all have an expectation, and a source with version and date", () => {
    assert.deepEqual(all.map(({ name }) => name).sort(), Object.keys(EXPECTED).sort());
    for (const { source } of all) assert.match(source, /, v\d+ of \d{4}-\d{2}-\d{2}, as recorded by /);
  });

  for (const { name, path, document } of all) {
    it(`${name} is judged by what it allows`, () => {
      const read = readDocument(document);
      assert.equal(read.kind, "document");
      if (read.kind !== "document") return;
      const permissions = permissionsOf(read.statements);
      const full = fullAccess(permissions);
      const areas = full === undefined ? 0 : full.areas.length;

      assert.deepEqual(
        [
          areas,
          (full?.escalations.length ?? 0) > 0,
          allowsEveryService(permissions) !== undefined,
          allowsAdministration(permissions) !== undefined,
        ],
        EXPECTED[name],
      );
      assert.deepEqual(grammarProblems(read.raw), []);
    });

    it(`${name} is refused by its ARN if its document amounts to full access, or its name says so`, async () => {
      const arn = `arn:aws:iam::aws:policy${path}${name}`;
      const byArn = rules.filter(({ id, kind }) => id.startsWith("iam-") && kind === "resource");
      const found = await Promise.all(
        byArn.map((rule) =>
          diagnose(rule, {
            type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            props: { policyArn: arn },
          }),
        ),
      );
      const [areas = 0, ways = false] = EXPECTED[name] ?? [];

      assert.equal(found.flat().length, areas >= 4 || ways || /FullAccess/.test(name) ? 1 : 0);
    });
  }

  it("are broad by name in their variants, and not by a part of a name", () => {
    const broad = (name: string) => whyBroad({ path: "/", name }) !== undefined;

    for (const name of [
      "AmazonGuardDutyFullAccess_v2",
      "CloudWatchFullAccessV2",
      "AdministratorAccess-Amplify",
      "NetworkAdministrator",
    ])
      assert.ok(broad(name), name);
    for (const name of [
      "AmazonSageMakerReadOnly",
      "AWSCloud9Administrator",
      "AmazonSageMakerFeatureStoreAccess",
    ])
      assert.ok(!broad(name), name);
  });
});
