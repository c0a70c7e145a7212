import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { runCli } from "../../support/run-cli";
import { Refusal } from "../prune/fake-aws";
import { contractOf } from "../prune/prune-tools";
import { amiParameter, arn, doctorTools, exported, healthy } from "./doctor-tools";

/** Does not prove what AWS answers; the forms are those of the services' API references. */
describe("sagemaker-ops doctor", () => {
  const { folder, run, findings } = doctorTools();

  it("looks at everything, and ends with 0 where there is no problem", async () => {
    const { status, stdout, stderr } = await run({ columns: 140 });

    assert.equal(status, 0, stdout + stderr);
    assert.equal(
      stdout
        .replace(process.version, "<node>")
        // The tables are refreshed, and their ages with them.
        .replace(/ {2}prices[\s\S]*?(?= {2}ceiling)/, "  prices …\n"),
      `sagemaker-ops/dev in us-east-1

this computer
  node         ok           Node.js: <node>
  pulumi       ok           Pulumi CLI: 3.259.0
  python       ok           Python: 3.12.4 (python3)
  git          ok           git: 2.45.0
  aws          ok           AWS CLI: 2.31.0
  session      ok           Session Manager plugin: 1.2.707.0

account
  region       ok           aws:region: us-east-1
  credentials  ok           AWS credentials: arn:aws:iam::123456789012:user/test
  account      ok           AWS account: 123456789012, where the stack is deployed
  clock        ok           this computer's clock: as AWS's

quotas and limits
  hosting      ok           ml.m5.large for endpoint usage: 4, 1 in use by the whole account, 1 of them by this stack; needed: 4
  training     ok           ml.m5.xlarge for training job usage: 15, 2 in use by the whole account; needed: 1
  box          ok           All G and VT Spot Instance Requests: 4, 4 in use by the whole account; needed: 4
  concurrency  ok           Lambda executions at once: 1000 in the account, of which 895 can be reserved; reserved by this stack: 5

images
  dates        ok           ends of patch: read on 2026-11-21
  patches      not checked  ray:serve-cpu-test: no end of patch is known for it
                            Look at https://aws.github.io/deep-learning-containers/reference/support_policy
  patches      ok           pytorch:2.13-cpu-test: security faults are mended until 2027-07-20, as was read on 2026-11-21
  patches      warning      gpu-pytorch-2.9-ubuntu-24.04: security faults were mended until 2026-10-15, as was read on 2026-11-21. Expected:
                            a later end
                            Choose a newer trainingBox.ami.amiType:
                            https://docs.aws.amazon.com/dlami/latest/devguide/dlami-support-policy-table.html
  image        ok           images.serving.cpu: 763104351884.dkr.ecr.us-east-1.amazonaws.com/ray:serve-cpu-test, made 2026-11-07 (14 days
                            ago)
  image        ok           images.training.cpu: 763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch:2.13-cpu-test, made 2026-11-14 (7 days
                            ago)
  ami          ok           ${amiParameter}: ami-0123456789abcdef0 (Deep
                            Learning AMI), made 2026-11-20 (1 day ago)
  ami          ok           the training box as it is: runs ami-00000000000000001, made 2026-06-20 (154 days ago)

costs
  prices …
  ceiling      ok           worst month as deployed: USD 2.00 of USD 1000.00

roles
  linked role  ok           AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint: is there
  linked role  ok           AWSServiceRoleForEC2Spot: is there
  permissions  ok           single-role-1a2b3c4: used within 90 days: s3, logs, ecr, cloudwatch
  permissions  not checked  training-1a2b3c4: the role is 20 days old, and is judged by 90: run again later, or give --days

leftovers
  tagged       ok           sagemaker-ops/dev: 3 tagged things, none of them left over

No problem, 2 warnings, 2 not checked, of 29 checks.
`,
    );
  });

  it("keeps within a narrow screen, but for addresses that are to be copied", async () => {
    const { stdout } = await run({ columns: 60 });

    assert.deepEqual(
      stdout.split("\n").filter((line) => line.length > 60 && !/^ +https:\S+$/.test(line)),
      [],
    );
  });

  it("only reads", async () => {
    const { aws } = await run();

    assert.deepEqual([...new Set(aws.calls.map(({ operation }) => operation))].sort(), [
      "DescribeEndpoint",
      "DescribeEndpointConfig",
      "DescribeImages",
      "GenerateServiceLastAccessedDetails",
      "GetAccountSettings",
      "GetCallerIdentity",
      "GetFunctionConcurrency",
      "GetMetricStatistics",
      "GetParameter",
      "GetResources",
      "GetRole",
      "GetServiceLastAccessedDetails",
      "ListServiceQuotas",
    ]);
  });

  it("finds what is wrong in an account, and ends with 1", async () => {
    const account = healthy();
    const endpoints = account.quotas.sagemaker?.find(({ code }) => code === "L-00000002");
    account.quotas.sagemaker?.splice(0, 5, { ...endpoints, value: 3 } as NonNullable<typeof endpoints>);
    account.quotas.ec2?.splice(0);
    account.defaults.sagemaker = [{ name: "ml.m5.xlarge for training job usage", code: "L-1", value: 0 }];
    account.concurrency = { limit: 10, unreserved: 10 };
    account.reserved.clear();
    account.roles.delete("AWSServiceRoleForEC2Spot");
    account.roles.delete("training-1a2b3c4");
    account.images.delete("pytorch:2.13-cpu-test");
    account.parameters.clear();
    account.amis.clear();
    account.used.set("single-role-1a2b3c4", {
      s3: "2026-11-20",
      logs: null,
      ecr: "2026-11-01",
      kms: "2026-01-02",
    });
    account.tagged.set(arn("sagemaker", "notebook-instance/old"), "sagemaker-ops/dev");
    account.tagged.set(arn("sagemaker", "endpoint/x"), "sagemaker-ops/gone");

    const { status, of, all } = await findings({ account });

    const told = (check: string) => of(check).map((one) => `${one.status}: ${one.found}`);
    assert.equal(status, 1);
    assert.deepEqual(told("hosting"), [
      "problem: 3, 1 in use by the whole account, 1 of them by this stack; needed: 4",
    ]);
    assert.deepEqual(told("training"), [
      "problem: 0 (AWS's default; the account's own value is not told); needed: 1",
    ]);
    assert.deepEqual(told("box"), ["unchecked: Service Quotas does not tell the quota"]);
    assert.deepEqual(
      of("concurrency").map((one) => one.status),
      ["problem", "warning"],
    );
    assert.deepEqual(
      of("linked role").map((one) => one.status),
      ["ok", "warning"],
    );
    assert.deepEqual(told("image").at(-1), `problem: ${of("image").at(-1)?.found}`);
    assert.deepEqual(told("ami"), [
      "problem: does not exist in this region",
      "warning: runs ami-00000000000000001, which AWS has taken away: the box goes on, and cannot be made anew from it",
    ]);
    assert.deepEqual(told("permissions"), [
      "warning: not used for 90 days: logs (never), kms (last 2026-01-02, LastOfkms)",
      "problem: is in the state and not in the account",
    ]);
    assert.deepEqual(
      of("tagged").map(({ subject }) => subject),
      [arn("sagemaker", "notebook-instance/old"), "sagemaker-ops/gone"],
    );
    assert.deepEqual(
      all.filter((one) => one.status === "problem" && (one.expected === undefined || one.fix === undefined)),
      [],
    );
  });

  it("leaves unchecked what the stack uses itself where its endpoints may not be described, and judges the rest", async () => {
    const account = healthy();
    account.endpoints.set("sagemaker-ops-dev-single", { instanceType: "ml.m5.large", instances: 0 });
    const others = await findings({ account });
    const refused = await findings({
      account,
      fate: ({ operation }) =>
        operation === "DescribeEndpointConfig" ? new Refusal("AccessDeniedException", "no", 403) : "answer",
    });

    assert.deepEqual([others.of("hosting")[0]?.status, others.of("use")], ["warning", []]);
    assert.equal(refused.of("hosting")[0]?.status, "ok");
    assert.equal(refused.of("use")[0]?.status, "unchecked");
    assert.match(
      refused.of("use")[0]?.found ?? "",
      /^sagemaker:DescribeEndpointConfig of sagemaker-ops-dev-single was refused/,
    );
  });

  it("names the actions that a role's policy in the state allows and nobody used, in a service that was used", async () => {
    const state = exported() as { deployment: { resources: object[] } };
    const statement = (Effect: string, Action: string | string[]) => ({ Effect, Action, Resource: "*" });
    const policy = (role: string, ...Statement: object[]) => ({
      type: "aws:iam/rolePolicy:RolePolicy",
      urn: "urn:pulumi:dev::sagemaker-ops::aws:iam/rolePolicy:RolePolicy::permissions",
      id: `${role}:permissions`,
      inputs: { role, policy: JSON.stringify({ Statement }) },
      outputs: {},
    });
    state.deployment.resources.push(
      policy(
        "single-role-1a2b3c4",
        statement("Allow", ["s3:Un*", "s3:Get*"]),
        statement("Allow", "logs:UnusedOflogs"),
      ),
      policy("single-role-1a2b3c4", statement("Deny", "ecr:*")),
      policy("training-1a2b3c4", statement("Allow", "cloudwatch:*")),
    );

    const { of } = await findings({ state });

    assert.equal(
      of("permissions")[0]?.found,
      "not used for 90 days: s3:UnusedOfs3 (never), logs:UnusedOflogs (never)",
    );
  });

  it("judges roles by the days that are given", async () => {
    const { of } = await findings({ args: ["--days", "15"] });

    assert.match(of("permissions")[0]?.found ?? "", /^not used for 15 days: ecr \(last .*\), cloudwatch/);
    assert.equal(of("permissions")[1]?.found, "allows no service");
  });

  it("gives up on a report that IAM does not finish", async () => {
    const account = healthy();
    account.reportLooks = Number.POSITIVE_INFINITY;

    const { status, of } = await findings({ account });

    assert.equal(status, 0);
    assert.equal(of("permissions")[0]?.found, "IAM has not finished its report: run the command again");
  });

  it("asks nothing more of an account that is not the stack's", async () => {
    const { status, of, aws } = await findings({
      state: exported(contractOf({ accountId: "210987654321" })),
    });

    assert.equal(status, 1);
    assert.equal(of("account")[0]?.status, "problem");
    assert.equal(of("quotas")[0]?.found, "the credentials are of another account than the stack");
    assert.deepEqual(
      aws.calls.map(({ operation }) => operation),
      ["GetCallerIdentity"],
    );
  });

  it("goes on without a state, and says what that leaves unchecked", async () => {
    const none = await findings({ givesState: false });
    writeFileSync(join(folder, "outputs.json"), JSON.stringify(contractOf({})));
    const outputs = await findings({
      givesState: false,
      args: ["--outputs", join(folder, "outputs.json")],
    });

    assert.equal(none.status, 0);
    for (const check of ["permissions", "tagged", "ceiling"])
      assert.match(
        none.of(check)[0]?.found ?? "",
        /^pulumi stack export --stack dev failed: error: no login/,
      );
    assert.equal(none.of("hosting")[0]?.status, "ok");
    assert.equal(outputs.status, 0);
    assert.equal(
      outputs.of("permissions")[0]?.found,
      "--outputs does not tell the stack's resources: give --state",
    );
    assert.equal(outputs.of("ceiling")[0]?.status, "ok");
  });

  it("looks before the first deployment too", async () => {
    const account = healthy();
    account.reserved.clear();
    account.tagged.clear();

    const { status, of } = await findings({ account, state: { deployment: null } });

    assert.equal(status, 0);
    assert.equal(of("ceiling")[0]?.found, "nothing is deployed");
    assert.equal(of("account")[0]?.found, "123456789012; no outputs of the stack to compare it with");
    // What others use of the quota is not free, and nothing of it is the stack's.
    assert.deepEqual(
      of("box").map(({ status: one }) => one),
      ["warning"],
    );
  });

  it("refuses wrong arguments with 2", async () => {
    for (const [args, expected] of [
      [["--days", "0"], /--days is "0"; it must be a whole number from 1 to 400/],
      [["--days", "401"], /--days is "401"/],
      [["--days", "soon"], /--days is "soon"/],
      [["--state", join(folder, "absent.json")], /--state/],
    ] as const) {
      const { status, stderr, aws } = await run({ args, givesState: false });

      assert.equal(status, 2);
      assert.match(stderr, expected);
      assert.deepEqual(aws.calls, []);
    }
    const other = await run({ state: exported({ ...contractOf({}), stack: "sagemaker-ops/prod" }) });
    assert.equal(other.status, 2);
  });

  it("is a command of the command line, and looks at the project's own stack offline", async () => {
    const { status, stdout, stderr } = await runCli(["doctor", "-s", "dev", "--offline", "--json"]);

    assert.ok(status === 0 || status === 1, stderr);
    const { stack, offline } = JSON.parse(stdout) as { stack: string; offline: boolean };
    assert.deepEqual([stack, offline], ["sagemaker-ops/dev", true]);
  });

  it("has a page that names every permission that the code asks for, and no other", () => {
    const page = readFileSync(join(__dirname, "../../../docs/doctor.md"), "utf8");
    const sources = ["hosting", "identity", "images", "lambda", "quotas", "roles", "tagged"].map((name) =>
      readFileSync(join(__dirname, `../../../cli/core/doctor/ask-${name}.ts`), "utf8"),
    );
    const actions = (text: string, quote: string) =>
      [
        ...new Set(
          [...text.matchAll(new RegExp(`${quote}([a-z0-9]+:[A-Z]\\w+)${quote}`, "g"))].map(([, one]) => one),
        ),
      ].sort();

    assert.deepEqual(
      actions(page, "`").filter((action) => action !== "iam:CreateServiceLinkedRole"),
      actions(sources.join("\n"), '"'),
    );
  });
});
