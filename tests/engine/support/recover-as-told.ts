import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type PulumiResult, recover } from "../../../cli/core/recover/recover";
import { simulatedAccount } from "../../../plan/simulated-account";
import type { EngineStack } from "./engine-stack";

/** Stacks that the CLI itself has recovered once. */
const recovered = new WeakSet<EngineStack>();

/**
 * Runs the work of `sagemaker-ops recover` on a stack of a test, with the CLI and the simulated account in place of the person's.
 * Where it asks for an id, the account is looked at, as a person looks at the console. A stack that keeps its plugins is recovered by
 * the CLI the first time; after that, what the CLI does to a file alone is done here.
 *
 * @throws Error with all it said, where it does not succeed.
 */
export async function recoverAsTold(stack: EngineStack): Promise<void> {
  // The file backend writes a file's attributes before the file. A kill meanwhile leaves them empty, and the CLI then reads no state.
  rmSync(`${stack.stateFile}.attrs`, { force: true });
  const said: string[] = [];
  const short = stack.keepsPlugins && recovered.has(stack);
  recovered.add(stack);
  const run = (made: ReadonlyMap<string, string>, notMade: ReadonlySet<string>) =>
    recover(
      { stack: stack.stack, answers: { made, notMade }, yes: true },
      {
        pulumi: (args) => (short ? shortened(stack, args) : stack.pulumi(args)),
        place: async (region) => ({ ...simulatedAccount(undefined), region }),
        backUp: (state) => written(stack.beside("kept.json"), state),
        stage: (state) => written(stack.beside("settled.json"), state),
        tell: (line) => said.push(line),
      },
    );
  let status = await run(new Map(), new Set());
  if (status === 2) {
    const names = [...said.join("\n").matchAll(/--not-made (\S+)/g)].map(([, name]) => name ?? "");
    const known = new Set(stack.state().map(({ type, id }) => `${type} ${id}`));
    const objects = Object.entries(stack.account().objects).filter(([key]) => !known.has(key));
    const found = names.map(
      (name) => [name, objects.find(([, { urn }]) => urn.endsWith(`::${name}`))] as const,
    );
    status = await run(
      new Map(
        found.flatMap(([name, object]) => (object === undefined ? [] : [[name, object[1].id] as const])),
      ),
      new Set(found.flatMap(([name, object]) => (object === undefined ? [name] : []))),
    );
  }
  if (status !== 0) throw new Error(`recover ended with ${status}:\n${said.join("\n")}`);
}

function written(file: string, text: string): string {
  writeFileSync(file, text);
  return file;
}

/**
 * Three of the CLI's commands as its file backend does them, without the third of a second that starting it takes: `cancel` removes
 * the lock, `stack export` prints the state, `stack import` puts another in its place. The rest is the CLI's own.
 * https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/backend.go
 */
async function shortened(stack: EngineStack, args: readonly string[]): Promise<PulumiResult> {
  const done = (stdout: string): PulumiResult => ({ status: 0, stdout, stderr: "" });
  if (args[0] === "cancel") {
    rmSync(stack.beside("backend/.pulumi/locks"), { recursive: true, force: true });
    return done("");
  }
  const [group, command] = args;
  if (group !== "stack" || (command !== "export" && command !== "import")) return stack.pulumi(args);
  const whole = JSON.parse(readFileSync(stack.stateFile, "utf8")) as { checkpoint: { latest?: object } };
  const { checkpoint } = whole;
  if (command === "export") return done(JSON.stringify({ version: 3, deployment: checkpoint.latest ?? {} }));
  const { deployment } = JSON.parse(readFileSync(args.at(-1) ?? "", "utf8")) as { deployment: object };
  writeFileSync(
    stack.stateFile,
    JSON.stringify({ ...whole, checkpoint: { ...checkpoint, latest: deployment } }),
  );
  return done("");
}
