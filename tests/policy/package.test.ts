import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, beforeEach, describe, it } from "mocha";
import { rules } from "../../policy/rules";
import { startPack } from "../support/policy-pack-process";

const root = resolve(__dirname, "../..");
const source = join(root, "policy");
const packages = join(root, "node_modules");
const attachment = {
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  props: { policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess" },
};

/** What Pulumi's launcher says of the pack in a folder. */
async function verdictsOf(folder: string) {
  const pack = await startPack(folder, 60_000);
  try {
    const { name, version, policiesList } = await pack.info();
    const { diagnostics } = await pack.analyze(attachment);
    return {
      name,
      version,
      sentences: policiesList.map(({ description }) => description),
      refused: diagnostics
        .filter(({ level }) => level === "mandatory")
        .map(({ policy }) => policy)
        .includes("iam-no-sagemaker-full-access"),
    };
  } finally {
    await pack.stop();
  }
}

function copyPack(folder: string): void {
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => !path.includes("node_modules") && !path.endsWith("dist"),
  });
}

/** The packages of this repository, all but some, without another installation. */
function linkPackages(folder: string, without: readonly string[] = []): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(packages)) {
    if (name.startsWith(".") || name === "sagemaker-guard" || without.includes(name)) continue;
    symlinkSync(join(packages, name), join(folder, name));
  }
}

describe("the pack in a checkout", function () {
  this.timeout(90_000);
  let folder: string;
  const compiled = () => join(folder, "dist/index.js");
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sagemaker-guard-"));
    copyPack(folder);
  });
  const cleanUp = () => rmSync(folder, { recursive: true });

  it("is compiled by its prepare script, which npm runs after an installation, and by itself without one", async () => {
    linkPackages(join(folder, "node_modules"));
    const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

    const [command, ...args] = scripts.prepare.split(" ");
    execFileSync(command, args, { cwd: folder });
    assert.ok(existsSync(compiled()));

    rmSync(dirname(compiled()), { recursive: true });
    assert.equal((await verdictsOf(folder)).refused, true);
    assert.ok(existsSync(compiled()));
    cleanUp();
  });

  it("never runs with what was compiled from other sources", async () => {
    linkPackages(join(folder, "node_modules"));
    await verdictsOf(folder);
    const file = join(folder, "iam/no-sagemaker-full-access.ts");
    const { sentence } = rules.find(({ id }) => id === "iam-no-sagemaker-full-access") ?? { sentence: "" };
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes(sentence));
    writeFileSync(file, text.replace(sentence, "Changed."));

    assert.ok((await verdictsOf(folder)).sentences.includes("Changed."));
    cleanUp();
  });

  it("is left as it was compiled while its sources are the same", async () => {
    linkPackages(join(folder, "node_modules"));
    await verdictsOf(folder);
    const first = readFileSync(compiled());
    writeFileSync(compiled(), Buffer.concat([first, Buffer.from("// untouched\n")]));

    await verdictsOf(folder);

    assert.match(readFileSync(compiled(), "utf8"), /\/\/ untouched\n$/);
    cleanUp();
  });

  it("runs from its sources where no compiler is installed", async () => {
    linkPackages(join(folder, "node_modules"), ["esbuild"]);

    assert.equal((await verdictsOf(folder)).refused, true);
    assert.equal(existsSync(compiled()), false);
    cleanUp();
  });

  it("says where a source does not compile, and does not start", async () => {
    linkPackages(join(folder, "node_modules"));
    writeFileSync(join(folder, "findings.ts"), "export const = 1;\n");

    await assert.rejects(verdictsOf(folder), /cannot be compiled.*findings\.ts:1:13/s);
    cleanUp();
  });
});

/** Does not prove that its dependencies install from a registry. */
describe("the pack as a package of its own", function () {
  this.timeout(90_000);
  let folder: string;
  let installed: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sagemaker-guard-package-"));
    const checkout = join(folder, "checkout");
    copyPack(checkout);
    linkPackages(join(checkout, "node_modules"));
    const npm = { cwd: checkout, stdio: ["ignore", "pipe", "pipe"] as ("ignore" | "pipe")[] };
    execFileSync("npm", ["pack", "--offline", "--pack-destination", folder], npm);

    const project = join(folder, "project");
    installed = join(project, "node_modules/sagemaker-guard");
    mkdirSync(installed, { recursive: true });
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    execFileSync("tar", ["-xzf", join(folder, tarball), "-C", installed, "--strip-components", "1"]);
    const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      const link = join(project, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(packages, name), link);
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  it("holds the compiled pack, its profiles, its manual and its licence, and no sources", () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));

    assert.deepEqual(files.sort(), [
      "LICENSE",
      "PulumiPolicy.yaml",
      "README.md",
      "deferred.cjs",
      "dist/index.js",
      "main.cjs",
      "package.json",
      "profiles/production.json",
    ]);
  });

  it("runs in an empty project under Pulumi's launcher, with every rule", async () => {
    const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));

    assert.deepEqual(await verdictsOf(installed), {
      name: "sagemaker-guard",
      version,
      sentences: rules.map(({ sentence }) => sentence),
      refused: true,
    });
  });

  it("has one version, in both of its manifests, and the project's licence", () => {
    const { version, license } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
    const project = readFileSync(join(source, "PulumiPolicy.yaml"), "utf8");

    assert.match(project, new RegExp(`^version: ${version.replaceAll(".", "\\.")}$`, "m"));
    assert.equal(license, JSON.parse(readFileSync(join(root, "package.json"), "utf8")).license);
    assert.equal(readFileSync(join(source, "LICENSE"), "utf8"), readFileSync(join(root, "LICENSE"), "utf8"));
  });
});
