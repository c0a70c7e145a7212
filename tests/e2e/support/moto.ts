import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { freePort } from "../../../cli/core/local/pipeline";
import { projectRoot } from "../../../cli/core/project-root";
import type { Packages } from "../../../cli/core/python/environment";
import { type Child, startChild } from "../../../cli/core/python/run-child";

const constraints = join(projectRoot, "tests/cli/data/moto-constraints.txt");

/** moto (https://docs.getmoto.org), an emulator of AWS that others wrote from AWS's documentation, with its whole tree pinned. */
export const motoPackages: Packages = {
  install: ["moto[s3,server]", "-c", constraints],
  files: [constraints],
  size: "about 40 MB to download",
};

/** What every process that speaks to the emulator is given; nothing leads to a person's own account. */
export const emulatedCredentials = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: "us-east-1",
  AWS_CONFIG_FILE: "/nowhere",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
  AWS_EC2_METADATA_DISABLED: "true",
} as const;

export interface Moto {
  readonly origin: string;
  stop(): Promise<void>;
}

/** A profile that is not there, which somebody's shell or another test names, fails half of the emulator. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("AWS_")));
}

/** Starts an empty account, and resolves once it answers. */
export async function startMoto(python: string): Promise<Moto> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child: Child = startChild(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
    env: { ...withoutAws(process.env), ...emulatedCredentials },
  });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  // Until it listens, each attempt is refused.
  const client = new STSClient({ endpoint: origin, region: "us-east-1", credentials, maxAttempts: 60 });
  try {
    await client.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    client.destroy();
  }
  return { origin, stop: child.stop };
}
