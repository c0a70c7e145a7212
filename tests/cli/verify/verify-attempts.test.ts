import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endpointTarget } from "../../../cli/core/invoke/targets";
import { plainImage } from "../../../cli/core/verify/plain-image";
import { setEnvironment } from "../../support/environment";
import { awsError, startRuntime } from "../../support/runtime-server";
import { awsEnvironment } from "../prune/prune-tools";

/** With the SDK's own delays, which other tests shorten by a strategy of their own. */
describe("the endpoint that verify asks", () => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-verify-attempts-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const [title, attempts, expected] of [
    ["is asked again when it is unavailable once", { maxAttempts: 3 }, ["answered", 2]],
    ["is asked once where no attempts are named, as for invoke", {}, ["failed", 1]],
  ] as const) {
    it(title, async () => {
      const file = join(folder, "plain.png");
      writeFileSync(file, plainImage());
      const runtime = await startRuntime((response, attempt) =>
        attempt === 1
          ? awsError(response, 503, "ServiceUnavailable")
          : response.writeHead(200, { "content-type": "application/json" }).end("[[1,2,3]]"),
      );
      const restore = setEnvironment(awsEnvironment(runtime.endpoint, folder));
      const target = endpointTarget("e", "us-east-1", { top: 1, names: undefined }, attempts);
      try {
        const reply = await target.send({ kind: "file", path: file, name: "plain.png" });
        assert.deepEqual([reply.kind, runtime.seen.length], expected);
      } finally {
        restore();
        await target.close();
        await runtime.close();
      }
    });
  }
});
