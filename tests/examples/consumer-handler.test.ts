import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../../cli/core/project-root";
import { context, jpeg, withEndpoint } from "../lambda/invoke/fake-endpoint";

type Handler = (event: unknown) => Promise<unknown>;

interface Invocation {
  readonly region: string;
  readonly FunctionName: string;
  readonly Payload: string;
}

/** What the stand-in for Lambda's client does with a call; the real one comes with Lambda's runtime only. */
const lambda = globalThis as typeof globalThis & {
  invokeFunction?: (call: Invocation) => Promise<{ FunctionError?: string; answer: unknown }>;
};

const standIn = `
export class InvokeCommand { constructor(input) { this.input = input; } }
export class LambdaClient {
  constructor({ region }) { this.region = region; }
  async send({ input }) {
    const { answer, ...rest } = await globalThis.invokeFunction({ region: this.region, ...input });
    return { ...rest, Payload: { transformToString: () => JSON.stringify(answer) } };
  }
}
`;

const aliasArn = "arn:aws:lambda:eu-west-1:123456789012:function:sagemaker-ops-dev-single:live";

/** Runs both functions in this process; does not prove that Lambda or IAM let the call through. */
describe("the function of the example of another team's program", () => {
  let folder: string;
  let handler: Handler;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-gallery-"));
    cpSync(join(projectRoot, "examples/consumer/handler"), folder, { recursive: true });
    const client = join(folder, "node_modules/@aws-sdk/client-lambda");
    mkdirSync(client, { recursive: true });
    writeFileSync(join(client, "package.json"), JSON.stringify({ type: "module", main: "index.js" }));
    writeFileSync(join(client, "index.js"), standIn);
    process.env.CLASSIFIER_ALIAS_ARN = aliasArn;
    ({ handler } = (await import(pathToFileURL(join(folder, "index.mjs")).href)) as { handler: Handler });
  });
  after(() => {
    delete process.env.CLASSIFIER_ALIAS_ARN;
    delete lambda.invokeFunction;
    rmSync(folder, { recursive: true });
  });

  it("sends an image that the classifier's function takes, and reads its answer", async () => {
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1.5,-2,7.25]]"),
      async ({ handler: classify, seen }) => {
        const calls: Invocation[] = [];
        lambda.invokeFunction = async (call) => {
          calls.push(call);
          return { answer: await classify(JSON.parse(call.Payload), context()) };
        };

        const answer = await handler({ image: jpeg.toString("base64") });

        assert.deepEqual(answer, { breed: 2 });
        assert.deepEqual(
          calls.map(({ region, FunctionName }) => [region, FunctionName]),
          [["eu-west-1", aliasArn]],
        );
        assert.deepEqual(seen[0]?.body, jpeg);
      },
    );
  });

  it("fails with the classifier's own words when it refuses the image", async () => {
    await withEndpoint(
      (response) => response.writeHead(500).end(),
      async ({ handler: classify }) => {
        lambda.invokeFunction = async ({ Payload }) => ({
          answer: await classify(JSON.parse(Payload), context()),
        });

        await assert.rejects(
          handler({ image: "AAAA" }),
          /^Error: The classifier answered 415: .*neither JPEG nor PNG/,
        );
      },
    );
  });

  it("fails when the classifier's function failed", async () => {
    lambda.invokeFunction = async () => ({
      FunctionError: "Unhandled",
      answer: { errorMessage: "timed out" },
    });

    await assert.rejects(handler({ image: "AAAA" }), {
      message: 'The classifier failed (Unhandled): {"errorMessage":"timed out"}',
    });
  });
});
