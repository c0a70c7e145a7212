import assert from "node:assert/strict";
import type { Services } from "../../../lambda/invoke/core";

const path = require.resolve("../../../lambda/invoke/handler");
const complete = {
  AWS_REGION: "us-east-1",
  ENDPOINT_NAME: "e",
  MODEL_NAME: "breeds",
  CLASS_COUNT: "3",
  MAX_IMAGE_BYTES: "1000",
};

/** What the module makes of an environment: it reads it once, when it is loaded. */
function servicesIn(environment: Readonly<Record<string, string>>): Services {
  const saved = process.env;
  process.env = { ...complete, ...environment };
  delete require.cache[path];
  try {
    const { services } = require(path) as { readonly services: Services };
    services.client.destroy();
    return services;
  } finally {
    process.env = saved;
    delete require.cache[path];
  }
}

/** The names are those of https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html; the test does not prove their values. */
describe("the function's module", () => {
  it("takes version and provisioning from the variables of the runtime", () => {
    const { version, provisioned } = servicesIn({
      AWS_LAMBDA_FUNCTION_VERSION: "13",
      AWS_LAMBDA_INITIALIZATION_TYPE: "provisioned-concurrency",
    });

    assert.deepEqual([version, provisioned], ["13", true]);
  });

  it("takes an environment that was started for a request for one that is not provisioned", () => {
    const { version, provisioned } = servicesIn({ AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand" });

    assert.deepEqual([version, provisioned], [undefined, false]);
  });

  it("takes the failures' form from its own variable", () => {
    assert.equal(servicesIn({ FAIL_ON_ERROR: "true" }).settings.failOnError, true);
    assert.equal(servicesIn({}).settings.failOnError, false);
  });
});
