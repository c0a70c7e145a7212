import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { scheduleTag } from "../../../policy/cost/schedule-tag";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const notebook = "aws:sagemaker/notebookInstance:NotebookInstance";
const instance = "aws:ec2/instance:Instance";
const spot = "aws:ec2/spotInstanceRequest:SpotInstanceRequest";

describeRule(scheduleTag, {
  pass: [
    {
      title: "a notebook with a lifecycle configuration",
      type: notebook,
      props: { lifecycleConfigName: "idle" },
    },
    { title: "a notebook with a tag", type: notebook, props: { tags: { "auto-stop": "20:00" } } },
    {
      title: "a tag in another spelling",
      type: instance,
      props: { instanceType: "g4dn.xlarge", tags: { AutoStop: "yes" } },
    },
    {
      title: "a tag of the provider",
      type: instance,
      props: { instanceType: "g4dn.xlarge", tagsAll: { Schedule: "office" } },
    },
    { title: "an instance without a GPU", type: instance, props: { instanceType: "t3.micro" } },
    { title: "production, by its tag", type: notebook, props: { tags: { Environment: "prod-eu" } } },
    { title: "production, by the setting", type: notebook, props: {}, settings: { production: true } },
    {
      title: "a tag of the team's own",
      type: notebook,
      props: { tags: { ends: "friday" } },
      settings: { scheduleTags: ["ends"] },
    },
  ],
  violate: [
    {
      title: "a GPU instance that nothing stops",
      type: instance,
      props: { instanceType: "g4dn.xlarge", tags: { environment: "dev" } },
      says: /This g4dn\.xlarge runs, and is billed, until somebody stops it: it has no tag schedule, auto-stop, idle-stop\./,
    },
    {
      title: "a GPU spot request that nothing stops",
      type: spot,
      props: { instanceType: "g5.xlarge" },
      says: /This g5\.xlarge runs/,
    },
    {
      title: "a notebook that nothing stops",
      type: notebook,
      props: {},
      says: /This notebook runs.* and no lifecycleConfigName/,
    },
    { title: "an empty tag", type: notebook, props: { tags: { schedule: "" } }, says: /has no tag/ },
    {
      title: "an environment that only begins like production",
      type: notebook,
      props: { tags: { env: "product-demo" } },
      says: /has no tag/,
    },
  ],
});

describe("cost-schedule-tag", () => {
  it("passes a lifecycle configuration whose name a deployment will tell", async () => {
    assert.deepEqual(
      await diagnose(scheduleTag, { type: notebook, props: { lifecycleConfigName: UNKNOWN_STRING } }),
      [],
    );
  });
});
