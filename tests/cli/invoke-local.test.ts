import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "../support/run-cli";
import { digest, invokeTools, jpeg, logits } from "./invoke-tools";

describe("sagemaker-ops invoke --local", () => {
  const { folder, dog, labels, serve, container, awsEnvironment, run, runJson, failureIn } = invokeTools();

  it("runs the function's code in front of a serving process and names the classes", async () => {
    const { origin, seen } = await container();

    const { status, stdout, stderr } = await run([dog, "--local", origin, "--labels", labels]);

    assert.equal(status, 0, stderr);
    const [head = "", tail = ""] = stdout.split("\nanswered in ");
    assert.equal(
      head,
      [
        `1 request to the function, in front of ${origin}`,
        `model ${digest.slice(0, 12)}…`,
        "",
        ...[
          dog,
          "  1  Collie   70.0 %  ██████████████",
          "  2  Poodle   20.0 %  ████",
          "  3  Beagle   10.0 %  ██",
        ],
        "",
      ].join("\n"),
    );
    assert.match(tail, /^\d+(?:\.\d)? ms\n$/);
    assert.deepEqual(
      seen.map(({ method, url }) => `${method} ${url}`),
      ["GET /ping", "POST /invocations"],
    );
    assert.deepEqual([seen[1]?.body, seen[1]?.headers["content-type"]], [jpeg, "image/jpeg"]);
  });

  it("takes the image after --local, too", async () => {
    const { status, stderr } = await run(["--local", join(folder, "absent.jpg")]);

    assert.equal(status, 2);
    assert.match(stderr, /absent\.jpg cannot be read \(ENOENT\)\. Name an image file/);
  });

  it("sends every image below a folder as often as told, and shows progress and percentiles", async () => {
    const { origin, seen } = await container();

    const { status, stdout, stderr } = await run([
      ...[join(folder, "images"), "--local", origin, "--labels", labels],
      ...["--repeat", "10", "--concurrency", "4"],
    ]);

    assert.equal(status, 0, stderr);
    assert.equal(seen.filter(({ url }) => url === "/invocations").length, 30);
    assert.match(stdout, /^30 requests to the function/);
    assert.match(
      stdout,
      /^a\.jpg +Collie +70\.0 % +\S+ ms\nb\/c\.PNG +Collie +70\.0 % +\S+ ms\nd\.jpeg +Collie /m,
    );
    assert.match(stdout, /^ {2}p50 \S+ ms {3}p90 \S+ ms {3}p99 \S+ ms {3}max \S+ ms$/m);
    assert.match(stdout, /^ {2}30 answers, 4 at once, \S+ per second$/m);
    assert.match(stderr, /^3 of 30 \(10 %\)$/m);
    assert.match(stderr, /^30 of 30 \(100 %\)$/m);
  });

  it("tells the model's refusal with status 1, and what to do", async () => {
    const { origin } = await serve(({ url }, response) =>
      url === "/ping" ? response.end() : response.writeHead(400).end("cannot identify image file"),
    );

    const { status, json } = await runJson([dog, "--local", origin, "--classes", "3"]);

    assert.equal(status, 1);
    assert.deepEqual(json.failures, [
      {
        code: "model-refused-input",
        cause: "The model could not read the image.",
        next: "See that the file is a whole image, and look at the model's log.",
        requests: 1,
        inputs: [dog],
      },
    ]);
  });

  it("tells how many numbers came when it was other than expected", async () => {
    const { origin } = await container();

    const { status, json } = await runJson([dog, "--local", origin]);

    assert.equal(status, 1);
    assert.match(failureIn(json)?.cause ?? "", /has 3 numbers, and not 133/);
    assert.match(failureIn(json)?.next ?? "", /--classes or --labels/);
  });

  it("sends a URL as an event, which the function refuses to fetch from a private address", async () => {
    const { origin, seen } = await container();

    const { status, json } = await runJson(["https://169.254.169.254/dog.jpg", "--local", origin]);

    assert.equal(status, 1);
    assert.equal(failureIn(json)?.code, "address-not-public");
    assert.deepEqual(
      seen.map(({ url }) => url),
      ["/ping"],
    );
  });

  it("ends with 3 where nothing answers, and where the process is not healthy", async () => {
    const { origin } = await serve((_, response) => response.writeHead(500).end());

    const absent = await run([dog, "--local", "http://127.0.0.1:1"]);
    const unhealthy = await run([dog, "--local", origin]);

    assert.equal(absent.status, 3);
    assert.match(absent.stderr, /No serving process answers at http:\/\/127\.0\.0\.1:1 .*Start it/);
    assert.equal(unhealthy.status, 3);
    assert.match(unhealthy.stderr, /\/ping answered with status 500/);
  });

  it("finds a serving process beneath a path", async () => {
    const { origin, seen } = await serve(({ url }, response) =>
      url === "/pre/ping" ? response.end() : response.writeHead(200).end(logits),
    );

    const { status, stdout } = await run([dog, "--local", `${origin}/pre`, "--labels", labels]);

    assert.equal(status, 0);
    assert.deepEqual(
      seen.map(({ url }) => url),
      ["/pre/ping", "/pre/invocations"],
    );
    assert.match(stdout, /in front of http:\/\/127\.0\.0\.1:\d+\/pre\n/);
  });

  it("takes images of the size that Lambda takes, and no larger ones", async () => {
    const { origin, seen } = await container();
    const codes: unknown[] = [];
    for (const bytes of [4_500_000, 4_500_001]) {
      const large = join(folder, "large.jpg");
      writeFileSync(large, Buffer.concat([jpeg], bytes));
      const { status, json } = await runJson([large, "--local", origin, "--classes", "3"]);
      codes.push([status, failureIn(json)?.code]);
    }

    assert.deepEqual(codes, [
      [0, undefined],
      [1, "image-too-large"],
    ]);
    assert.equal(seen[1]?.body.length, 4_500_000);
  });

  it("gives a call 30 s, of which the function keeps a little to answer in", async () => {
    const { origin } = await serve(({ url }, response) => {
      if (url === "/ping") response.end();
    });
    const original = globalThis.setTimeout;
    const soon = (run: () => void, milliseconds: number) =>
      original(run, milliseconds > 29_000 && milliseconds <= 30_000 ? 50 : milliseconds);
    globalThis.setTimeout = soon as typeof original;
    try {
      const { status, json } = await runJson([dog, "--local", origin]);

      assert.deepEqual([status, failureIn(json)?.code], [1, "endpoint-timeout"]);
    } finally {
      globalThis.setTimeout = original;
    }
  });

  it("waits 5 s for the serving process to say that it is healthy", async () => {
    const { origin } = await serve(() => undefined);
    const original = AbortSignal.timeout;
    AbortSignal.timeout = (milliseconds) => original(milliseconds === 5000 ? 50 : milliseconds);
    try {
      const { status, stderr } = await run([dog, "--local", origin]);

      assert.equal(status, 3);
      assert.match(stderr, /No serving process answers at \S+ \(TimeoutError\)/);
    } finally {
      AbortSignal.timeout = original;
    }
  });

  it("shows the function's log line when asked", async () => {
    const { origin } = await container();

    const { stderr } = await run([dog, "--local", origin, "--classes", "3", "--log"]);

    assert.match(stderr, /"statusCode":200/);
  });

  it("is a command of the CLI, which ends with its status", async () => {
    const { origin } = await container();
    const own = awsEnvironment({});

    const answered = await runCli(["invoke", dog, "--local", origin, "--labels", labels, "--json"], own);
    const unreachable = await runCli(["invoke", dog, "--local", "http://127.0.0.1:1"], own);

    assert.equal(answered.status, 0, answered.stderr);
    assert.equal((JSON.parse(answered.stdout) as { answered: number }).answered, 1);
    assert.deepEqual([unreachable.status, unreachable.stdout], [3, ""]);
    assert.match(unreachable.stderr, /No serving process answers at/);
  });
});
