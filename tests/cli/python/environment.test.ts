import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { CommandError } from "../../../cli/core/exit-status";
import {
  environmentFolder,
  type Packages,
  pythonWith,
  trainingPackages,
} from "../../../cli/core/python/environment";
import { findPython } from "../../../cli/core/python/find-python";
import { pipProblem, pipProgress } from "../../../cli/core/python/pip-output";

/**
 * The interpreters here are shell scripts that do what the real ones do when they are asked for their version, an environment,
 * or packages. That the real ones make a working environment is proved by the tests of the training package, which run in one.
 */
describe("the Python environment", () => {
  const root = mkdtempSync(join(tmpdir(), "sagemaker-ops-python-"));
  after(() => rmSync(root, { recursive: true }));
  let next = 0;

  const machine = (pythons: Readonly<Record<string, string>>) => {
    const folder = join(root, `machine-${next++}`);
    mkdirSync(join(folder, "bin"), { recursive: true });
    const lock = join(folder, "lock.txt");
    writeFileSync(lock, "torch==2.13.0\n");
    const log = join(folder, "log");
    writeFileSync(log, "");
    for (const [name, says] of Object.entries(pythons)) {
      const script = `#!/bin/sh
case "$1 $2" in
  "-c "*ensurepip*) echo "${says}" ;;
  "-c "*) exit 0 ;;
  "-m venv") echo venv >> "${log}"; mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  "-m pip") echo "pip $*" >> "${log}"; echo "Installing collected packages: a, b"; sleep 0.1; $PIP_SAYS ;;
esac`;
      writeFileSync(join(folder, "bin", name), script);
      chmodSync(join(folder, "bin", name), 0o755);
    }
    const env = { PATH: `${join(folder, "bin")}:/bin:/usr/bin`, XDG_CACHE_HOME: join(folder, "cache") };
    const packages: Packages = { install: ["-r", lock, "pytest"], files: [lock], size: "little" };
    const told: string[] = [];
    const make = (more: NodeJS.ProcessEnv = {}, which = packages) =>
      pythonWith(which, { env: { ...env, ...more }, tell: (line) => told.push(line) });
    return { env, lock, packages, told, make, ran: () => readFileSync(log, "utf8").trim().split("\n") };
  };
  const usable = { python3: "3.12.1 True" };

  it("is made once, tells that it is, and is found again", async () => {
    const { env, packages, told, make, ran, lock } = machine(usable);

    const python = await make();
    const again = await make();

    const folder = environmentFolder(packages, env);
    assert.equal(python, join(folder, "bin/python"));
    assert.equal(again, python);
    assert.deepEqual(ran(), [
      "venv",
      `pip -m pip install --disable-pip-version-check --progress-bar off -r ${lock} pytest`,
    ]);
    assert.deepEqual(told, [
      `Making the Python environment in ${folder} with Python 3.12.1, once: little.`,
      "  Installing 2 packages",
      "The Python environment is ready.",
    ]);
  });

  it("is made once by two that want it together", async () => {
    const { make, ran, told } = machine(usable);

    const [one, two] = await Promise.all([make(), make()]);

    assert.equal(one, two);
    assert.equal(ran().length, 2);
    assert.match(told.join("\n"), /Waiting for process \d+ on .*, which makes the Python environment\./);
  });

  it("is another one for another lock, and the same for the same contents elsewhere", () => {
    const { env, lock, packages } = machine(usable);
    const before = environmentFolder(packages, env);
    const elsewhere = machine(usable);

    writeFileSync(lock, "torch==2.13.1\n");

    assert.notEqual(environmentFolder(packages, env), before);
    assert.equal(environmentFolder(elsewhere.packages, env), before);
    assert.notEqual(
      environmentFolder({ ...packages, install: ["-r", lock] }, env),
      environmentFolder(packages, env),
    );
  });

  it("is made anew where an earlier one was stopped half-way, or its interpreter is gone", async () => {
    const { env, packages, make, ran } = machine(usable);
    const folder = environmentFolder(packages, env);
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "rest"), "");

    const python = await make();
    assert.equal(existsSync(join(folder, "rest")), false);
    assert.equal(ran().length, 2);

    rmSync(python);
    await make();
    assert.equal(ran().length, 4);
  });

  it("leaves nothing where pip fails, and says what to do", async () => {
    const { env, packages, make } = machine(usable);
    const failures: readonly [string, RegExp][] = [
      [
        "ERROR: No matching distribution found for torch==9",
        /pip ended with status 1\. It said: ERROR: No matching/,
      ],
      ["Temporary failure in name resolution", /The package index cannot be reached/],
      ["OSError: [Errno 28] No space left on device", /The disk is full/],
    ];
    for (const [says, message] of failures) {
      const script = join(root, "fails.sh");
      writeFileSync(script, `echo '${says}' >&2; exit 1`);

      await assert.rejects(make({ PIP_SAYS: `exec sh ${script}` }), (error) => {
        assert.ok(error instanceof CommandError);
        assert.equal(error.status, 3);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(existsSync(environmentFolder(packages, env)), false);
    }
    await make();
  });

  it("is the one that is named, where one is", async () => {
    const { env, make, ran } = machine(usable);
    const named = join(env.PATH.split(":")[0] ?? "", "python3");

    assert.equal(await make({ SAGEMAKER_OPS_PYTHON: named }), named);
    assert.deepEqual(ran(), [""]);
    await assert.rejects(
      make({ SAGEMAKER_OPS_PYTHON: "/nowhere/python" }),
      /is "\/nowhere\/python", which does not run/,
    );
  });

  it("is made with the first usable Python, and the reason names what was passed over", () => {
    const found = (pythons: Readonly<Record<string, string>>) =>
      findPython({ PATH: join(machine(pythons).env.PATH.split(":")[0] ?? "") });

    assert.deepEqual(found({ python3: "3.8.10 True", "python3.13": "3.13.0 True", python: "3.12.0 True" }), {
      kind: "found",
      path: "python3.13",
      version: "3.13.0",
    });
    assert.deepEqual(found({ python3: "3.9.2 True", "python3.10": "3.10.0 True" }), {
      kind: "found",
      path: "python3.10",
      version: "3.10.0",
    });
    assert.deepEqual(found({ python3: "3.9.2 True", python: "2.7.18 True" }), {
      kind: "none",
      reason: "there is no Python 3.10 to 3.14 on PATH (python3 is 3.9.2; python is 2.7.18)",
    });
    assert.deepEqual(found({ python3: "3.12.2 False" }), {
      kind: "none",
      reason:
        "there is no Python 3.10 to 3.14 on PATH (python3 (3.12.2) has no ensurepip: install python3-venv, or your system's package of it)",
    });
    assert.deepEqual(found({ python3: "3.15.0 True" }).kind, "none");
    assert.deepEqual(found({}), { kind: "none", reason: "there is no Python 3.10 to 3.14 on PATH" });
  });

  it("cannot be made without a Python, and that is a missing tool", async () => {
    const { make } = machine({ python3: "3.9.0 True" });

    await assert.rejects(make({ PATH: "/nowhere" }), (error) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.status, 3);
      assert.match(error.message, /^No Python environment: there is no Python .*\. Install one, or name one/);
      return true;
    });
  });

  it("hashes the very files that the training's requirements are in", () => {
    assert.deepEqual(
      trainingPackages.install.filter((argument) => argument.endsWith(".txt")),
      trainingPackages.files,
    );
  });
});

describe("pip's output", () => {
  it("tells of large downloads and of the installation, and of nothing else", () => {
    assert.equal(
      pipProgress("  Downloading torch-2.13.0.whl (526.6 MB)"),
      "Downloading torch-2.13.0.whl (526.6 MB)",
    );
    assert.equal(
      pipProgress("  Using cached torch-2.13.0.whl (1.2 GB)"),
      "Using cached torch-2.13.0.whl (1.2 GB)",
    );
    assert.equal(pipProgress("  Downloading mypy-2.4.1.whl (1.4 MB)"), undefined);
    assert.equal(pipProgress("Collecting torch"), undefined);
    assert.equal(pipProgress("Installing collected packages: a, b, c"), "Installing 3 packages");
  });

  it("is quoted where the cause is not known", () => {
    assert.equal(pipProblem("x\nERROR: Exception: odd\ny"), "It said: ERROR: Exception: odd");
    assert.equal(pipProblem("Segmentation fault"), "It said: Segmentation fault");
  });
});
