import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { addInvokeCommand } from "../../../cli/commands/invoke-command";
import { addPricesCommand } from "../../../cli/commands/prices-command";
import { addRecoverCommand } from "../../../cli/commands/recover-command";
import { writeTable } from "../../../cli/core/prices/table-file";
import { smallSet } from "../data/data-tools";
import { startS3Server } from "../data/s3-server";
import { digest, jpeg, logits } from "../invoke-tools";
import { sampleProduct, sampleRate, sampleTable } from "../prices-samples";
import { startPriceListServer } from "../prices-server";
import { emptyAccount } from "../prune/fake-account";
import { startFakeAws } from "../prune/fake-aws";
import { runCommand } from "./run-command";
import { filesOf, type Project, project, type Scenario } from "./scenario";
import { addUpload } from "./upload-command";

const upload: Scenario = {
  title: "data upload",
  changes: true,
  usesBucketOnly: true,
  rewrites: /manifest\.txt/,
  begin: async () => {
    const s3 = await startS3Server();
    const here = project();
    const root = join(here.folder, "images");
    for (const [path, content] of smallSet()) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    s3.objects.set("dogImages/train/009.Old/a.jpg", {
      content: Buffer.from("x"),
      checksum: undefined,
      type: undefined,
    });
    const weights = here.file("resnet.pth", Buffer.alloc(1900, 7));
    const line = (origin: string) => ["upload", root, "--endpoint", origin, "--pretrained", weights];
    return {
      folder: here.folder,
      line,
      target: s3.url,
      run: (origin, more) => runCommand(addUpload, line(origin), { folder: here.folder, origin, ...more }),
      state: () => [
        ...[...s3.objects]
          .map(([key, { content, checksum }]) => `${key} ${checksum} ${content.toString("base64")}`)
          .sort(),
        ...[...s3.uploads.values()].map(
          ({ key, parts }) => `unfinished upload of ${key}, parts ${[...parts.keys()].sort()}`,
        ),
      ],
      close: async () => {
        await s3.close();
        here.remove();
      },
    };
  },
};

const table = sampleTable({
  ec2LinuxOnDemand: { "m5.large": sampleRate(0.1) },
  kms: { key: sampleRate(1, { unit: "USD/key-month", note: "requests are billed beside it" }) },
});
const products = [
  sampleProduct({
    sku: "E1",
    usagetype: "BoxUsage:m5.large",
    instanceType: "m5.large",
    usd: "0.0960000000",
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

const prices: Scenario = {
  title: "prices refresh",
  changes: true,
  begin: async () => {
    const server = await startPriceListServer(products);
    const here = project();
    const file = join(here.folder, "us-east-1.json");
    writeTable(file, table);
    const line = (origin: string) => [
      ...["prices", "refresh", "--region", "us-east-1", "--folder", here.folder],
      ...["--endpoint", origin, "--only", "ec2,kms"],
    ];
    return {
      folder: here.folder,
      line,
      target: server.url,
      run: (origin, more) =>
        runCommand(addPricesCommand, line(origin), { folder: here.folder, origin, ...more }),
      state: () => [...readdirSync(here.folder), readFileSync(file, "utf8")],
      close: async () => {
        await server.close();
        here.remove();
      },
    };
  },
};

/** An endpoint or a function that answers everything alike. */
async function startPredictor() {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      const isFunction = request.url?.startsWith("/2015-03-31/") === true;
      response
        .writeHead(200, {
          "content-type": "application/json",
          "x-amzn-sagemaker-custom-attributes": `model-sha256=${digest}`,
        })
        .end(
          isFunction
            ? JSON.stringify({ statusCode: 200, headers: { "x-model-sha256": digest }, body: logits })
            : logits,
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

const invocation = (option: string): Scenario => ({
  title: `invoke ${option}`,
  changes: false,
  sendsOnce: true,
  begin: async () => {
    const predictor = await startPredictor();
    const here = project();
    const image = here.file("dog.jpg", jpeg);
    const line = ["invoke", image, option, "breeds"];
    return {
      folder: here.folder,
      line: () => line,
      target: predictor.origin,
      run: (origin, more) => runCommand(addInvokeCommand, line, { folder: here.folder, origin, ...more }),
      state: () => filesOf(here),
      close: async () => {
        await predictor.close();
        here.remove();
      },
    };
  },
});

const tags = { "sagemaker-ops:stack": "sagemaker-ops/dev" };
const provider = {
  urn: "urn:pulumi:dev::sagemaker-ops::pulumi:providers:aws::aws",
  type: "pulumi:providers:aws",
  custom: true,
  id: "1",
  inputs: { region: "us-east-1", defaultTags: JSON.stringify({ tags }) },
};
const pending = {
  urn: "urn:pulumi:dev::sagemaker-ops::aws:s3/bucket:Bucket::storage",
  type: "aws:s3/bucket:Bucket",
  custom: true,
  provider: `${provider.urn}::1`,
  inputs: { bucket: "storage-0a1b2c3" },
};

/**
 * A program of the name `pulumi` that has one state; an import takes the place of what it exports. It counts how often it is started, and
 * kills who starts it where it is told to.
 */
function fakePulumi({ folder, file }: Project) {
  const deployment = { resources: [provider], pending_operations: [{ type: "creating", resource: pending }] };
  file("exported.json", JSON.stringify({ version: 3, deployment }));
  file("starts.json", "");
  file("fatal.json", "");
  const path = file(
    "pulumi",
    `#!/bin/sh
echo "$1 $2" >> ${folder}/starts.json
number=$(($(wc -l < ${folder}/starts.json)))
read -r fatal < ${folder}/fatal.json
if [ "$fatal" = "$number before" ]; then kill -9 $PPID; exit 1; fi
case "$1 $2" in
"stack export") cat ${folder}/exported.json ;;
"stack import") while [ "$1" != --file ]; do shift; done; cp "$2" ${folder}/exported.json ;;
esac
if [ "$fatal" = "$number after" ]; then kill -9 $PPID; fi
`,
  );
  chmodSync(path, 0o755);
  return {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    starts: () => readFileSync(join(folder, "starts.json"), "utf8").split("\n").slice(0, -1),
    killAt: ({ number, when }: { readonly number: number; readonly when: "before" | "after" }) => {
      file("starts.json", "");
      file("fatal.json", `${number} ${when}\n`);
    },
  };
}

const recovery: Scenario = {
  title: "recover --yes",
  changes: true,
  begin: async () => {
    const aws = await startFakeAws(emptyAccount());
    const here = project();
    const program = fakePulumi(here);
    const { env } = program;
    const line = ["recover", "--stack", "dev", "--yes"];
    return {
      folder: here.folder,
      env,
      program,
      line: () => line,
      target: aws.origin,
      run: (origin, more) =>
        runCommand(addRecoverCommand, line, { folder: here.folder, origin, env, ...more }),
      state: () => [readFileSync(join(here.folder, "exported.json"), "utf8")],
      close: async () => {
        await aws.close();
        here.remove();
      },
    };
  },
};

/** The commands that carry data, ask for prices, predict, and mend a state. */
export const dataScenarios: readonly Scenario[] = [
  upload,
  prices,
  invocation("--endpoint"),
  invocation("--function"),
  recovery,
];
