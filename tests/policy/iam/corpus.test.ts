import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { noSagemakerAdminDocument } from "../../../policy/iam/no-sagemaker-admin-document";
import { roleEffectivePermissions } from "../../../policy/iam/role-effective-permissions";
import { FULL_ACCESS_SAMPLES, type Sample } from "../../fixtures/iam-policies/full-access";
import { NARROW_SAMPLES } from "../../fixtures/iam-policies/narrow-access";
import { diagnose } from "../../support/rule-cases";
import { analyzeStack } from "../../support/stack-request";

const ROLE = { type: "aws:iam/role:Role", name: "role", props: { name: "subject" } };

/** Whether full access is found, by the rule about one document, or where there are several, about one role. */
async function found({ documents, region }: Sample): Promise<{ alone: boolean; together: boolean }> {
  const provider = region === undefined ? {} : { provider: { region } };
  const alone = await Promise.all(
    documents.map((policy) =>
      diagnose(noSagemakerAdminDocument, {
        type: "aws:iam/rolePolicy:RolePolicy",
        props: { policy },
        ...provider,
      }),
    ),
  );
  const together = await analyzeStack(
    [roleEffectivePermissions.policy()],
    [
      { ...ROLE, ...provider },
      ...documents.map((policy, index) => ({
        type: "aws:iam/rolePolicy:RolePolicy",
        name: `policy-${index}`,
        props: { role: "subject", policy },
        ...provider,
      })),
    ],
  );
  const amounts = ({ message }: { message: string }) => /full SageMaker access: /.test(message);
  return { alone: alone.flat().some(amounts), together: together.some(amounts) };
}

/**
 * The corpus is this project's own reading of what amounts to full access. It does not prove that AWS decides each sample so.
 */
describe("full access, however it is written", () => {
  for (const sample of FULL_ACCESS_SAMPLES) {
    it(`is found in ${sample.title}`, async () => {
      const single = sample.documents.length === 1;
      assert.deepEqual(await found(sample), { alone: single, together: true });
    });
  }

  for (const sample of NARROW_SAMPLES) {
    it(`is not seen in ${sample.title}`, async () => {
      const { together, alone } = await found(sample);
      const one = sample.documents.length === 1;
      assert.deepEqual({ together, alone: one && alone }, { together: false, alone: false });
    });
  }

  it("has 30 samples and more of either sort, no two alike", () => {
    const all = [...FULL_ACCESS_SAMPLES, ...NARROW_SAMPLES];

    assert.ok(FULL_ACCESS_SAMPLES.length >= 30 && NARROW_SAMPLES.length >= 30);
    assert.equal(new Set(all.map(({ title }) => title)).size, all.length);
    assert.equal(
      new Set(all.map(({ documents, region }) => JSON.stringify([documents, region]))).size,
      all.length,
    );
  });
});
