import { describe } from "mocha";
import { CommandError } from "../../../cli/core/exit-status";
import { pythonVariable, pythonWith, trainingPackages } from "../../../cli/core/python/environment";
import { describeWithEngine, type Engine } from "../../engine/support/with-engine";
import { type EmulatedServices, emulatedServices } from "./clients";
import { Containers } from "./containers";
import { type Front, type StandIn, startFront } from "./front";
import { Mirror } from "./mirror";
import { type Moto, motoPackages, startMoto } from "./moto";
import { standIns } from "./stand-ins";

/** An emulated account, empty at first, and what the tests work on it with. */
export interface Emulated extends Engine {
  /** Of the training's packages. */
  readonly python: string;
  readonly front: Front;
  readonly standIns: readonly StandIn[];
  readonly services: EmulatedServices;
  readonly mirror: Mirror;
  /** Makes everything that is there so much older. */
  letPass(milliseconds: number): void;
}

/** A first installation of PyTorch downloads gigabytes. */
const setUpTimeoutMs = 60 * 60_000;

/**
 * A suite that needs the real engine and the emulator. Where one cannot be had its tests are skipped, with one line that says why;
 * with `CI=true` they fail instead.
 */
export function describeWithEmulator(title: string, body: (emulated: () => Emulated) => void): void {
  // Nested: a suite that is skipped runs no hook of those within it.
  describeWithEngine("with the real engine", (engine) =>
    describe("on an emulated account", () => withEmulator(engine, title, body)),
  );
}

function withEmulator(engine: () => Engine, title: string, body: (emulated: () => Emulated) => void): void {
  let emulated: Emulated | undefined;
  let moto: Moto | undefined;
  let containers: Containers | undefined;

  before(async function () {
    this.timeout(setUpTimeoutMs);
    const own = { env: process.env, tell: (line: string) => process.stderr.write(`${line}\n`) };
    try {
      const python = await pythonWith(trainingPackages, own);
      // A person's own interpreter has the training's packages, and hardly these.
      const withoutOwn = { ...process.env, [pythonVariable]: "" };
      moto = await startMoto(await pythonWith(motoPackages, { ...own, env: withoutOwn }));
      const services = emulatedServices(moto.origin);
      const running = new Containers(python);
      containers = running;
      let age = 0;
      const inFront = standIns({
        services,
        containers: running,
        front: () => front.origin,
        age: () => age,
      });
      const front: Front = await startFront(moto.origin, inFront);
      emulated = {
        ...engine(),
        ...{ python, front, services, standIns: inFront, mirror: new Mirror(services) },
        letPass: (milliseconds) => {
          age += milliseconds;
        },
      };
    } catch (error) {
      if (!(error instanceof CommandError) || process.env.CI === "true") throw error;
      process.stderr.write(`skipped, ${title} is not tested: ${error.message}\n`);
      this.skip();
    }
  });

  after(async () => {
    await emulated?.front.close();
    await containers?.stop();
    for (const service of Object.values(emulated?.services ?? {})) service.destroy();
    await moto?.stop();
  });

  const emulatedNow = () => {
    if (emulated === undefined) throw new Error("The emulator is there only while a test or a hook runs.");
    return emulated;
  };
  describe(title, () => body(emulatedNow));
}
