import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { runCli } from "../support/run-cli";

const folder = join(projectRoot, "examples/guarded");
const readme = readFileSync(join(folder, "README.md"), "utf8");

interface Verdict {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

function planned(stack: string, ...options: readonly string[]) {
  return runCli(["plan", "--program", folder, "--stack", stack, ...options], { COLUMNS: "100" });
}

/** Plans offline; does not prove that AWS accepts the model's image or artifact. */
describe("the example of the pack on another program", () => {
  const ownCeilings = ["--policy-pack-config", join(folder, "policy-config.json")];

  it("passes with status 0 where it keeps to the pack, under the default and under its own ceilings", async () => {
    for (const options of [[], ownCeilings]) {
      const { status, stdout, stderr } = await planned("good", ...options);

      assert.equal(status, 0, stderr);
      assert.match(stdout, /^Policies: .*no violation/m);
    }
  });

  it("fails with status 1 and tells both violations with resource, price and ceiling", async () => {
    const { status, stdout } = await planned("bad", "--json");

    const { policies } = JSON.parse(stdout) as { policies: Verdict[] };
    assert.equal(status, 1);
    assert.deepEqual(
      policies.map(({ policy, level, urn }) => [policy, level, urn.split("::").slice(2).join(" ")]),
      [
        [
          "cost-instance-ceiling",
          "mandatory",
          "aws:sagemaker/endpointConfiguration:EndpointConfiguration sentiment",
        ],
        [
          "iam-no-sagemaker-full-access",
          "mandatory",
          "aws:iam/rolePolicyAttachment:RolePolicyAttachment serving",
        ],
      ],
    );
    assert.match(
      policies[0]?.message ?? "",
      /ml\.g5\.12xlarge costs 7\.09 USD .* the ceiling for hosting is 1\.5:/,
    );
    assert.match(policies[1]?.message ?? "", /attaches arn:aws:iam::aws:policy\/AmazonSageMakerFullAccess\./);
  });

  it("says what its README shows, under the team's own ceilings", async () => {
    const { status, stdout } = await planned("bad", ...ownCeilings);

    const shown = /says, among the rest:\n\n```\n(.*?)\n```/s.exec(readme)?.[1]?.split("\n") ?? [];
    assert.equal(status, 1);
    assert.equal(shown.length, 4);
    for (const line of shown) assert.ok(stdout.split("\n").includes(line), `${line}\n${stdout}`);
    assert.match(stdout.replace(/\s+/g, " "), /the ceiling for hosting is 0\.25:/);
  });
}).timeout(60_000);
