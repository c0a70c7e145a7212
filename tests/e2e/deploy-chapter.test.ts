import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { it } from "mocha";
import { projectRoot } from "../../cli/core/project-root";
import { buildZip } from "../cli/data/build-zip";
import { smallSet } from "../cli/data/data-tools";
import { type FileServer, startFileServer } from "../cli/data/file-server";
import { contentsOf } from "./support/account";
import { deployChapter } from "./support/chapter";
import { finishJobs } from "./support/jobs";
import { killedPromotions } from "./support/killed-promotions";
import { versionsIn } from "./support/mirror";
import { Newcomer, type Ran, type Substitution } from "./support/newcomer";
import { describeWithEmulator } from "./support/with-emulator";

/**
 * Protects: that what README says about deploying works as it stands there, from an empty account to an empty account, line by line in
 * bash: the real command line, the real Pulumi CLI with the real pack, and AWS's services by an emulator on loopback.
 *
 * The engine's resources are made in the simulated AWS of the engine's tests and copied into the emulator. Endpoints and functions
 * answer by the training package's serving process and by the function's own handler. No job trains anything, nothing is
 * billed, no permission is asked; that AWS itself answers like this is not proved.
 */
describeWithEmulator("README's chapter on deploying", (emulated) => {
  const chapter = deployChapter();
  /** Lines of the chapter that were typed. */
  const typed = new Set<string>();
  let archive: FileServer;
  let somebody: Newcomer;
  let first: string;
  let second: string;

  /** Types a line; the engine and the emulator then agree about the account. */
  const types = async (text: string, status: number, ...says: readonly RegExp[]) => {
    const { mirror } = emulated();
    await mirror.tell((body) => somebody.changeAccount(body));
    const ran = await somebody.run(text);
    await mirror.follow(somebody.account());
    assert.equal(ran.status, status, ran.told.slice(-8000));
    for (const said of says) assertSays(ran, said);
    return ran;
  };
  /** A line of the chapter, which counts as typed. */
  const line = (title: string, number: number): string => {
    const found = chapter.find((one) => one.title === title)?.lines[number];
    assert.ok(found !== undefined, `README's section "${title}" has no line ${number}`);
    typed.add(`${title} ${number}`);
    return found;
  };

  before(async () => {
    const entries = [...smallSet()].map(([path, content]) => ({ name: `dogImages/${path}`, content }));
    archive = await startFileServer({ content: buildZip(entries) });
    somebody = new Newcomer(emulated().cli, emulated().front.origin, substitutions(archive));
    [first, second] = ["first", "second"].map((name) => somebody.path(`${name}.tar.gz`)) as [string, string];
    execFileSync(emulated().python, [join(__dirname, "support/write_artifact.py"), "133", first, second], {
      env: { ...process.env, PYTHONPATH: join(projectRoot, "training"), PYTHONDONTWRITEBYTECODE: "1" },
    });
  });
  after(async () => {
    await somebody?.leave();
    await archive?.close();
  });

  it("founds a stack in an empty account: what waits for data and for a model is left out", async () => {
    edit(somebody.path("Pulumi.dev.yaml"), "ml-platform@example.com", "somebody@example.org");

    await types(line("Found", 0), 0, /Created stack 'dev'/);
    await types(line("Found", 1), 0, /\d+ to create/);
    assert.deepEqual(await contentsOf(emulated().services), empty);
    await types(line("Found", 2), 0, /\d+ created/);

    const { buckets, ...rest } = await contentsOf(emulated().services);
    assert.equal(buckets.length, 3);
    assert.deepEqual(rest, { ...rest, endpoints: [], models: [], configurations: [], trainingJobs: [] });
  });

  it("brings the data there, starts the jobs with it, and waits for them", async () => {
    writeFileSync(somebody.path("resnet50.pth"), "weights of a backbone");

    await types(line("Data", 0), 0, /Extracted 8 images to dogImages/);
    await types(line("Data", 1), 0);
    await types(
      line("Data", 2),
      0,
      /8 of 8 images uploaded/,
      /Weights uploaded/,
      /Wrote storage\.data\.manifestDigest/,
    );
    await types(line("Data", 3), 0, /\d+ created/);
    await finishJobs(emulated().services, readFileSync(first));
    await types(line("Data", 4), 0, /Completed/);

    const { trainingJobs, tuningJobs } = await contentsOf(emulated().services);
    assert.deepEqual([trainingJobs.length, tuningJobs.length], [2, 1]);
  });

  it("promotes what a job has trained, deploys it, and gets an answer from the promoted digest", async () => {
    await types(line("Promote", 0), 0, new RegExp(shortDigestOf(first)));
    await types(line("Promote", 1), 0, /\d+ created/);
    const ran = await types(line("Promote", 2), 0);
    await types(line("Promote", 3), 0);

    assertAllAnswer(ran, first);
    const { endpoints, functions } = await contentsOf(emulated().services);
    assert.deepEqual(endpoints, ["sagemaker-ops-dev-multi", "sagemaker-ops-dev-single"]);
    assert.deepEqual(functions, endpoints);
  });

  it("shows all that by the commands that only read", async () => {
    const group = { logGroupName: "/aws/sagemaker/Endpoints/sagemaker-ops-dev-single", logStreamName: "a" };
    const { logs } = emulated().services;
    await logs.send(new CreateLogStreamCommand(group));
    await logs.send(
      new PutLogEventsCommand({
        ...group,
        logEvents: [{ timestamp: Date.now(), message: "The model is loaded" }],
      }),
    );
    const runs = async (command: string, status: number, ...says: readonly RegExp[]) => {
      const ran = await somebody.run(`npx sagemaker-ops ${command} --stack dev`);
      assert.equal(ran.status, status, ran.told.slice(-8000));
      for (const said of says) assertSays(ran, said);
      return ran;
    };

    await runs("train status", 0, /job single \S+ state Completed/, /tuning search \S+ state Completed/);
    await runs("train report single", 0, /job single \S+: Completed/, /The job completed\./);
    await runs("logs single", 0, /The model is loaded/);
    await runs("open dashboard", 0, /https:\S+#dashboards\/dashboard\/sagemaker-ops-dev\b/);
    await runs("connect box", 0, /aws ssm start-session --target i-[0-9a-f]+ --region us-east-1/);
    await runs("approve breeds", 2, /models\.breeds\.registry is "none"/);
    // It finds what an emulated account does not have, such as AWS's images.
    await runs("doctor", 1, /account ok AWS account: 123456789012, where the stack is deployed/);
  });

  it("finds by a golden image that it is this model that answers", async () => {
    const [image] = [...smallSet().keys()].filter((path) => path.startsWith("test/")).sort();
    const { status, stdout, told } = await somebody.run(
      `npx sagemaker-ops invoke dogImages/${image} --endpoint sagemaker-ops-dev-single --json`,
    );
    assert.equal(status, 0, told);
    const { inputs } = JSON.parse(stdout) as {
      inputs: { predictions: { index: number; probability: number }[] }[];
    };
    const [answer] = inputs[0]?.predictions ?? [];
    const { index, probability } = answer ?? {};
    const golden = {
      image: `dogImages/${image}`,
      index,
      probability,
      tolerance: 0.000001,
      endpoint: "single",
    };
    writeFileSync(somebody.path("golden.json"), JSON.stringify({ images: [golden] }));

    await types(verifyGolden, 0, /golden ok .+ is class \d+/);
  });

  it("promotes another model although the command is killed again and again: nothing is stored twice, nothing is lost", async () => {
    const seed = Number(process.env.E2E_SEED ?? Date.now() % 1_000_000);
    cpSync(second, somebody.path("model.tar.gz"));
    const promotion = line("The next model", 0);
    const words = promotion.replace(/^npx sagemaker-ops /, "").split(" ");

    const kills = await killedPromotions(somebody, emulated().front, words, { seed, times: 3 });
    const ran = await somebody.run(promotion);

    const told = `E2E_SEED=${seed}, killed at ${kills.join(", ")}\n${ran.told}`;
    assert.equal(ran.status, 0, told);
    const { buckets } = await contentsOf(emulated().services);
    const models = buckets.find((name) => name.includes("models")) ?? "";
    const keys = await versionsIn(emulated().services, models);
    const stored = keys.filter((key) => key.startsWith("models/"));
    assert.deepEqual(
      stored.sort(),
      [first, second].map((file) => `models/${digestOf(file)}/model.tar.gz`).sort(),
      told,
    );
    assert.equal(keys.filter((key) => key.startsWith("promotions/")).length, 2, told);
    assert.match(readFileSync(somebody.path("Pulumi.dev.yaml"), "utf8"), new RegExp(digestOf(second)), told);
  });

  it("fails the update where SageMaker rolls back silently, and finds it by verify", async () => {
    somebody.setFaults({ silentRollback: ["sagemaker-ops-dev-single"] });
    const failed = await somebody.run(line("The next model", 1));
    somebody.setFaults({});
    await emulated().mirror.follow(somebody.account());
    assert.notEqual(failed.status, 0, failed.told.slice(-8000));
    assertSays(failed, /rolled the update of endpoint sagemaker-ops-dev-single back/);

    await types(
      line("The next model", 2),
      1,
      /the update was rolled back/,
      new RegExp(`${shortDigestOf(first)}… answered through the container`),
    );
  });

  it("recovers as the chapter says", async () => {
    await types(line("After a rollback by SageMaker", 0), 0, /\d+ updated/);
    const ran = await types(line("After a rollback by SageMaker", 1), 0);

    assertAllAnswer(ran, second);
    await types(verifyGolden, 1, /golden FAILED .+ is right/, /1 of \d+ checks failed/);
  });

  it("goes back to the earlier model", async () => {
    await types(line("Back to an earlier model", 0), 0, new RegExp(shortDigestOf(first)));
    await types(line("Back to an earlier model", 1), 0, /\d+ updated/);
    const ran = await types(line("Back to an earlier model", 2), 0);

    assertAllAnswer(ran, first);
  });

  it("tears everything down, and leaves the account as empty as it was", async () => {
    await types(line("Tear down", 0), 0, /\d+ deleted/);
    const { models, configurations } = await contentsOf(emulated().services);
    assert.ok(
      models.length > 0 && configurations.length > 0,
      "what an update replaced stays until it is pruned",
    );
    emulated().letPass(2 * 3_600_000);
    await types(line("Tear down", 1), 0);

    const { trainingJobs: _, ...left } = await contentsOf(emulated().services);
    const { trainingJobs: _jobs, ...nothing } = empty;
    assert.deepEqual(left, nothing);
  });

  it("lists in docs/operate.md what did not come from the emulator", () => {
    const page = readFileSync(join(projectRoot, "docs/operate.md"), "utf8");
    const listed = page
      .slice(page.indexOf("## What the emulator lacks"))
      .matchAll(/^\| `([\w:]+)` \| (.+) \|$/gm);

    assert.deepEqual(
      [...listed].map(([, action, why]) => ({ action, why })),
      emulated().standIns.map(({ action, why }) => ({ action, why })),
    );
    assert.deepEqual(
      emulated()
        .standIns.map(({ action }) => action)
        .filter((action) => !emulated().front.used.has(action)),
      [],
    );
  });

  it("has typed every line of the chapter, and replaced in them only what is told here", () => {
    const lines = chapter.flatMap(({ title, lines: own }) => own.map((_, number) => `${title} ${number}`));

    assert.deepEqual([...typed].sort(), lines.sort());
    assert.deepEqual(
      [...somebody.replaced],
      substitutions(archive).map(({ documented }) => documented),
    );
  });
});

const verifyGolden = "npx sagemaker-ops verify --stack dev --golden golden.json";

/** All that differs from the chapter: the archive of the photographs comes from loopback, and is small. */
function substitutions(archive: FileServer): readonly Substitution[] {
  return [
    {
      documented: "https://s3-us-west-1.amazonaws.com/udacity-aind/dog-project/dogImages.zip",
      here: archive.url,
    },
  ];
}

const empty = {
  buckets: [],
  endpoints: [],
  configurations: [],
  models: [],
  trainingJobs: [],
  tuningJobs: [],
  functions: [],
  logGroups: [],
  alarms: [],
  roles: [],
};

/** Without all of an output of thousands of lines in the message. */
function assertSays({ said, told }: Ran, wanted: RegExp): void {
  assert.ok(wanted.test(said), `nothing in this matches ${wanted}: …${told.slice(-8000)}`);
}

/** By the containers and by the functions of both endpoints. */
function assertAllAnswer({ said, told }: Ran, file: string): void {
  assert.equal(said.split(`${shortDigestOf(file)}… answered`).length - 1, 4, told);
}

function digestOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** As the commands show it. */
function shortDigestOf(file: string): string {
  return digestOf(file).slice(0, 12);
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  assert.ok(text.includes(from), `${file} does not contain ${from}`);
  writeFileSync(file, text.replaceAll(from, to));
}
