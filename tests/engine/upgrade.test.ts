import assert from "node:assert/strict";
import { join } from "node:path";
import { EngineStack, type Run } from "./support/engine-stack";
import { failuresOf } from "./support/operations";
import { takeSettings } from "./support/stack-settings";
import { describeWithEngine } from "./support/with-engine";
import { accountOf, allReleases } from "./upgrade/release";

/**
 * Protects: that who upgrades keeps what is running. A production stack in the state that a released version wrote, with its settings,
 * is planned by the program as it is now: nothing is replaced and nothing deleted. A renamed or reparented resource, a new physical name
 * or a key that is no longer understood would fail here.
 *
 * Jobs are excepted: their names hash the training program, so that a new one means new jobs, and the archive is named by its content.
 */
describeWithEngine("an upgrade", (engine) => {
  const ofTrainingProgram = /^aws:(sagemaker\/(trainingJob|hyperParameterTuningJob):|s3\/bucketObjectv2:)/;

  for (const release of allReleases()) {
    describe(`from ${release.version}`, () => {
      let preview: Run;

      before(async () => {
        const { cli, keep } = engine();
        const stack = keep(await EngineStack.ofProject(cli, "prod"));
        takeSettings(join(release.folder, "Pulumi.prod.yaml"), stack.path("Pulumi.prod.yaml"));
        const state = join(release.folder, "state.json");
        const imported = await stack.pulumi(["stack", "import", "--stack", "prod", "--file", state]);
        assert.equal(imported.status, 0, imported.stderr);
        stack.changeAccount((cloud) => Object.assign(cloud, accountOf(release)));
        preview = await stack.preview({ args: ["--refresh"] });
      });

      it("is planned with the settings of then", () => {
        assert.deepEqual(failuresOf(preview), []);
        assert.equal(preview.status, 0, preview.stderr);
        assert.ok(preview.operations.some(({ op }) => op === "same"));
      });

      it("replaces and deletes nothing", () => {
        const lost = preview.operations.filter(
          ({ op, type }) =>
            !["same", "refresh", "update", "create"].includes(op) && !ofTrainingProgram.test(type),
        );

        assert.deepEqual(
          lost.map(({ op, name }) => `${op} ${name}`),
          [],
        );
      });

      it("makes no second one of what is there", () => {
        const made = preview.operations.filter(({ op }) => op === "create").map(({ type }) => type);

        assert.deepEqual(
          made.filter((type) => /^aws:(s3\/bucket:|kms\/key:|sagemaker\/(model|endpoint))/.test(type)),
          [],
        );
      });
    });
  }
});
