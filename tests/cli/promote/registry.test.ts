import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { copyOf, type FakeAccount } from "../prune/fake-account";
import { Refusal } from "../prune/fake-aws";
import { bucket } from "../prune/prune-tools";
import { artifact, groupName, promoteTools, putObject, sha256 } from "./promote-tools";

/**
 * A model with a group of the model registry: promoted, approved, rejected, gone back to. The fake keeps tokens, patterns and lengths as
 * the API's model has them; it does not prove that AWS takes the model card, nor what AWS checks about image and artifact.
 */
describe("the model registry", () => {
  const { file, local, account, serve, writeStack, run } = promoteTools();
  const bytes = artifact({ accuracy: 0.875 });
  const digest = sha256(bytes);
  const promoted = ["promote", "breeds", "--from", local];

  const configure = (approval: "required" | "automatic", current?: string) =>
    writeStack(undefined, {
      models: {
        breeds: {
          classes: 133,
          ...(current === undefined ? {} : { digest: current }),
          registry: { kind: "group", approval },
        },
      },
    });
  const modelIn = (): { digest?: string; provenance?: { promotedBy: string } } => {
    const { config } = parse(readFileSync(file, "utf8")) as {
      config: Record<string, { breeds: { digest?: string } }>;
    };
    return config["sagemaker-ops:models"]?.breeds ?? {};
  };
  const versionsIn = (of: FakeAccount) => of.packageGroups.get(groupName) ?? [];
  const recordsIn = (of: FakeAccount) =>
    (of.buckets.get(bucket) ?? []).filter(({ key }) => key.startsWith("promotions/"));
  /** As another person. */
  const as = async <T>(of: FakeAccount, name: string, body: () => Promise<T>): Promise<T> => {
    const before = of.caller;
    of.caller = name;
    try {
      return await body();
    } finally {
      of.caller = before;
    }
  };

  beforeEach(() => writeFileSync(local, bytes));

  it("has a promoted artifact as a version, with its image, address, origin and card", async () => {
    configure("automatic");
    const made = account();
    const aws = await serve(made);

    const { status, stdout, stderr } = await run(aws, promoted);

    assert.equal(status, 0, stderr);
    assert.equal(modelIn().digest, digest);
    const [version, ...others] = versionsIn(made);
    assert.equal(others.length, 0);
    assert.equal(version?.approval, "Approved");
    const { InferenceSpecification, CustomerMetadataProperties, ModelPackageDescription } = version.input;
    assert.deepEqual(
      InferenceSpecification?.Containers.map(({ ModelDataUrl }) => ModelDataUrl),
      [`s3://${bucket}/models/${digest}/model.tar.gz`],
    );
    assert.match(
      InferenceSpecification?.Containers[0]?.Image ?? "",
      /^763104351884\.dkr\.ecr\.us-east-1\.amazonaws\.com\//,
    );
    assert.deepEqual(CustomerMetadataProperties, {
      "model-sha256": digest,
      source: "file model.tar.gz",
      "registered-by": "arn:aws:iam::123456789012:user/test",
      stack: "sagemaker-ops/dev",
      "validation-accuracy": "0.875",
    });
    assert.equal(ModelPackageDescription, `breeds of sagemaker-ops/dev, sha256 ${digest}`);
    const { evaluation_details } = JSON.parse(version.card?.ModelCardContent ?? "") as {
      evaluation_details: { metric_groups: { metric_data: { value: number }[] }[] }[];
    };
    assert.equal(evaluation_details[0]?.metric_groups[0]?.metric_data[0]?.value, 0.875);
    assert.equal(version.card?.ModelCardStatus, "Approved");
    assert.match(stdout, /registered as version 1 of sagemaker-ops-dev-breeds, Approved/);
  });

  it("has one version of an artifact, however often it is promoted", async () => {
    configure("automatic");
    const made = account();
    const aws = await serve(made);
    await run(aws, promoted);

    const { status, stdout } = await run(aws, promoted);

    assert.equal(status, 0);
    assert.equal(versionsIn(made).length, 1);
    assert.match(stdout, /^version 1 of sagemaker-ops-dev-breeds, Approved$/m);
  });

  it("holds a promotion back until somebody else has approved it", async () => {
    configure("required");
    const made = account();
    const aws = await serve(made);
    const before = readFileSync(file, "utf8");

    const waiting = await run(aws, promoted);

    assert.equal(waiting.status, 1);
    assert.match(waiting.stdout, /registered as version 1 of sagemaker-ops-dev-breeds, waits for approval/);
    assert.match(
      waiting.stdout.replace(/\s+/g, " "),
      new RegExp(
        `Not promoted\\. It waits for approval .* Somebody else than arn:aws:iam::123456789012:user/test has to run \`npx sagemaker-ops approve breeds ${digest.slice(0, 12)} --stack dev\``,
      ),
    );
    assert.equal(readFileSync(file, "utf8"), before);
    assert.deepEqual(recordsIn(made), []);
    assert.equal(versionsIn(made)[0]?.card?.ModelCardStatus, "PendingReview");

    const own = await run(aws, ["approve", "breeds"]);
    assert.equal(own.status, 1);
    assert.match(own.stderr, /user\/test has registered version 1 .* an approval is somebody else's/);
    assert.equal((await run(aws, promoted)).status, 1);

    const approved = await as(made, "ann", () => run(aws, ["approve", "breeds", "--comment", "Seen\nit"]));
    assert.equal(approved.status, 0, approved.stderr);
    assert.match(approved.stdout, /approved by arn:aws:iam::123456789012:user\/ann/);
    assert.match(approved.stdout, /validation accuracy 0\.8750, registered by .*user\/test/);
    const [version] = versionsIn(made);
    assert.equal(version?.approvalDescription, "by arn:aws:iam::123456789012:user/ann: Seen it");
    assert.equal(version.card?.ModelCardStatus, "Approved");
    assert.equal(version.card?.ModelCardContent, version.input.ModelCard?.ModelCardContent);

    const again = await run(aws, promoted);
    assert.equal(again.status, 0, again.stderr);
    assert.equal(modelIn().digest, digest);
    assert.equal(modelIn().provenance?.promotedBy, "arn:aws:iam::123456789012:user/test");
    assert.equal(recordsIn(made).length, 1);
    assert.equal(versionsIn(made).length, 1);
  });

  it("keeps a rejected artifact from being promoted, whoever asks, until somebody approves it after all", async () => {
    configure("automatic");
    const made = account();
    const aws = await serve(made);
    await run(aws, promoted);
    configure("automatic");

    const rejected = await run(aws, [
      "approve",
      "breeds",
      digest.slice(0, 8),
      "--reject",
      "--comment",
      "dark",
    ]);
    assert.equal(rejected.status, 0, rejected.stderr);
    const refused = await run(aws, promoted);

    assert.equal(refused.status, 1);
    assert.match(
      refused.stdout.replace(/\s+/g, " "),
      /It was rejected \(version 1 of sagemaker-ops-dev-breeds; Rejected: by arn:aws:iam::123456789012:user\/test: dark\)/,
    );
    assert.equal(modelIn().digest, undefined);

    await as(made, "ann", () => run(aws, ["approve", "breeds", digest]));
    assert.equal((await run(aws, promoted)).status, 0);
    assert.equal(modelIn().digest, digest);
  });

  it("is only looked at by --dry-run, whose status is that of the promotion", async () => {
    configure("required");
    const made = account();
    const aws = await serve(made);

    const first = await run(aws, [...promoted, "--dry-run"]);

    assert.equal(first.status, 1);
    assert.match(first.stdout, /would be registered in sagemaker-ops-dev-breeds, PendingManualApproval/);
    assert.deepEqual(versionsIn(made), []);

    await run(aws, promoted);
    await as(made, "ann", () => run(aws, ["approve", "breeds"]));
    const before = readFileSync(file, "utf8");
    const approved = await run(aws, [...promoted, "--dry-run", "--json"]);

    assert.equal(approved.status, 0);
    const { registration, refusal } = JSON.parse(approved.stdout) as {
      registration: { version: number; approval: string };
      refusal?: string;
    };
    assert.deepEqual([registration.version, registration.approval, refusal], [1, "Approved", undefined]);
    assert.equal(readFileSync(file, "utf8"), before);
  });

  it("is asked for nothing where the model has none, and missing where it is not deployed yet", async () => {
    writeStack();
    const aws = await serve(account());
    assert.equal((await run(aws, promoted)).status, 0);
    assert.ok(!aws.calls.some(({ operation }) => /ModelPackage/.test(operation)));
    const none = await run(aws, ["approve", "breeds"]);
    assert.equal(none.status, 2);
    assert.match(none.stderr, /models\.breeds\.registry is "none"/);

    writeStack(undefined, {
      models: { breeds: { classes: 133 }, cats: { classes: 2, registry: { kind: "group" } } },
    });
    writeFileSync(local, artifact({ classes: 2 }));
    const missing = await run(aws, ["promote", "cats", "--from", local]);
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /deployed without it\. Run `npx sagemaker-ops up --stack dev` first/);
  });

  it("ends as if promote had not been killed, when it is run again, whichever call it was killed at", async () => {
    const start = account();
    putObject(start, "output-of-dev", "jobs/a/output/model.tar.gz", bytes);
    const command = ["promote", "breeds", "--from", "s3://output-of-dev/jobs/a/output/model.tar.gz"];
    for (const [approval, status] of [
      ["automatic", 0],
      ["required", 1],
    ] as const) {
      configure(approval);
      const undisturbed = await serve(copyOf(start));
      assert.equal((await run(undisturbed, command)).status, status);
      const calls = undisturbed.calls.length;
      for (let fatal = 1; fatal <= calls; fatal += 1) {
        for (const fate of ["die before", "die after"] as const) {
          configure(approval);
          const made = copyOf(start);
          const killed = await serve(made);
          killed.fate = (_, number) => (number === fatal ? fate : "answer");
          assert.equal((await run(killed, command)).status, 3);
          assert.equal(modelIn().digest, undefined);
          await killed.close();
          const again = await serve(made);

          const ended = await run(again, command);

          assert.equal(ended.status, status, ended.stderr);
          assert.equal(modelIn().digest, status === 0 ? digest : undefined);
          assert.deepEqual(
            versionsIn(made).map(({ version }) => version),
            [1],
            `${approval}, ${fate} call ${fatal}`,
          );
          assert.equal(recordsIn(made).length, status === 0 ? 1 : 0, `${approval}, ${fate} call ${fatal}`);
          await again.close();
        }
      }
    }
  }).timeout(240_000);

  it("ends as if approve had not been killed, when it is run again, whichever call it was killed at", async () => {
    configure("required");
    const start = account();
    await run(await serve(start), promoted);
    start.caller = "ann";
    const undisturbed = await serve(copyOf(start));
    assert.equal((await run(undisturbed, ["approve", "breeds", digest])).status, 0);
    for (let fatal = 1; fatal <= undisturbed.calls.length; fatal += 1) {
      for (const fate of ["die before", "die after"] as const) {
        const made = copyOf(start);
        const killed = await serve(made);
        killed.fate = (_, number) => (number === fatal ? fate : "answer");
        assert.equal((await run(killed, ["approve", "breeds", digest])).status, 3);
        await killed.close();
        const again = await serve(made);

        assert.equal((await run(again, ["approve", "breeds", digest])).status, 0);

        assert.deepEqual(
          versionsIn(made).map(({ approval, version }) => `${version} ${approval}`),
          ["1 Approved"],
        );
        await again.close();
      }
    }
  }).timeout(60_000);

  it("has one version where two register the same artifact at once, as two persons", async () => {
    configure("required");
    const made = account();
    const aws = await serve(made);
    aws.fate = ({ operation }) => {
      // Bob has looked and found nothing, as this one has, and his call comes first.
      if (operation === "CreateModelPackage")
        versionsIn(made).push({
          arn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/${groupName}/1`,
          version: 1,
          createdAt: new Date(),
          createdBy: "arn:aws:iam::123456789012:user/bob",
          token: sha256(Buffer.from(`${groupName} ${digest}`)).slice(0, 36),
          input: {
            ModelPackageGroupName: groupName,
            InferenceSpecification: {
              Containers: [{ Image: "image", ModelDataUrl: `s3://${bucket}/models/${digest}/model.tar.gz` }],
            },
          },
          approval: "PendingManualApproval",
        });
      return "answer";
    };

    const { status, stdout } = await run(aws, promoted);

    assert.equal(status, 1);
    assert.equal(versionsIn(made).length, 1);
    assert.match(stdout, /^version 1 of sagemaker-ops-dev-breeds, waits for approval$/m);
    assert.match(
      stdout.replace(/\s+/g, " "),
      /Somebody else than arn:aws:iam::123456789012:user\/bob has to run/,
    );
  });

  it("has a version of each of two artifacts that are promoted at once, of which one wins the file", async () => {
    configure("automatic");
    const made = account();
    putObject(made, "output-of-dev", "other.tar.gz", artifact({ weights: "other" }));
    const aws = await serve(made);

    const both = await Promise.all([
      run(aws, promoted),
      run(aws, ["promote", "breeds", "--from", "s3://output-of-dev/other.tar.gz"]),
    ]);

    assert.deepEqual(both.map(({ status }) => status).sort(), [0, 2]);
    assert.match(both.find(({ status }) => status === 2)?.stderr ?? "", /was changed by somebody else/);
    assert.deepEqual(
      versionsIn(made).map(({ version }) => version),
      [1, 2],
    );
  });

  it("names the permission that is missing, with 3, and leaves the file", async () => {
    configure("automatic");
    const aws = await serve(account());
    aws.fate = ({ operation }) =>
      operation === "CreateModelPackage" ? new Refusal("AccessDeniedException", "no", 400) : "answer";

    const { status, stderr } = await run(aws, promoted);

    assert.equal(status, 3);
    assert.match(stderr, /Allow sagemaker:CreateModelPackage on sagemaker-ops-dev-breeds/);
    assert.equal(modelIn().digest, undefined);
  });
});
