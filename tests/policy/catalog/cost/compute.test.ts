import assert from "node:assert/strict";
import { amounts, estimate, reasons, resource } from "../../../support/cost-samples";
import { UNKNOWN_STRING } from "../../../support/policy-request";

describe("estimateCost", () => {
  describe("of a notebook", () => {
    it("counts the volume always, the hours assumed when expected, and all hours at worst", () => {
      const report = estimate([
        resource("notebook", "lab", { instanceType: "ml.t3.medium", volumeSize: 20 }),
      ]);

      // 20 GB × 0.14 = 2.8; 0.05 × 160 = 8; 0.05 × 730 = 36.5
      assert.deepEqual(amounts(report), [["lab", 0.05, 2.8, 10.8, 39.3]]);
      assert.deepEqual([report.idleMonthly, report.monthly, report.worstMonthly], [2.8, 10.8, 39.3]);
      assert.deepEqual(report.unpriced, []);
    });

    it("takes the assumed hours and the length of the month from the caller", () => {
      const report = estimate([resource("notebook", "lab", { instanceType: "ml.t3.medium" })], {
        hoursPerMonth: 700,
        assumptions: { notebookHoursPerMonth: 100 },
      });

      assert.deepEqual(amounts(report), [["lab", 0.05, 0.7, 5.7, 35.7]]);
      assert.match(
        report.lines[0]?.basis ?? "",
        /100 h a month of work assumed, stopped otherwise; volume 5 GB$/,
      );
    });
  });

  describe("of EC2", () => {
    it("counts type, volumes and public address, the hours assumed and all hours", () => {
      const report = estimate([
        resource("instance", "box", {
          instanceType: "g4dn.xlarge",
          associatePublicIpAddress: true,
          rootBlockDevice: { volumeType: "gp3", volumeSize: 100, iops: 4000, throughput: 225 },
          ebsBlockDevices: [{ volumeSize: "50" }],
        }),
      ]);

      // 100 × 0.08 + 1000 × 0.005 + 100 × 0.04 + 50 × 0.10 = 22; 0.531 × 160 = 84.96; 0.531 × 730 = 387.63
      assert.deepEqual(amounts(report), [["box", 0.531, 22, 106.96, 409.63]]);
    });

    it("counts spot at the on-demand price", () => {
      const report = estimate([
        resource("spot", "box", { instanceType: "t3.micro", rootBlockDevice: { volumeSize: 8 } }),
      ]);

      assert.deepEqual(amounts(report), [["box", 0.0104, 0.8, 2.464, 8.392]]);
      assert.match(report.lines[0]?.basis ?? "", /spot counted at the on-demand price/);
    });

    const incomplete: readonly [string, Record<string, unknown>, RegExp][] = [
      [
        "a root volume without a size",
        { instanceType: "t3.micro" },
        /the root volume: no size; it comes from the image or snapshot/,
      ],
      ["a dedicated host", { instanceType: "t3.micro", tenancy: "host" }, /tenancy host has other prices/],
      ["a launch template", { launchTemplate: { id: "lt-1" } }, /comes from a launch template/],
      [
        "a type without a price",
        { instanceType: "x9.huge", rootBlockDevice: { volumeSize: 1 } },
        /not an instance type/,
      ],
      [
        "a volume type without a rate",
        { instanceType: "t3.micro", rootBlockDevice: { volumeSize: 1, volumeType: "io2" } },
        /no rate for volumes of its type/,
      ],
    ];
    for (const [what, properties, reason] of incomplete) {
      it(`reports ${what}`, () => {
        assert.match(reasons(estimate([resource("instance", "box", properties)])).join(), reason);
      });
    }

    it("prices what is billed by the hour or month alone", () => {
      const report = estimate([
        resource("volume", "data", { size: 100, type: "gp3" }),
        resource("eip", "address", {}),
        resource("nat", "nat", {}),
        resource("vpcEndpoint", "s3", { vpcEndpointType: "Gateway" }),
        resource("vpcEndpoint", "api", {
          vpcEndpointType: "Interface",
          subnetIds: ["subnet-1", UNKNOWN_STRING],
        }),
        resource("key", "key", {}),
        resource("alarm", "slow", { period: 60 }),
        resource("alarm", "math", {
          metricQueries: [{ metric: { period: 10 } }, { metric: { period: 60 } }, { expression: "m1/m2" }],
        }),
        resource("dashboard", "overview", {}),
      ]);

      assert.deepEqual(
        report.lines.map(({ component, idleMonthly, monthly, worstMonthly }) => [
          component,
          idleMonthly,
          monthly,
          worstMonthly,
        ]),
        [
          ["data", 8, 8, 8],
          ["address", 3.65, 3.65, 3.65],
          ["nat", 32.85, 32.85, 32.85],
          ["api", 14.6, 14.6, 14.6],
          ["key", 1, 1, 1],
          ["slow", 0.1, 0.1, 0.1],
          ["math", 0.6, 0.6, 0.6],
          ["overview", 3, 3, 3],
        ],
      );
      assert.deepEqual([report.unpriced, report.unknown], [[], 0]);
    });

    it("notes what is billed by use alone, without a line", () => {
      const report = estimate([resource("bucket", "data", {}), resource("function", "dogs", {})]);

      assert.deepEqual([report.lines, report.unpriced], [[], []]);
      assert.deepEqual(
        report.notes.map(({ reason }) => reason),
        [
          "billed per GB stored and per request; nothing while empty",
          "billed per request and GB-second; nothing while not invoked",
        ],
      );
    });
  });
});
