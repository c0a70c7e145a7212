import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsEnvironment } from "../prune/prune-tools";
import { bundleCommands } from "./command-bundle";
import { type FaultProxy, type ProxiedCall, startFaultProxy } from "./fault-proxy";
import { type FileMoment, killedAt, toldIn } from "./file-changes";
import { type Scenario, timeless, type World } from "./scenario";

/** When a command is killed: at a call of AWS, at a change of a file, or at the start of another program. */
type Moment = { readonly title: string } & (
  | { readonly at: "call"; readonly number: number; readonly when: "before" | "after" }
  | ({ readonly at: "file" } & FileMoment)
  | { readonly at: "program"; readonly number: number; readonly when: "before" | "after" }
);

/** What a command does that nobody disturbs, and what it makes of its world. */
interface Course {
  readonly calls: readonly ProxiedCall[];
  readonly fileChanges: readonly string[];
  readonly starts: readonly string[];
  readonly begun: readonly string[];
  readonly ended: readonly string[];
}

interface Place {
  readonly world: World;
  readonly proxy: FaultProxy;
  /** The processes' folder for what is temporary. */
  readonly scratch: string;
}

/** Processes at once: as many as a small computer has cores. */
const most = 2;

/** Whether it leaves everything as it is: then "after" it is no other moment than "before" the next call. */
const onlyReads = /^(?:Describe|Filter|Get|Head|List)/;

const makes = /^(?:Put|Copy|Create|Complete|UploadPart)/;

/** Drafts, by their names: what is in them counts for nothing before they take the place of the file. */
const draft = /^file \S+\.tmp:|\.json\S+\.tmp$/;

/** Commands as processes that are killed. */
export function killTools() {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-killed-"));
  let program = "";
  let last: Promise<unknown> = Promise.resolve();

  before(async () => {
    program = await bundleCommands(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** One after another: what runs within this process shares its variables. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };

  const within = async <T>(scenario: Scenario, body: (place: Place) => Promise<T>): Promise<T> => {
    const world = await alone(() => scenario.begin());
    const proxy = await startFaultProxy(world.target);
    const scratch = mkdtempSync(join(folder, "scratch-"));
    try {
      return await body({ world, proxy, scratch });
    } finally {
      await proxy.close();
      await world.close();
    }
  };

  const start = ({ world, proxy, scratch }: Place, more: Readonly<Record<string, string>>) => {
    const child = spawn(process.execPath, [program, world.folder, ...world.line(proxy.origin)], {
      env: {
        ...process.env,
        ...awsEnvironment(proxy.origin, world.folder),
        ...world.env,
        ...more,
        TMPDIR: scratch,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const ended = new Promise<{ readonly end: unknown; readonly said: string }>((resolve) =>
      child.on("close", (code, signal) => resolve({ end: signal ?? code, said })),
    );
    return { child, ended };
  };

  const undisturbed = (scenario: Scenario): Promise<Course> =>
    within(scenario, async (place) => {
      const { world, proxy, scratch } = place;
      const begun = world.state();
      const log = join(folder, `${readdirSync(folder).length}.log`);
      writeFileSync(log, "");
      const { end, said } = await start(place, toldIn(log)).ended;
      assert.equal(end, 0, said);
      assert.deepEqual(readdirSync(scratch), []);
      return {
        calls: proxy.calls,
        fileChanges: readFileSync(log, "utf8").split("\n").slice(0, -1),
        starts: world.program?.starts() ?? [],
        begun,
        ended: world.state(),
      };
    });

  /** Kills the command at a moment, looks at what is there, and lets another run do it all. */
  const kill = (scenario: Scenario, course: Course, moment: Moment): Promise<void> =>
    within(scenario, async (place) => {
      const { world, proxy, scratch } = place;
      const { title } = moment;
      if (moment.at === "program") world.program?.killAt(moment);
      const { child, ended } = start(place, moment.at === "file" ? killedAt(moment) : {});
      if (moment.at === "call") killAtCall(proxy, moment, () => child.kill("SIGKILL"));

      const { end, said } = await ended;
      await proxy.idle();

      assert.equal(end, "SIGKILL", `${title}: ${said}`);
      for (const line of world.state())
        assert.ok(
          course.begun.includes(line) ||
            course.ended.includes(line) ||
            line.startsWith("unfinished") ||
            draft.test(line),
          `${title}: ${line}`,
        );
      proxy.fault = () => undefined;
      proxy.onDone = () => {};

      const again = await alone(() => world.run(proxy.origin, { variables: { TMPDIR: scratch } }));

      assert.equal(again.status, 0, `again after ${title}: ${again.stderr}`);
      assert.deepEqual(world.state(), course.ended, title);
      assert.deepEqual(doneTwice(proxy.calls, scenario), [], title);
      assert.deepEqual(namedAsOurs(scratch), [], title);
    });

  /**
   * Kills the command at every moment.
   *
   * @returns what it does on the disk, and which other programs it starts.
   */
  const killEverywhere = async (scenario: Scenario) => {
    const course = await undisturbed(scenario);
    const left = [...momentsOf(course)];
    const worker = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift())
        await kill(scenario, course, next);
    };
    await Promise.all(Array.from({ length: most }, worker));
    return {
      calls: course.calls.map(({ operation }) => operation),
      fileChanges: course.fileChanges,
      starts: course.starts,
    };
  };

  return { killEverywhere };
}

function momentsOf({ calls, fileChanges, starts }: Course): readonly Moment[] {
  return [
    ...calls.flatMap(({ number, operation }): readonly Moment[] => [
      { at: "call", number, when: "before", title: `before call ${number}, ${operation}` },
      ...(onlyReads.test(operation)
        ? []
        : [{ at: "call", number, when: "after", title: `after call ${number}, ${operation}` } as const]),
    ]),
    ...fileChanges.flatMap((name, index): readonly Moment[] => {
      const number = index + 1;
      const when = [
        "before" as const,
        ...(name === "writeFileSync" ? ["halfway" as const] : []),
        ...(number === fileChanges.length ? ["after" as const] : []),
      ];
      return when.map((one) => ({
        at: "file",
        number,
        when: one,
        title: `${one} ${name}, change ${number}`,
      }));
    }),
    ...starts.flatMap((name, index) =>
      (["before", "after"] as const).map((when): Moment => {
        const number = index + 1;
        return { at: "program", number, when, title: `${when} the start of ${name}, number ${number}` };
      }),
    ),
  ];
}

/** What the process had sent beside the call is done all the same. */
function killAtCall(
  proxy: FaultProxy,
  moment: { readonly number: number; readonly when: "before" | "after" },
  end: () => void,
): void {
  proxy.fault = ({ number }) => {
    if (number < moment.number) return undefined;
    if (number > moment.number || moment.when === "after") return "done";
    end();
    return "silence";
  };
  proxy.onDone = ({ number }) => {
    if (moment.when === "after" && number === moment.number) end();
  };
}

/** What was made more than once, by the service's own answers. */
function doneTwice(calls: readonly ProxiedCall[], { rewrites }: Scenario): readonly string[] {
  const made = calls
    .filter(({ operation, status }) => makes.test(operation) && status === 200)
    .filter(({ path }) => rewrites?.test(path) !== true)
    .map(({ operation, path }) => {
      const about = timeless(decodeURIComponent(path)).replace(/(?<=uploadId=)[^&]+/, "");
      return `${operation} ${about}`;
    });
  return made.filter((one, index) => made.indexOf(one) !== index);
}

/** The loader of the sources keeps its own beside. */
function namedAsOurs(scratch: string): readonly string[] {
  return readdirSync(scratch).filter((name) => name.startsWith("sagemaker-ops"));
}
