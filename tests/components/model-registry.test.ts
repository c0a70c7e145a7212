import assert from "node:assert/strict";
import { ModelRegistry } from "../../infra/components/model-registry";
import { countByType, only, recordResources } from "../support/mocks";
import { context } from "../support/serving";

/** Does not prove that AWS refuses to delete a group that has versions. */
describe("ModelRegistry", () => {
  const type = "aws:sagemaker/modelPackageGroup:ModelPackageGroup";
  const build = (protect: boolean) =>
    recordResources(
      () =>
        new ModelRegistry("breeds", {
          context: { ...context, protect },
          groupName: "sagemaker-ops-test-breeds",
        }),
    );

  it("is one group of the given name, without a description, whose change would replace it", async () => {
    const resources = await build(true);

    assert.deepEqual(countByType(resources), { [type]: 1, "mlops:registry:ModelRegistry": 1 });
    assert.deepEqual(only(resources, type).inputs, { modelPackageGroupName: "sagemaker-ops-test-breeds" });
  });

  it("is protected and kept where the stack retains what it has, and nowhere else", async () => {
    for (const protect of [true, false]) {
      const { options } = only(await build(protect), type);

      assert.deepEqual([options.protect, options.retainOnDelete], [protect, protect]);
    }
  });
});
