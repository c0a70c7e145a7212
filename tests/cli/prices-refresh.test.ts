import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { type RefreshOptions, refreshPrices } from "../../cli/commands/prices-refresh";
import { CommandError } from "../../cli/core/exit-status";
import { priceListClient } from "../../cli/core/prices/client";
import { priceQueries } from "../../cli/core/prices/queries";
import { refreshTable } from "../../cli/core/prices/refresh";
import { writeTable } from "../../cli/core/prices/table-file";
import { tableText } from "../../cli/core/prices/table-text";
import { runCli } from "../support/run-cli";
import { sampleProduct, sampleRate, sampleTable } from "./prices-samples";
import { type PriceListServer, startPriceListServer } from "./prices-server";

const table = sampleTable({
  ec2LinuxOnDemand: { "m5.large": sampleRate(0.1), "m5.xlarge": sampleRate(0.192) },
  sagemaker: {
    "ml.m5.large": { Hosting: sampleRate(0.115), Training: sampleRate(0.115) },
    "ml.t3.medium": { Notebook: sampleRate(0.05) },
  },
  kms: { key: sampleRate(1, { unit: "USD/key-month", note: "requests are billed beside it" }) },
});

const products = [
  sampleProduct({ sku: "H1", usagetype: "USE1-Host:ml.m5.large", usd: "0.1150000000" }),
  sampleProduct({ sku: "H2", usagetype: "USE1-Host:ml.m5.xlarge", usd: "0.2300000000" }),
  sampleProduct({ sku: "H3", usagetype: "USE1-Host:ml.g4dn.xlarge", usd: "0.7364000000" }),
  sampleProduct({ sku: "T1", usagetype: "USE1-Train:ml.m5.large", usd: "0.1150000000" }),
  sampleProduct({ sku: "N1", usagetype: "USE1-Notebk:ml.t3.medium", usd: "0.0550000000" }),
  sampleProduct({
    sku: "E1",
    usagetype: "BoxUsage:m5.large",
    instanceType: "m5.large",
    usd: "0.0960000000",
    serviceCode: "AmazonEC2",
  }),
  sampleProduct({
    sku: "E2",
    usagetype: "BoxUsage:m5.xlarge",
    instanceType: "m5.xlarge",
    usd: "0.1920000000",
    serviceCode: "AmazonEC2",
  }),
  sampleProduct({
    sku: "K1",
    usagetype: "us-east-1-KMS-Keys",
    usd: "1.0000000000",
    unit: "Keys",
    serviceCode: "awskms",
  }),
];

/** Proves the command against the API's protocol on this computer, not what AWS's own list answers. */
describe("sagemaker-ops prices refresh", () => {
  let folder: string;
  let file: string;
  let server: PriceListServer;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-prices-"));
    file = join(folder, "us-east-1.json");
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => writeTable(file, table));
  afterEach(async () => {
    await server?.close();
  });

  const environment = {
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret-of-the-test",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nonexistent",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
    COLUMNS: "80",
  };
  const refresh = (args: readonly string[] = [], env: Readonly<Record<string, string>> = environment) =>
    runCli(
      [
        ...["prices", "refresh", "--region", "us-east-1", "--folder", folder, "--endpoint", server.url],
        ...["--only", "sagemaker,ec2,kms", ...args],
      ],
      env,
    );
  const content = () => readFileSync(file, "utf8");

  it("asks page by page, survives one throttled request, writes the file and shows what changed", async () => {
    server = await startPriceListServer(products);
    server.refusals.push({ status: 400, type: "ThrottlingException", message: "Rate exceeded" });

    const { status, stdout, stderr } = await refresh();

    assert.equal(status, 0, stderr);
    assert.equal(
      stdout,
      [
        "row                     old USD  new USD   change",
        "m5.large EC2                0.1    0.096   -4.0 %",
        "ml.g4dn.xlarge Hosting        -   0.7364      new",
        "ml.m5.xlarge Hosting          -     0.23      new",
        "ml.t3.medium Notebook      0.05    0.055  +10.0 %",
        "",
        "us-east-1: 4 prices changed or added, 4 confirmed.",
        `Wrote ${file}.`,
        "",
      ].join("\n"),
    );
    assert.match(stderr, /us-east-1 \[1\/5\] SageMaker Hosting: 2 pages, 3 products, 3 rows/);
    assert.match(stderr, /us-east-1 \[5\/5\] kms\/key: 1 page, 1 product, 1 row/);
    assert.equal(server.requests.length, 7, "five queries, one more page, one retry");
    assert.deepEqual(server.requests[1]?.Filters, [
      { Type: "TERM_MATCH", Field: "regionCode", Value: "us-east-1" },
      { Type: "CONTAINS", Field: "usagetype", Value: "Host:ml." },
    ]);
    const written = JSON.parse(content());
    assert.deepEqual(written.sagemaker["ml.t3.medium"].Notebook, {
      value: 0.055,
      unit: "USD/hour",
      source: "AWS Price List API, AmazonSageMaker 20261120180431",
      date: "2026-11-20",
      confidence: "high",
      sku: "N1",
      rateCode: "N1.JRTCKXETXF.6YS6EN2CT7",
      effectiveDate: "2026-11-01T00:00:00Z",
      publicationDate: "2026-11-20T18:04:31Z",
    });
    assert.equal(written.kms.key.note, "requests are billed beside it");
    assert.deepEqual(readdirSync(folder), ["us-east-1.json"], "no draft is left");
  });

  it("has nothing to do the second time, whatever order the list comes in", async () => {
    server = await startPriceListServer(products);
    await refresh();
    const first = content();
    await server.close();
    server = await startPriceListServer([...products].reverse());

    const { status, stdout } = await refresh();

    assert.deepEqual([status, content() === first], [0, true]);
    assert.match(stdout, /0 prices changed or added, 8 confirmed\.\nThe file is up to date\./);
  });

  for (const [option, status] of [
    ["--dry-run", 0],
    ["--check", 1],
  ] as const) {
    it(`shows the changes and writes nothing with ${option}, status ${status}`, async () => {
      server = await startPriceListServer(products);

      const result = await refresh([option]);

      assert.equal(result.status, status, result.stderr);
      assert.match(result.stdout, /ml\.t3\.medium Notebook .*\+10\.0 %[\s\S]*Nothing was written/);
      assert.equal(content(), tableText(table));
    });
  }

  const refused: readonly [string, readonly string[], readonly RegExp[]][] = [
    [
      "two SKUs for one row",
      [...products, sampleProduct({ sku: "H9", usagetype: "USE1-Host:ml.m5.large", usd: "0.12" })],
      [
        /ambiguous: SageMaker Hosting: sagemaker\/ml\.m5\.large\/Hosting has 2 prices/,
        /SKU H1 0\.115/,
        /SKU H9 0\.12/,
      ],
    ],
    [
      "a row that is gone",
      products.filter((text) => !text.includes('"N1"')),
      [/missing: SageMaker Notebook/],
    ],
    [
      "an older list",
      products.map((text) => text.replaceAll("2026-11-20T", "2026-07-19T")),
      [/older: .*published 2026-07-19, the table's value is of\s+2026-07-20/],
    ],
    ["a garbled item", [...products, '{"product":'], [/garbage: SageMaker Hosting: item 4 is not JSON/]],
  ];
  for (const [what, list, messages] of refused) {
    it(`leaves the file as it is and says why: ${what}`, async () => {
      server = await startPriceListServer(list);

      const { status, stdout, stderr } = await refresh([], { ...environment, COLUMNS: "140" });

      assert.deepEqual([status, stdout, content() === tableText(table)], [1, "", true], stderr);
      for (const message of [...messages, /the file is unchanged/, /What to do:/]) {
        assert.match(stderr.replace(/\n +/g, " "), message);
      }
      assert.doesNotMatch(stderr, /\n\s+at .*:\d+/, "no stack trace");
    });
  }

  it("ends with 3 where nothing answers", async () => {
    server = await startPriceListServer(products);
    await server.close();

    const { status, stderr } = await refresh();

    assert.equal(status, 3, stderr);
    assert.match(stderr, /ECONNREFUSED|Check the network/);
  });

  it("ends with 3 and says how to sign in where there are no credentials", async () => {
    server = await startPriceListServer(products);
    const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", HOME: folder };

    const { status, stderr } = await refresh([], { ...environment, ...none });

    assert.deepEqual([status, server.requests.length], [3, 0], stderr);
    assert.match(stderr, /There are no AWS credentials\. Sign in/);
  });

  it("starts a table for a region that has none, and says where to import it", async () => {
    server = await startPriceListServer(products);

    const { status, stdout, stderr } = await refresh(["--region", "eu-south-9", "--only", "kms"]);

    assert.equal(status, 0, stderr);
    assert.match(stdout, /Import it in policy\/catalog\/price-table\.ts; until then eu-south-9 is unpriced/);
    assert.equal(JSON.parse(readFileSync(join(folder, "eu-south-9.json"), "utf8")).kms.key.value, 1);
    rmSync(join(folder, "eu-south-9.json"));
  });

  it("refuses a file that is not the region's table, before it asks anything", async () => {
    server = await startPriceListServer(products);
    for (const text of ["{", tableText({ ...table, region: "eu-west-1" })]) {
      writeFileSync(file, text);

      const { status, stderr } = await refresh();

      assert.deepEqual([status, server.requests.length, content()], [2, 0, text]);
      assert.match(stderr, /Restore the file/);
    }
  });

  it("leaves no draft where the file cannot be replaced", () => {
    const blocked = join(folder, "blocked");
    mkdirSync(join(blocked, "us-east-1.json"), { recursive: true });

    assert.throws(() => writeTable(join(blocked, "us-east-1.json"), table), /EISDIR|ENOTEMPTY|EEXIST/);
    assert.deepEqual(readdirSync(blocked), ["us-east-1.json"]);
    rmSync(blocked, { recursive: true });
  });

  const wrong: readonly [RefreshOptions, RegExp][] = [
    [{ region: "../../etc" }, /--region is "\.\.\/\.\.\/etc"; it must be an AWS region/],
    [{ only: "sagemaker,prices" }, /--only names "prices"; there are sagemaker, ec2,/],
    [{ endpoint: "ftp://x" }, /--endpoint is "ftp:\/\/x"; it must be a URL/],
  ];
  for (const [options, message] of wrong) {
    it(`refuses ${JSON.stringify(options)} with status 2, before it asks anything`, async () => {
      await assert.rejects(refreshPrices({ folder, ...options }), { status: 2, message });
    });
  }
});

describe("priceListClient", () => {
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret-of-the-test" };
  const [firstQuery] = priceQueries("us-east-1");

  const refusals: readonly [string, string, RegExp][] = [
    ["expired credentials", "ExpiredTokenException", /credentials have expired\. Sign in again/],
    ["credentials that may not", "AccessDeniedException", /pricing:GetProducts/],
    ["unknown credentials", "UnrecognizedClientException", /AWS does not know these credentials/],
    ["a wrong signature", "InvalidSignatureException", /this computer's clock/],
    ["a list that was replaced while it was read", "ExpiredNextTokenException", /Run the command again/],
    ["anything else", "InvalidParameterException", /Check the network, the proxy/],
  ];
  for (const [what, type, message] of refusals) {
    it(`names the query, AWS's word and the next step on ${what}`, async () => {
      const server = await startPriceListServer(products);
      server.refusals.push({ status: 400, type, message: "as AWS says it" });
      try {
        assert.ok(firstQuery);
        await assert.rejects(priceListClient({ credentials, endpoint: server.url })(firstQuery), (error) => {
          assert.ok(error instanceof CommandError);
          assert.equal(error.status, 3);
          assert.match(error.message, /about SageMaker Hosting: .*: as AWS says it\./);
          assert.match(error.message, new RegExp(type));
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /secret-of-the-test/);
          return true;
        });
      } finally {
        await server.close();
      }
    });
  }

  it("hands every page on as the SDK gives it, without a network", async () => {
    const bodies = [
      { PriceList: products.slice(0, 2), NextToken: "next" },
      { PriceList: products.slice(2, 3) },
    ];
    const seen: { hostname: string; body: Uint8Array }[] = [];
    const ask = priceListClient({
      credentials,
      requestHandler: {
        handle: async (request: { hostname: string; body: Uint8Array }) => {
          seen.push(request);
          const body = Readable.from([JSON.stringify(bodies[seen.length - 1])]);
          return { response: { statusCode: 200, headers: {}, body } };
        },
      } as never,
    });
    const queries = firstQuery === undefined ? [] : [firstQuery];

    const merged = await refreshTable(sampleTable(), queries, ask, () => undefined);

    assert.deepEqual(merged.problems, []);
    assert.deepEqual(
      merged.changes.map(({ row, newUsd }) => [row, newUsd]),
      [
        ["sagemaker/ml.g4dn.xlarge/Hosting", 0.7364],
        ["sagemaker/ml.m5.large/Hosting", 0.115],
        ["sagemaker/ml.m5.xlarge/Hosting", 0.23],
      ],
    );
    assert.deepEqual(
      seen.map(({ hostname, body }) => [hostname, JSON.parse(Buffer.from(body).toString()).NextToken]),
      [
        ["api.pricing.us-east-1.amazonaws.com", undefined],
        ["api.pricing.us-east-1.amazonaws.com", "next"],
      ],
    );
  });
});
