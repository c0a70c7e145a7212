import assert from "node:assert/strict";
import { chain } from "@smithy/core/config";
import { fromSharedConfigFiles } from "../../../../lambda/invoke/stand-ins/config-files";

describe("the configuration files of the archive", () => {
  it("have nothing, so that the SDK goes on to what stands behind them", async () => {
    assert.equal(await chain(fromSharedConfigFiles(), async () => "default")(), "default");
    await assert.rejects(chain(fromSharedConfigFiles())(), /no configuration files/);
  });
});
