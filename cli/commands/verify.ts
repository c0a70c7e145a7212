import { terminalLayout } from "../../plan/report/layout";
import { requireAccount, requireSameStack } from "../core/aws/account-check";
import { type ClientOptions, closeClients } from "../core/aws/clients";
import { readDeployedStack } from "../core/aws/deployed-stack";
import { awsStatus } from "../core/aws/errors";
import { readDeclaredStack } from "../core/aws/stack-config";
import { CommandError } from "../core/exit-status";
import { projectRoot } from "../core/project-root";
import { type ExpectedEndpoint, expectedOf } from "../core/verify/expected";
import { readGoldenImages, requireKnownEndpoints } from "../core/verify/golden";
import { type Finding, judgeUnexpected } from "../core/verify/judge";
import {
  type EndpointState,
  isTransitional,
  readState,
  type VerifyClients,
  verifyClients,
} from "../core/verify/observe";
import { verifyJson, verifyText } from "../core/verify/report";
import { verifyEndpoint } from "../core/verify/verify-endpoint";

export interface VerifyOptions {
  readonly stack: string;
  readonly wait?: boolean;
  readonly timeoutMinutes: string;
  readonly golden?: string;
  readonly outputs?: string;
  readonly state?: string;
  readonly json?: boolean;
}

/** What the command reads and writes of its process; tests give their own. */
export interface VerifyProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly stderr: Pick<NodeJS.WriteStream, "write">;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the Pulumi project. @default - this project */
  readonly folder?: string;
  readonly clientOptions?: ClientOptions;
  /** Pause between two looks at an endpoint that is changing. @default 15 */
  readonly pollSeconds?: number;
  exitCode?: number | string | null | undefined;
}

const defaultPollSeconds = 15;

/** Proves that what is promoted is what answers; returns the exit status. */
export async function verify(options: VerifyOptions, own: VerifyProcess = process): Promise<number> {
  const timeoutMinutes = minutesOf(options.timeoutMinutes);
  const golden = options.golden === undefined ? [] : readGoldenImages(options.golden);
  const folder = own.folder ?? projectRoot;
  const declared = readDeclaredStack(folder, options.stack);
  requireKnownEndpoints(golden, declared);
  const { region } = declared.config;
  const deployed = readDeployedStack(folder, options.stack, options);
  requireSameStack(declared, deployed.contract);
  const { endpoints, notDue, unexpected } = expectedOf(declared, deployed);

  const clients = verifyClients(region, own.clientOptions);
  try {
    if (endpoints.length > 0) await requireAccount(clients, deployed.contract?.accountId);
    const until = Date.now() + timeoutMinutes * 60_000;
    const findings: Finding[] = unexpected.map((key) => judgeUnexpected(key, options.stack));
    for (const expected of endpoints) {
      const state =
        options.wait === true
          ? await settled(clients, expected, until, own)
          : await readState(clients, expected.endpointName);
      findings.push(...(await verifyEndpoint(clients, region, expected, state, golden, own.clientOptions)));
    }
    const report = {
      stack: `${declared.naming.project}/${declared.naming.environment}`,
      region,
      findings,
      notDue,
    };
    own.stdout.write(
      options.json === true ? verifyJson(report) : verifyText(report, terminalLayout(own.env, own.stdout)),
    );
    return findings.some(({ verdict }) => verdict === "failed") ? awsStatus.failed : awsStatus.ok;
  } finally {
    closeClients({ ...clients });
  }
}

/** The state once the endpoint no longer changes, or when the time is up. Each new status is told. */
async function settled(
  clients: VerifyClients,
  { endpointName }: ExpectedEndpoint,
  until: number,
  { stderr, pollSeconds = defaultPollSeconds }: VerifyProcess,
): Promise<EndpointState | undefined> {
  let told: string | undefined;
  for (;;) {
    const state = await readState(clients, endpointName);
    if (!isTransitional(state) || Date.now() >= until) return state;
    if (state?.status !== told) stderr.write(`${endpointName} is ${state?.status}; waiting\n`);
    told = state?.status;
    await new Promise((resolve) => setTimeout(resolve, pollSeconds * 1000));
  }
}

function minutesOf(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1440) return value;
  throw new CommandError(
    `--timeout-minutes is ${JSON.stringify(text)}; it must be a whole number from 1 to 1440.`,
  );
}
