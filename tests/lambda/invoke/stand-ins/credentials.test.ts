import assert from "node:assert/strict";
import { defaultProvider } from "../../../../lambda/invoke/stand-ins/credentials";
import { keptEnvironment } from "../../../support/environment";

describe("the credentials of the archive", () => {
  afterEach(keptEnvironment());

  it("are those that Lambda puts into the environment", async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
      AWS_SESSION_TOKEN: "c",
    });
    assert.deepEqual(await defaultProvider()(), {
      accessKeyId: "a",
      secretAccessKey: "b",
      sessionToken: "c",
    });

    delete process.env.AWS_SESSION_TOKEN;
    assert.deepEqual(await defaultProvider()(), { accessKeyId: "a", secretAccessKey: "b" });
  });

  it("are missing with a name that is answered as a misconfiguration", async () => {
    for (const missing of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" });
      delete process.env[missing];

      await assert.rejects(defaultProvider()(), { name: "CredentialsProviderError" }, missing);
    }
  });
});
