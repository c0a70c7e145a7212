// One cold start, in the Node under test: loads a bundle and serves two requests. Argument: the bundle.
import { pathToFileURL } from "node:url";

const image = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(50_000, "image")]);
const event = { image: image.toString("base64") };
const context = {
  awsRequestId: "00000000-0000-0000-0000-000000000000",
  functionName: "f",
  getRemainingTimeInMillis: () => 30_000,
};

const marks = [];
const mark = () => marks.push([performance.now(), process.cpuUsage()]);
mark();
const { handler } = await import(pathToFileURL(process.argv[2]).href);
mark();
for (let call = 0; call < 2; call++) {
  const { statusCode, body } = await handler(event, context);
  if (statusCode !== 200) throw new Error(body);
  mark();
}
const phases = marks.slice(1).map(([ms, cpu], index) => {
  const [before, cpuBefore] = marks[index];
  return { ms: ms - before, cpuMs: (cpu.user + cpu.system - cpuBefore.user - cpuBefore.system) / 1000 };
});
process.stdout.write(`@@${JSON.stringify(phases)}\n`, () => process.exit(0));
