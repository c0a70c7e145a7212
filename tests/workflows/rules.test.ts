import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { job, jobs, steps, workflows } from "./workflow-files";

const stacks = readdirSync(projectRoot)
  .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.slice(1) ?? [])
  .sort();

/** Does not prove what GitHub does with the files: nobody but GitHub can run them. */
describe("the workflows", () => {
  it("take each action at one full commit, with its version in a comment", () => {
    const uses = workflows.flatMap(({ text }) =>
      [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, used = ""]) => used),
    );

    assert.deepEqual([...new Set(uses)].sort(), [
      "./.github/workflows/up-stack.yml",
      "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
      "actions/setup-node@6044e13b5dc448c55e2357c09f80417699197238 # v6.2.0",
      "aws-actions/configure-aws-credentials@8df5847569e6427dd6c4fb1cf565c83acfa8afa7 # v6.0.0",
      "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d # v7.0.0",
    ]);
    assert.deepEqual(
      uses.filter((used) => !/^(?:\.\/|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(used)),
      [],
    );
    assert.equal(
      uses.length,
      steps.filter((step) => step.uses !== undefined).length + 3,
      "every `uses:` was seen",
    );
  });

  it("start with no permission, and give each job the least", () => {
    assert.deepEqual(
      workflows.map(({ file, permissions }) => [file, permissions]),
      workflows.map(({ file }) => [file, {}]),
    );
    const read = { contents: "read" };
    const cloud = { contents: "read", "id-token": "write" };
    assert.deepEqual(Object.fromEntries(jobs.map(({ where, permissions }) => [where, permissions])), {
      "check.yml/check": read,
      "drift.yml/stacks": read,
      "drift.yml/compare": cloud,
      "drift.yml/issue": { ...read, issues: "write" },
      "preview.yml/stacks": read,
      "preview.yml/preview": cloud,
      "preview.yml/comment": { ...read, "pull-requests": "write" },
      "up-stack.yml/preview": cloud,
      "up-stack.yml/up": cloud,
      "up.yml/stacks": read,
      "up.yml/dev": cloud,
      "up.yml/staging": cloud,
      "up.yml/prod": cloud,
    });
  });

  it("write to GitHub only from jobs that run nothing of the project's and of its dependencies", () => {
    const writing = jobs.filter(({ permissions = {} }) =>
      Object.entries(permissions).some(([scope, access]) => scope !== "id-token" && access === "write"),
    );

    assert.deepEqual(
      writing.map(({ where, steps: ofJob = [] }) => [
        where,
        ...ofJob.map(({ uses, run }) => run ?? uses?.split("@")[0]),
      ]),
      [
        ["drift.yml/issue", "actions/checkout", "node .github/scripts/drift-issue.mjs"],
        ["preview.yml/comment", "actions/checkout", "node .github/scripts/comment.mjs"],
      ],
    );
    for (const { steps: ofJob = [] } of writing)
      assert.equal(ofJob[0]?.with?.["sparse-checkout"], ".github/scripts");
    const withToken = steps.filter(({ env = {} }) =>
      Object.values(env).some((value) => /token|secrets/.test(value)),
    );
    assert.equal(withToken.length, writing.length);
  });

  it("hold no secret and never run with the rights of the base branch", () => {
    for (const { file, text, on } of workflows) {
      assert.doesNotMatch(text, /secrets[.[]|secrets: *inherit/, file);
      assert.deepEqual(
        ["pull_request_target", "workflow_run", "issue_comment"].filter((event) => event in on),
        [],
        file,
      );
    }
  });

  it("put no expression into a shell, and read nothing that a stranger can word", () => {
    assert.deepEqual(
      steps.filter(({ run }) => run?.includes("${{")).map(({ where }) => where),
      [],
    );
    for (const { file, text } of workflows) {
      assert.doesNotMatch(text, /head_ref|head\.(?:ref|label)|\.(?:title|body|message|name)\b(?! ==)/, file);
    }
  });

  it("leave no token behind in a checkout", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));

    assert.ok(checkouts.length > 8);
    assert.deepEqual(
      checkouts.filter((step) => step.with?.["persist-credentials"] !== false).map(({ where }) => where),
      [],
    );
  });

  it("take credentials after the dependencies are installed", () => {
    const order = jobs.flatMap(({ where, steps: ofJob = [] }) => {
      const credentials = ofJob.findIndex(({ uses }) =>
        uses?.startsWith("aws-actions/configure-aws-credentials@"),
      );
      return credentials < 0 ? [] : [[where, ofJob.findIndex(({ run }) => run === "npm ci") < credentials]];
    });

    assert.deepEqual(order, [
      ["drift.yml/compare", true],
      ["preview.yml/preview", true],
      ["up-stack.yml/preview", true],
      ["up-stack.yml/up", true],
    ]);
  });

  it("end every job in a bounded time, and an update not before its credentials end", () => {
    const bounds = jobs.filter(({ uses }) => uses === undefined).map((entry) => entry["timeout-minutes"]);

    assert.ok(bounds.every((minutes) => minutes !== undefined && minutes <= 240));
    const { steps: ofUp = [], "timeout-minutes": minutes } = job("up-stack.yml/up");
    const credentials = ofUp.find(({ uses }) => uses?.startsWith("aws-actions/"));
    assert.equal(credentials?.with?.["role-duration-seconds"], Number(minutes) * 60);
  });

  it("install one version of the Pulumi CLI, which the program takes", () => {
    const installed = new Set(
      steps
        .filter(({ uses }) => uses?.startsWith("pulumi/actions@"))
        .map((step) => JSON.stringify(step.with)),
    );
    const needed = /supported = ">=([\d.]+)"/.exec(
      readFileSync(join(projectRoot, "infra/stack/engine.ts"), "utf8"),
    )?.[1];

    assert.deepEqual([...installed], [JSON.stringify({ "pulumi-version": needed })]);
  });
});

describe("previews of pull requests", () => {
  it("are not made for forks and for updates of dependencies", () => {
    const { if: condition = "" } = job("preview.yml/stacks");

    assert.ok(condition.includes("github.event.pull_request.head.repo.full_name == github.repository"));
    assert.ok(condition.includes("github.event.pull_request.user.login != 'dependabot[bot]'"));
    assert.equal(job("preview.yml/preview").needs, "stacks");
    assert.deepEqual(job("preview.yml/comment").needs, ["stacks", "preview"]);
    assert.ok(job("preview.yml/comment").if?.includes("needs.stacks.result == 'success'"));
  });

  it("take a role of their own, not the one that deploys", () => {
    assert.deepEqual(
      jobs.flatMap(({ where, environment }) => (environment === undefined ? [] : [[where, environment]])),
      [
        ["drift.yml/compare", "${{ matrix.stack }}-preview"],
        ["preview.yml/preview", "${{ matrix.stack }}-preview"],
        ["up-stack.yml/preview", "${{ inputs.stack }}-preview"],
        ["up-stack.yml/up", "${{ inputs.stack }}"],
      ],
    );
  });

  it("hand on the report of every stack of this project", () => {
    const outputs = Object.fromEntries(
      stacks.map((stack) => [stack, `\${{ steps.report.outputs.${stack} }}`]),
    );

    assert.deepEqual(job("preview.yml/preview").outputs, outputs);
    assert.deepEqual(job("drift.yml/compare").outputs, outputs);
  });
});

describe("updates", () => {
  it("run one at a time for a stack, and none is ended for another", () => {
    assert.deepEqual(job("up-stack.yml/up").concurrency, {
      group: "up-${{ inputs.stack }}",
      "cancel-in-progress": false,
    });
    const { concurrency } = workflows.find(({ file }) => file === "up.yml") ?? {};
    assert.equal(
      concurrency,
      undefined,
      "a group of the whole workflow would end what waits for another stack",
    );
  });

  it("come after a preview and the verdicts, in a job that waits for the preview of its own run", () => {
    const { steps: ofUp = [], needs } = job("up-stack.yml/up");
    const shell = ofUp.filter(({ run }) => run !== undefined);

    assert.equal(needs, "preview");
    assert.deepEqual(
      shell.map(({ run, if: condition }) => [run, condition]),
      [
        ["npm ci", undefined],
        ['bash .github/scripts/preview.sh "$STACK" "$RUNNER_TEMP/preview"', undefined],
        ['bash .github/scripts/up.sh "$STACK"', undefined],
      ],
    );
  });

  it("start from the main branch only, and go from dev by staging to prod", () => {
    assert.ok(job("up.yml/stacks").if?.includes("github.ref == 'refs/heads/main'"));
    assert.deepEqual(
      ["dev", "staging", "prod"].map((stack) => job(`up.yml/${stack}`).needs),
      ["stacks", ["stacks", "dev"], ["stacks", "dev", "staging"]],
    );
    for (const stack of ["staging", "prod"])
      assert.match(job(`up.yml/${stack}`).if ?? "", /^\$\{\{ !failure\(\) && !cancelled\(\) && /);
    const up = workflows.find(({ file }) => file === "up.yml");
    const dispatch = up?.on.workflow_dispatch as { inputs: { stack: { options: string[] } } } | undefined;
    assert.deepEqual(dispatch?.inputs.stack.options.toSorted(), stacks);
  });
});
