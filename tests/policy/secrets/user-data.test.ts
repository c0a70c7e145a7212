import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { describe, it } from "mocha";
import { userData } from "../../../policy/secrets/user-data";
import { describeRule, diagnose } from "../../support/rule-cases";

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

const innocent = "#!/bin/bash\nset -euo pipefail\nDB_PASSWORD=$(aws ssm get-parameter --name /breeds/db)\n";
const leaking = "#!/bin/bash\nset -euo pipefail\nexport DB_PASSWORD=hunter2!\n";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const packed = (text: string) => gzipSync(text).toString("base64");

describeRule(userData, {
  pass: [
    { title: "a script that fetches its secret", type: INSTANCE, props: { userData: innocent } },
    { title: "the same as base64", type: INSTANCE, props: { userDataBase64: base64(innocent) } },
    { title: "the same compressed", type: TEMPLATE, props: { userData: packed(innocent) } },
    { title: "none", type: TEMPLATE, props: { imageId: "ami-1", userData: "" } },
  ],
  violate: [
    {
      title: "a password in a script",
      type: INSTANCE,
      props: { userData: leaking },
      says: /userData holds what looks like a password in line 3, .* Keep it in Secrets Manager/,
    },
    {
      title: "a spot instance's, as base64",
      type: "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
      props: { userDataBase64: base64(leaking) },
      says: /userDataBase64 holds what looks like a password in line 3/,
    },
    {
      title: "a launch template's, compressed",
      type: TEMPLATE,
      props: { userData: packed(leaking) },
      says: /userData holds what looks like a password in line 3/,
    },
    {
      title: "a launch configuration's, as base64 that was put in the place of text",
      type: "aws:ec2/launchConfiguration:LaunchConfiguration",
      props: { userData: base64(leaking) },
      says: /userData holds what looks like a password in line 1/,
    },
    {
      title: "more secrets than anybody reads",
      type: INSTANCE,
      props: { userData: "DB_PASSWORD=hunter2!\n".repeat(9) },
      says: /in line 5, 4 more,/,
    },
  ],
});

describe("secrets-user-data and what is no text", () => {
  it("says that it could not look", async () => {
    const noise = Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 7919) % 256));
    for (const bytes of [noise, gzipSync(noise), Buffer.concat([Buffer.from([0x1f, 0x8b]), noise])]) {
      const [found, ...others] = await diagnose(userData, {
        type: TEMPLATE,
        props: { userData: bytes.toString("base64") },
      });

      assert.deepEqual(others, []);
      assert.equal(found?.level, "advisory");
      assert.match(found?.message ?? "", /userData is neither text nor compressed text/);
    }
  });
});
