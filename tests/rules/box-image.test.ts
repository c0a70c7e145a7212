import assert from "node:assert/strict";
import { amiParameterName } from "../../infra/rules/box-image";

describe("amiParameterName", () => {
  it("asks for the image of the instance's architecture", () => {
    const amiType = "oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04";
    assert.equal(
      amiParameterName("g4dn.xlarge", amiType),
      `/aws/service/deeplearning/ami/x86_64/${amiType}/latest/ami-id`,
    );
    assert.equal(
      amiParameterName("t4g.nano", amiType),
      `/aws/service/deeplearning/ami/arm64/${amiType}/latest/ami-id`,
    );
  });
});
