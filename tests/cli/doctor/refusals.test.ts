import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Finding } from "../../../cli/core/doctor/finding";
import { type FakeRequest, type Handled, Refusal, xml } from "../prune/fake-aws";
import { doctorTools, healthy } from "./doctor-tools";

/** Does not prove that AWS refuses in these forms; they are those of the services' API references. */
describe("sagemaker-ops doctor, refused or left alone,", () => {
  const { findings } = doctorTools();

  describe("where one permission is missing", () => {
    let calm: readonly Finding[] = [];
    before(async () => {
      calm = (await findings()).all;
    });

    const denied = (operation: string, isIt: (about: string) => boolean = () => true) => ({
      fate: (call: { operation: string; about: string }) =>
        call.operation === operation && isIt(call.about)
          ? new Refusal("AccessDeniedException", "You shall not.", 403)
          : ("answer" as const),
    });
    for (const [action, checks, fate] of [
      ["servicequotas:ListServiceQuotas", ["quotas", "box"], denied("ListServiceQuotas")],
      ["cloudwatch:GetMetricStatistics", ["use"], denied("GetMetricStatistics")],
      ["sagemaker:DescribeEndpoint", ["use"], denied("DescribeEndpoint")],
      ["lambda:GetAccountSettings", ["concurrency"], denied("GetAccountSettings")],
      ["lambda:GetFunctionConcurrency", ["concurrency"], denied("GetFunctionConcurrency")],
      ["iam:GetRole", ["linked role", "permissions"], denied("GetRole")],
      [
        "iam:GenerateServiceLastAccessedDetails",
        ["permissions"],
        denied("GenerateServiceLastAccessedDetails"),
      ],
      ["iam:GetServiceLastAccessedDetails", ["permissions"], denied("GetServiceLastAccessedDetails")],
      ["ssm:GetParameter", ["ami"], denied("GetParameter")],
      ["ec2:DescribeImages", ["ami"], denied("DescribeImages", (about) => about === "")],
      ["tag:GetResources", ["tagged"], denied("GetResources")],
    ] as const) {
      it(`leaves unchecked what needs ${action}, says so, and goes on`, async () => {
        const { status, all } = await findings(fate);

        const refused = all.filter(({ found }) => found.includes("was refused"));
        assert.equal(status, 0);
        assert.deepEqual([...new Set(refused.map(({ check }) => check))].sort(), [...checks].sort());
        assert.ok(
          refused.every((one) => one.status === "unchecked" && one.found.includes(`Allow ${action}`)),
          JSON.stringify(refused, undefined, 2),
        );
        const untouched = (one: { check: string }) =>
          !(checks as readonly string[]).includes(one.check) &&
          !(action === "servicequotas:ListServiceQuotas" && /hosting|training/.test(one.check)) &&
          !(action === "cloudwatch:GetMetricStatistics" && /hosting|training|box/.test(one.check)) &&
          !(action === "sagemaker:DescribeEndpoint" && one.check === "hosting") &&
          one.check !== "clock";
        assert.deepEqual(all.filter(untouched), calm.filter(untouched));
      });
    }

    it("asks a registry as a pull does, where it may not be described", async () => {
      const { status, of, aws } = await findings(denied("DescribeImages", (about) => about !== ""));

      assert.equal(status, 0);
      assert.deepEqual(
        of("image").map(({ found }) => found.replace(/^.*\//, "")),
        ["ray:serve-cpu-test is there", "pytorch:2.13-cpu-test is there"],
      );
      assert.equal(aws.calls.filter(({ operation }) => operation === "BatchGetImage").length, 2);
    });

    it("tells a missing image all the same, and names the permission where neither is there", async () => {
      const account = healthy();
      account.images.clear();
      const missing = await findings({ account, ...denied("DescribeImages", (about) => about !== "") });
      const refused = await findings({
        fate: ({ operation, about }) =>
          /Image/.test(operation) && about !== ""
            ? new Refusal("AccessDeniedException", "You shall not.", 403)
            : "answer",
      });

      assert.deepEqual(
        missing.of("image").map(({ status }) => status),
        ["problem", "problem"],
      );
      assert.match(refused.of("image")[0]?.found ?? "", /Allow ecr:BatchGetImage/);
    });
  });

  it("asks again where AWS throttles, and says the same as otherwise", async () => {
    const refused = new Set<string>();
    const { status, all, aws } = await findings({
      fate: ({ operation, about }) => {
        const key = `${operation} ${about}`;
        if (refused.has(key)) return "answer";
        refused.add(key);
        return new Refusal("ThrottlingException", "Rate exceeded");
      },
    });
    const calm = await findings();

    assert.equal(status, 0);
    assert.ok(aws.calls.length > calm.aws.calls.length);
    const timeless = ({ check }: { check: string }) => check !== "clock";
    assert.deepEqual(all.filter(timeless), calm.all.filter(timeless));
  });

  it("leaves unchecked what a disturbed service does not answer", async () => {
    const { status, all } = await findings({
      fate: ({ operation }) =>
        operation === "GetResources" ? new Refusal("InternalServiceException", "Oh.", 500) : "answer",
    });

    assert.equal(status, 0);
    assert.deepEqual(
      all
        .filter(({ found }) => found.includes("tag:GetResources"))
        .map(({ check, status: one }) => [check, one]),
      [["tagged", "unchecked"]],
    );
  });

  describe("where AWS cannot be asked", () => {
    const tools = ["node", "pulumi", "python", "git", "aws", "session"];
    const offlineChecks = [...tools, "region", "dates", "patches", "prices", "ceiling"];
    const isOffline = ({ check }: { check: string }) => offlineChecks.includes(check);

    for (const [cause, given, verdict, said] of [
      ["there are no credentials", { env: { AWS_ACCESS_KEY_ID: "" } }, "problem", /no AWS credentials$/],
      [
        "the credentials have expired",
        {
          fate: () =>
            new Refusal("ExpiredToken", "The security token included in the request is expired", 403),
        },
        "problem",
        /credentials have expired/,
      ],
      ["nobody listens", { origin: "http://127.0.0.1:1" }, "unchecked", /was not reached/],
    ] as const) {
      it(`ends with 3 and prints what needs no AWS: ${cause}`, async () => {
        const { status, all, of } = await findings(given);

        assert.equal(status, 3);
        assert.equal(of("credentials")[0]?.status, verdict);
        assert.match(of("credentials")[0]?.found ?? "", said);
        assert.match(of("credentials")[0]?.fix ?? "", /AWS_PROFILE|proxy/);
        assert.equal(all.filter(isOffline).length, 13);
        const rest = all.filter((one) => !isOffline(one) && !["credentials", "clock"].includes(one.check));
        assert.deepEqual([...new Set(rest.map(({ check }) => check))].sort(), [
          "account",
          "ami",
          "box",
          "concurrency",
          "image",
          "linked role",
          "permissions",
          "quotas",
          "tagged",
        ]);
        assert.ok(rest.every((one) => one.status === "unchecked"));
      });
    }

    it("does not ask with --offline, and ends with 0", async () => {
      const { status, all, of, aws } = await findings({ args: ["--offline"] });

      assert.equal(status, 0);
      assert.deepEqual(
        [
          ...new Set(all.filter((one) => !isOffline(one)).map(({ check, status: one }) => `${check} ${one}`)),
        ].sort(),
        ["account", "ami", "box", "clock", "concurrency", "credentials", "image"]
          .concat("linked role", "permissions", "quotas", "tagged")
          .map((check) => `${check} unchecked`),
      );
      assert.deepEqual(aws.calls, []);
      assert.equal(of("credentials")[0]?.found, "--offline: AWS is not asked");
      assert.equal(of("ceiling")[0]?.status, "ok");
    });
  });

  it("tells a clock that is wrong, also where AWS refuses because of it", async () => {
    const dated =
      (refuses: boolean) =>
      ({ body }: FakeRequest): Handled | undefined =>
        body.toString().includes("Action=GetCallerIdentity")
          ? {
              call: { operation: "GetCallerIdentity", about: "" },
              answer: () => {
                const date = new Date(Date.now() + 3_600_000).toUTCString();
                return refuses
                  ? {
                      status: 403,
                      headers: { "content-type": "text/xml", date },
                      body: "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>expired</Message></Error></ErrorResponse>",
                    }
                  : xml(
                      "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/test</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
                      { date },
                    );
              },
              refuse: () => xml(""),
            }
          : undefined;

    const answered = await findings({ handlers: [dated(false)] });
    const refused = await findings({ handlers: [dated(true)] });

    assert.equal(answered.status, 1);
    assert.equal(refused.status, 3);
    for (const { of } of [answered, refused]) {
      assert.equal(of("clock")[0]?.status, "problem");
      assert.match(of("clock")[0]?.found ?? "", /^(?:1 h|59 min \d+ s) behind AWS's$/);
    }
  });
});
