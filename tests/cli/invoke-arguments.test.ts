import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { invokeTools } from "./invoke-tools";

describe("sagemaker-ops invoke refuses, with status 2,", () => {
  const { folder, dog, labels, run } = invokeTools();
  const url = "https://a.example.org/";
  const notes = join(folder, "images/b/notes.txt");

  for (const [what, args, message] of [
    ["nothing to call", ["https://a.example.org/"], /Nothing to call is named\. Give one of --local/],
    ["no image", ["--local"], /No image is named/],
    ["a file that is not there", ["x.jpg", "--local"], /x\.jpg cannot be read \(ENOENT\)/],
    [
      "a count that is none",
      ["https://a.example.org/", "--local", "--repeat", "0"],
      /--repeat is "0".*1 to 1000000/,
    ],
    [
      "too many at once",
      ["https://a.example.org/", "--local", "--concurrency", "1001"],
      /--concurrency is "1001"/,
    ],
    ["a label count that is none", ["https://a.example.org/", "--local", "--top", "x"], /--top is "x"/],
    [
      "a serving address that is none",
      ["https://a.example.org/", "--local", "https://x"],
      /--local is "https:\/\/x"/,
    ],
    [
      "a serving address with what nothing reads",
      [url, "--local", "http://127.0.0.1:8080/?x=1"],
      /--local is "http:\/\/127\.0\.0\.1:8080\/\?x=1"/,
    ],
    ["a serving address alone, of whatever scheme", ["--local", "https://x"], /No image is named/],
    ["an endpoint without a name", [dog, "--endpoint", ""], /--endpoint is ""; it must be a name\./],
    ["a function without a name", [dog, "--function", ""], /--function is ""; it must be a name\./],
    ["a URL for an endpoint", [url, "--endpoint", "breeds"], /is a URL, and an endpoint takes images alone/],
    ["an object for an endpoint", ["s3://b/k.jpg", "--endpoint", "breeds"], /s3:\/\/b\/k\.jpg is a URL/],
    ["a text for an endpoint", [notes, "--endpoint", "breeds"], /notes\.txt is neither JPEG nor PNG/],
    [
      "a class count for a function",
      [dog, "--function", "f", "--classes", "3"],
      /--classes goes with --local alone/,
    ],
    ["a log of an endpoint", [dog, "--endpoint", "e", "--log"], /--log goes with --local alone/],
    ["a region of this computer", [dog, "--local", "--region", "x"], /--region does not go with --local/],
    [
      "another class count than there are names",
      [dog, "--local", "--labels", labels, "--classes", "4"],
      /--classes is 4, and --labels .*class_to_idx\.json has 3 names\. Leave --classes out/,
    ],
    [
      "two things to call",
      ["https://a.example.org/", "--local", "--endpoint", "breeds"],
      /More than one thing to call/,
    ],
  ] as const) {
    it(what, async () => {
      const { status, stderr, stdout } = await run(args);

      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, message);
    });
  }

  it("a folder without images, and labels that are none", async () => {
    const wrong = join(folder, "labels.json");
    writeFileSync(wrong, '{"Beagle": 0, "Collie": 2}');

    const empty = await run([join(folder, "images/b/.."), "--local", "--labels", wrong]);
    mkdirSync(join(folder, "empty"), { recursive: true });
    const none = await run([join(folder, "empty"), "--local"]);

    assert.deepEqual([empty.status, none.status], [2, 2]);
    assert.match(empty.stderr, /--labels .*labels\.json holds .* an object from names to the indices/);
    assert.match(none.stderr, /holds no image/);
  });
});
