import assert from "node:assert/strict";
import fc from "fast-check";
import { type DashboardEndpoint, dashboardBody, type Widget } from "../../infra/rules/dashboard";

const instances: DashboardEndpoint = {
  label: "breeds",
  endpointName: "e",
  kind: "instances",
  functionName: "f",
};

function metricsOf({ properties }: Widget): readonly (readonly unknown[])[] {
  return (properties.metrics ?? []) as readonly (readonly unknown[])[];
}

describe("dashboardBody", () => {
  it("shows latency, traffic, capacity and function of an endpoint in one row", () => {
    const { widgets } = dashboardBody("us-east-1", [instances]);

    assert.deepEqual(
      widgets.map(({ x, y, width, height, properties }) => [x, y, width, height, properties.title]),
      [
        [0, 0, 6, 6, "breeds: model latency"],
        [6, 0, 6, 6, "breeds: requests per minute"],
        [12, 0, 6, 6, "breeds: capacity"],
        [18, 0, 6, 6, "breeds: function"],
      ],
    );
  });

  it("shows latency in milliseconds", () => {
    const [latency] = dashboardBody("us-east-1", [instances]).widgets;
    assert.ok(latency);

    assert.deepEqual(metricsOf(latency).slice(0, 2), [
      [{ expression: "p50us / 1000", label: "p50", id: "p50ms" }],
      [
        "AWS/SageMaker",
        "ModelLatency",
        "EndpointName",
        "e",
        "VariantName",
        "AllTraffic",
        { id: "p50us", stat: "p50", visible: false },
      ],
    ]);
  });

  it("shows metrics that the kind of endpoint publishes", () => {
    const names = (kind: DashboardEndpoint["kind"]) =>
      JSON.stringify(dashboardBody("us-east-1", [{ label: "x", endpointName: "e", kind }]).widgets);

    assert.match(names("async"), /ApproximateBacklogSize"/);
    assert.doesNotMatch(names("async"), /"Invocations"/);
    assert.match(names("serverless"), /ServerlessConcurrentExecutionsUtilization/);
    assert.doesNotMatch(names("serverless"), /CPUUtilization/);
    assert.match(names("instances"), /\/aws\/sagemaker\/Endpoints/);
  });

  it("has a widget less without a function", () => {
    assert.equal(dashboardBody("us-east-1", [{ ...instances, functionName: undefined }]).widgets.length, 3);
  });

  it("says so when nothing is served", () => {
    const { widgets } = dashboardBody("us-east-1", []);

    assert.deepEqual(
      widgets.map(({ type, properties }) => [type, properties.markdown]),
      [["text", "No endpoint is served yet: promote a model, then deploy."]],
    );
  });

  it("says how many endpoints it leaves out beyond 124", () => {
    const { widgets } = dashboardBody(
      "us-east-1",
      Array.from({ length: 130 }, () => instances),
    );

    assert.equal(widgets.length, 124 * 4 + 1);
    assert.equal(
      widgets.at(-1)?.properties.markdown,
      "6 more endpoints are not shown: a dashboard takes 500 widgets.",
    );
  });

  it("keeps CloudWatch's rules for any number of endpoints", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            label: fc.string({ minLength: 1, maxLength: 20 }),
            endpointName: fc.string({ minLength: 1, maxLength: 63 }),
            kind: fc.constantFrom("instances", "serverless", "async"),
            functionName: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
          }) as fc.Arbitrary<DashboardEndpoint>,
          { maxLength: 200 },
        ),
        (endpoints) => {
          const { widgets } = dashboardBody("us-east-1", endpoints);
          assert.ok(widgets.length >= 1 && widgets.length <= 500);
          assert.ok(widgets.reduce((sum, widget) => sum + metricsOf(widget).length, 0) <= 2500);
          const places = new Set<string>();
          for (const widget of widgets) {
            assert.ok(widget.x >= 0 && widget.x + widget.width <= 24 && widget.y >= 0);
            places.add(`${widget.x} ${widget.y}`);
            const options = metricsOf(widget).map((metric) => metric.at(-1) as { id?: string });
            const ids = options.flatMap(({ id }) => (id === undefined ? [] : [id]));
            assert.equal(new Set(ids).size, ids.length);
            for (const id of ids) assert.match(id, /^[a-z][A-Za-z0-9_]*$/);
          }
          assert.equal(places.size, widgets.length);
        },
      ),
      { numRuns: 30 },
    );
  });
});
