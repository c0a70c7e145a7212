import assert from "node:assert/strict";
import type { Services } from "../../../lambda/invoke/core";
import { keptEnvironment } from "../../support/environment";

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

  it("takes the address of S3 from the SDK's variable, and goes to S3 itself where there is none", () => {
    assert.equal(servicesIn({ AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" }).s3Endpoint, "http://127.0.0.1:1");
    assert.equal(servicesIn({}).s3Endpoint, undefined);
  });

  it("reads the trace anew for each request", () => {
    const restore = keptEnvironment();
    try {
      const { traceHeader } = servicesIn({ _X_AMZN_TRACE_ID: "Root=1-a" });
      process.env._X_AMZN_TRACE_ID = "Root=1-b";

      assert.equal(traceHeader?.(), "Root=1-b");
    } finally {
      restore();
    }
  });

  it("writes its lines to the standard output itself: the runtime's console would wrap them", () => {
    const { write } = servicesIn({});
    const written: unknown[] = [];
    const { log } = console;
    const stdout = process.stdout.write;
    console.log = () => written.push("by the console");
    process.stdout.write = (text: unknown) => written.push(text) > 0;
    try {
      write('{"a":1}');
    } finally {
      console.log = log;
      process.stdout.write = stdout;
    }

    assert.deepEqual(written, ['{"a":1}\n']);
  });

  it("takes the failures' form from its own variable", () => {
    assert.equal(servicesIn({ FAIL_ON_ERROR: "true" }).settings.failOnError, true);
    assert.equal(servicesIn({}).settings.failOnError, false);
  });
});
