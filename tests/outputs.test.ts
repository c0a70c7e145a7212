import assert from "node:assert/strict";
import {
  type Contract,
  contractJsonSchema,
  contractParameter,
  endpointParameter,
  parseContract,
} from "../infra/outputs";

const contract: Contract = {
  contractVersion: "1",
  stack: "sagemaker-ops/test",
  region: "us-east-1",
  accountId: "123456789012",
  endpoints: {
    breeds: {
      endpointName: "sagemaker-ops-test-breeds",
      endpointArn: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/sagemaker-ops-test-breeds",
      modelName: "breeds",
      modelDigest: "ab".repeat(32),
      logsUrl: "https://us-east-1.console.aws.amazon.com/logs",
    },
  },
  buckets: { data: "d", output: "o", models: "m" },
  dashboardUrl: "https://us-east-1.console.aws.amazon.com/dashboard",
  cost: { currency: "USD", monthlyUsd: 10, worstMonthlyUsd: 20, ceilingMonthlyUsd: 30, unpricedCount: 0 },
  jobs: {},
  pending: [
    {
      kind: "job",
      name: "single",
      waitsFor: "the data manifest",
      nextCommand: "sagemaker-ops data upload",
    },
  ],
};

describe("the outputs contract", () => {
  it("reads what it wrote", () => {
    assert.deepEqual(parseContract(JSON.parse(JSON.stringify(contract))), contract);
  });

  it("drops fields that a later program has added", () => {
    assert.deepEqual(parseContract({ ...contract, added: true }), contract);
  });

  it("names every field that is missing or wrong", () => {
    const { region: _region, ...rest } = contract;
    const broken = { ...rest, contractVersion: "2", buckets: { data: "d", output: "o" } };

    assert.throws(
      () => parseContract(broken),
      (error: Error) => {
        for (const field of ["contractVersion", "region", "buckets.models"])
          assert.ok(error.message.includes(`${field}: `), `${field} in ${error.message}`);
        return true;
      },
    );
  });

  it("has a JSON Schema that names version, required fields and leaves room for more", () => {
    const schema = contractJsonSchema() as {
      required: string[];
      properties: Record<string, Record<string, unknown>>;
      additionalProperties?: boolean;
    };

    assert.deepEqual(schema.required.toSorted(), [
      "buckets",
      "contractVersion",
      "cost",
      "dashboardUrl",
      "endpoints",
      "jobs",
      "pending",
      "region",
      "stack",
    ]);
    const { type, const: only } = schema.properties.contractVersion ?? {};
    assert.deepEqual([type, only], ["string", "1"]);
    assert.equal("additionalProperties" in schema, false);
    const endpoint = schema.properties.endpoints?.additionalProperties as { required: string[] };
    assert.deepEqual(endpoint.required, [
      "endpointName",
      "endpointArn",
      "modelName",
      "modelDigest",
      "logsUrl",
    ]);
  });

  it("fits into one parameter as long as it is short", () => {
    assert.deepEqual(JSON.parse(contractParameter(contract, "/x/y")), contract);
  });

  it("becomes a pointer to the endpoints' parameters beyond 4096 bytes", () => {
    const endpoint = contract.endpoints.breeds;
    assert.ok(endpoint);
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`e${index}`, endpoint]));
    const text = contractParameter({ ...contract, endpoints: many }, "/x/y");

    assert.deepEqual(JSON.parse(text), {
      contractVersion: "1",
      stack: "sagemaker-ops/test",
      region: "us-east-1",
      endpointsPath: "/x/y/endpoints",
    });
  });

  it("is cut at exactly 4096 bytes, counted as UTF-8", () => {
    const padded = (length: number, filler: string) => ({
      ...contract,
      stack: filler.repeat(length),
    });
    const base = Buffer.byteLength(JSON.stringify(padded(0, "")));

    assert.equal(Buffer.byteLength(contractParameter(padded(4096 - base, "x"), "/x")), 4096);
    assert.match(contractParameter(padded(4097 - base, "x"), "/x"), /endpointsPath/);
    assert.match(contractParameter(padded(4000 - base, "é"), "/x"), /endpointsPath/);
  });

  it("tells one endpoint with stack and region, and refuses one that it does not have", () => {
    assert.deepEqual(JSON.parse(endpointParameter(contract, "breeds")), {
      contractVersion: "1",
      stack: "sagemaker-ops/test",
      region: "us-east-1",
      ...contract.endpoints.breeds,
    });
    assert.throws(() => endpointParameter(contract, "cats"), {
      message: 'The contract has no endpoint "cats"; it has breeds.',
    });
  });
});
