import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import type { InvokeProcess } from "../../cli/commands/invoke";
import { addInvokeCommand } from "../../cli/commands/invoke-command";
import { CommandError } from "../../cli/core/exit-status";
import type { CliResult } from "../support/run-cli";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Service {
  readonly origin: string;
  readonly seen: readonly Seen[];
}

type Json = Readonly<Record<string, unknown>>;
type Env = Readonly<Record<string, string>>;

export const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]);
export const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 9]);
export const digest = "ab".repeat(32);
/** Probabilities 0.1, 0.7 and 0.2 in this order. */
export const logits = JSON.stringify([[0.1, 0.7, 0.2].map(Math.log)]);

/**
 * The command, a folder with images and class names, and HTTP servers on loopback in place of AWS and of a container, for the
 * tests of one `describe`. It does not prove what AWS and a real container answer.
 */
export function invokeTools() {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-invoke-"));
  mkdirSync(join(folder, "images/b"), { recursive: true });
  const dog = join(folder, "images/a.jpg");
  writeFileSync(dog, jpeg);
  writeFileSync(join(folder, "images/b/c.PNG"), png);
  writeFileSync(join(folder, "images/d.jpeg"), jpeg);
  writeFileSync(join(folder, "images/b/notes.txt"), "no image");
  const labels = join(folder, "class_to_idx.json");
  writeFileSync(labels, JSON.stringify({ Beagle: 0, Collie: 1, Poodle: 2 }));
  const servers: Server[] = [];

  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  const serve = async (respond: (seen: Seen, response: ServerResponse) => void): Promise<Service> => {
    const seen: Seen[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        const one = { method, url, headers, body: Buffer.concat(chunks) };
        seen.push(one);
        respond(one, response);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  };

  const container = () =>
    serve(({ url }, response) => {
      if (url === "/ping") response.end();
      else
        response
          .writeHead(200, {
            "content-type": "application/json",
            "x-amzn-sagemaker-custom-attributes": `model-sha256=${digest}`,
          })
          .end(logits);
    });

  /** No variable of the machine's may lead to a real account. */
  const awsEnvironment = (env: Env) => ({
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
    AWS_PROFILE: "",
    AWS_CONFIG_FILE: join(folder, "absent"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "absent"),
    AWS_EC2_METADATA_DISABLED: "true",
    ...env,
  });

  /** The command within this process: starting one for each case would take most of a minute. */
  const run = async (
    args: readonly string[],
    env: Env = {},
    { isTTY = false, ...interrupt }: Pick<InvokeProcess, "onInterrupt"> & { readonly isTTY?: boolean } = {},
  ): Promise<CliResult> => {
    const written: Record<"stdout" | "stderr", string[]> = { stdout: [], stderr: [] };
    const own = {
      stdout: { write: (text: string) => written.stdout.push(text) > 0 },
      stderr: { write: (text: string) => written.stderr.push(text) > 0, isTTY },
      env: {},
      ...interrupt,
      exitCode: undefined as number | undefined,
    };
    const command = new Command().exitOverride();
    addInvokeCommand(command, own);
    const set = Object.entries(awsEnvironment(env)).map(([key, value]) => {
      const before = process.env[key];
      process.env[key] = value;
      return { key, before };
    });
    try {
      await command.parseAsync(["invoke", ...args], { from: "user" });
      const { stdout, stderr } = written;
      return { status: own.exitCode ?? null, stdout: stdout.join(""), stderr: stderr.join("") };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { status: error.status, stdout: written.stdout.join(""), stderr: error.message };
    } finally {
      for (const { key, before } of set) {
        if (before === undefined) delete process.env[key];
        else process.env[key] = before;
      }
    }
  };
  const runJson = async (args: readonly string[], env: Env = {}) => {
    const { status, stdout, stderr } = await run([...args, "--json"], env);
    assert.notEqual(stdout, "", stderr);
    return { status, json: JSON.parse(stdout) as Json };
  };
  const failureIn = (json: Json) =>
    (json.failures as { code: string; cause: string; next: string; requests: number }[])[0];

  return { folder, dog, labels, serve, container, awsEnvironment, run, runJson, failureIn };
}
