import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ProjectError } from "../../plan/errors";
import { listStacks, loadProject } from "../../plan/load-project";

describe("plan/load-project", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "plan-project-"));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  function write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
  }

  function refuses(message: string, stack = "dev"): void {
    assert.throws(
      () => loadProject(directory, stack),
      (thrown: unknown) => {
        assert.ok(thrown instanceof ProjectError, String(thrown));
        assert.equal(thrown.message, message.replaceAll("DIR", directory));
        return true;
      },
    );
  }

  const project = "name: dogs\nruntime: nodejs\n";

  it("flattens config as the engine does: own namespace, JSON for what is no text, secrets marked", () => {
    write({
      "Pulumi.yaml": project,
      "index.js": "",
      "Pulumi.dev.yaml": [
        "config:",
        "  aws:region: eu-west-1",
        "  owner: team",
        "  count: 3",
        "  enabled: true",
        "  dogs:endpoints: { single: { kind: instances } }",
        "  acme:config:legacy: old",
        "  token: { secure: AAAB }",
        "  dogs:database: { user: dogs, passwords: [ { secure: AAAB } ] }",
      ].join("\n"),
    });

    const loaded = loadProject(directory, "dev");

    assert.deepEqual(loaded, {
      project: "dogs",
      stack: "dev",
      directory,
      entry: join(directory, "index.js"),
      config: {
        "aws:region": "eu-west-1",
        "dogs:owner": "team",
        "dogs:count": "3",
        "dogs:enabled": "true",
        "dogs:endpoints": '{"single":{"kind":"instances"}}',
        "acme:legacy": "old",
        "dogs:token": "[secret]",
        "dogs:database": '{"user":"dogs","passwords":["[secret]"]}',
      },
      secretKeys: ["dogs:database", "dogs:token"],
    });
  });

  it("takes the project's own config as default for the stack's", () => {
    write({
      "Pulumi.yaml": `${project}config:\n  size: { type: integer, default: 2 }\n  aws:region: { value: eu-west-1 }\n  owner: { type: string }\n`,
      "Pulumi.dev.yaml": "config:\n  dogs:size: 5\n",
      "index.js": "",
    });

    assert.deepEqual(loadProject(directory, "dev").config, { "dogs:size": "5", "aws:region": "eu-west-1" });
  });

  it("finds the entry by main of Pulumi.yaml, a folder or a file, then of package.json, then index.ts", () => {
    const entry = (files: Record<string, string>) => {
      rmSync(directory, { recursive: true });
      mkdirSync(directory);
      write({ "Pulumi.dev.yaml": "", ...files });
      const loaded = loadProject(directory, "dev");
      return [loaded.directory, loaded.entry].map((path) => path.replace(directory, "."));
    };

    assert.deepEqual(entry({ "Pulumi.yaml": project, "index.ts": "", "index.js": "" }), [".", "./index.ts"]);
    assert.deepEqual(
      entry({ "Pulumi.yaml": project, "package.json": '{"main": "infra/index.ts"}', "infra/index.ts": "" }),
      [".", "./infra/index.ts"],
    );
    assert.deepEqual(entry({ "Pulumi.yaml": `${project}main: infra\n`, "infra/index.js": "" }), [
      "./infra",
      "./infra/index.js",
    ]);
    assert.deepEqual(entry({ "Pulumi.yaml": `${project}main: infra/program.ts\n`, "infra/program.ts": "" }), [
      "./infra",
      "./infra/program.ts",
    ]);
  });

  it("reads another file instead of the stack's when told to", () => {
    write({ "Pulumi.yaml": project, "index.js": "", "other.yaml": "config: { size: 7 }" });

    const loaded = loadProject(directory, "dev", { configFile: join(directory, "other.yaml") });

    assert.deepEqual(loaded.config, { "dogs:size": "7" });
  });

  it("lists the stacks of a project", () => {
    write({
      "Pulumi.yaml": project,
      "Pulumi.prod.yaml": "",
      "Pulumi.dev.yaml": "",
      "Pulumi.eu.west.yml": "",
    });

    assert.deepEqual(listStacks(directory), ["dev", "eu.west", "prod"]);
  });

  it("refuses what is missing, naming it and what is there", () => {
    refuses("DIR is no Pulumi project: it has no Pulumi.yaml. Point --program at the folder that has one.");

    write({ "Pulumi.yaml": project });
    refuses(
      'Stack "dev" of project "dogs" does not exist: there is no Pulumi.dev.yaml in DIR. The project has no stack file.',
    );

    write({ "Pulumi.prod.yaml": "", "Pulumi.staging.yaml": "" });
    refuses(
      'Stack "dve" of project "dogs" does not exist: there is no Pulumi.dve.yaml in DIR. Stacks there: prod, staging.',
      "dve",
    );

    refuses(
      "DIR/Pulumi.yaml: the program's entry file is missing; none of index.ts, index.js exists in DIR. " +
        'Set "main" in package.json to the entry file.',
      "prod",
    );

    rmSync(directory, { recursive: true });
    refuses("The program directory DIR does not exist. Check --program.");
    mkdirSync(directory);
  });

  it("refuses malformed files with the line and column", () => {
    write({ "Pulumi.yaml": project, "index.js": "", "Pulumi.dev.yaml": "config:\n  a: 1\n  a: 2\n" });
    refuses("DIR/Pulumi.dev.yaml:3:3: Map keys must be unique");

    write({ "Pulumi.dev.yaml": "config:\n  - a\n  - b\n" });
    refuses('DIR/Pulumi.dev.yaml: "config" must be a map of settings, got a list.');

    write({ "Pulumi.dev.yaml": "just text" });
    refuses("DIR/Pulumi.dev.yaml:1:1: must be a map of settings.");

    write({ "Pulumi.dev.yaml": "", "package.json": "{" });
    assert.throws(() => loadProject(directory, "dev"), /package\.json is not valid JSON: /);

    write({ "Pulumi.yaml": "name: 3\nruntime: nodejs\n" });
    refuses('DIR/Pulumi.yaml: "name" must be a text that is not empty, got 3.');

    write({ "Pulumi.yaml": "name: dogs\nruntime: { name: python }\n" });
    refuses('DIR/Pulumi.yaml: runtime is "python"; the plan runs programs with runtime "nodejs" only.');
  });
});
