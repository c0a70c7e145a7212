import type { Finding } from "../../policy/findings";
import { wrapRules } from "./wrap-rules";

// A process of its own for tests/policy/mutation.test.ts, as it replaces the module that makes rules:
//   mutate-rules.ts [<part> <of>]
// runs every rule's own tests against mutants of the rule, and prints the mutants that no test tells apart, as JSON.

type Mutant = (findings: readonly Finding[]) => readonly Finding[];

const mutants: Readonly<Record<string, Mutant>> = {
  "finds nothing": () => [],
  "always finds something": () => [{ kind: "violation", text: "Always." }],
  "passes over what is not known": (findings) => findings.filter(({ kind }) => kind !== "undecided"),
};

let current: { readonly id: string; readonly mutant: Mutant } | undefined;
/** Whether the mutant differed from the rule at all; a rule may well know everything it needs. */
let differed = false;
wrapRules(
  (id, findings) => {
    if (current?.id !== id) return findings;
    const changed = current.mutant(findings);
    differed ||= changed.length !== findings.length;
    return changed;
  },
  () => {},
);

async function main(): Promise<void> {
  const { rules } = require("../../policy/rules") as typeof import("../../policy/rules");
  const { firstFailure } = require("./rule-tests") as typeof import("./rule-tests");
  const [part, of] = process.argv.slice(2).map(Number);
  const own = rules.filter((_, index) => part === undefined || index % (of ?? 1) === part);

  const survivors: string[] = [];
  for (const { id } of own) {
    for (const [name, mutant] of Object.entries(mutants)) {
      current = { id, mutant };
      differed = false;
      const failed = await firstFailure({ id });
      if (failed === undefined && differed) survivors.push(`${id} that ${name}`);
      else if (failed?.startsWith("there is no")) survivors.push(`${id}: ${failed}`);
    }
  }
  process.stdout.write(JSON.stringify({ rules: own.length, survivors }));
}

main().catch((error: unknown) => {
  // Without this mocha's own handler takes the rejection, and the process ends as if all were well.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
