import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { judgeCost, judgePrices } from "../../../cli/core/doctor/costs";
import { judgeAmiPatches, judgeDatesAge, judgeImagePatches } from "../../../cli/core/doctor/end-of-patch";
import type { Finding } from "../../../cli/core/doctor/finding";
import {
  type FoundAmi,
  judgeAmi,
  judgeImage,
  judgePinnedAmi,
} from "../../../cli/core/doctor/image-availability";
import type { Contract } from "../../../infra/outputs";
import { priceTable } from "../../../policy/catalog/price-table";

const now = new Date("2026-11-21T12:00:00Z");
const image = { registry: "763104351884", repository: "pytorch", cpu: "", gpu: "" };
const need = (tag: string, change: object = {}) => ({
  setting: "images.training.cpu",
  image: { ...image, ...change },
  tag,
  uri: `763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch:${tag}`,
});
const outcome = ({ status, found }: Finding) => [status, found];

describe("the end of patch", () => {
  const patched = (tag: string, change: object = {}, at = now) =>
    outcome(judgeImagePatches(need(tag, change), at));

  it("of a container is a warning from ninety days before on", () => {
    const until = (verb: string) =>
      `security faults ${verb} mended until 2027-07-20, as was read on 2026-11-21`;
    const tag = "2.13-cpu-amzn2023-sagemaker";

    assert.deepEqual(patched(tag), ["ok", until("are")]);
    assert.deepEqual(patched(tag, {}, new Date("2027-04-21T23:59:58Z")), ["ok", until("are")]);
    assert.deepEqual(patched(tag, {}, new Date("2027-04-22T00:00:00Z")), ["warning", until("are")]);
    assert.deepEqual(patched(tag, {}, new Date("2027-07-20T20:00:00Z")), ["warning", until("are")]);
    assert.deepEqual(patched(tag, {}, new Date("2027-07-21T00:00:00Z")), ["warning", until("were")]);
  });

  it("is read from the version, whichever way AWS names the repository", () => {
    assert.match(String(patched("2.9.0-cpu", { repository: "pytorch-training" })[1]), /until 2026-10-15/);
    assert.match(String(patched("2.6.0-gpu", { repository: "pytorch-inference" })[1]), /until 2026-06-30/);
    assert.match(String(patched("2.6.0-gpu", { repository: "pytorch-training" })[1]), /until 2026-01-29/);
    assert.match(String(patched("2.10-cpu")[1]), /until 2027-01-21/);
    assert.match(String(patched("2.5.1-cpu")[1]), /until 2025-10-29,/);
    assert.match(String(patched("1.4.0-cpu")[1]), /were mended until 2023-07-01 at the latest,/);
  });

  it("is not known of a digest, of another version, and of an image of one's own", () => {
    assert.deepEqual(patched(`sha256:${"a".repeat(64)}`)[0], "unchecked");
    assert.deepEqual(patched("3.1-cpu"), ["unchecked", "no end of patch is known for it"]);
    assert.deepEqual(patched("2.9.0-cpu", { registry: "123456789012" })[0], "unchecked");
  });

  it("of a machine image is the earlier of its framework's and its system's", () => {
    const ami = (type: string) => outcome(judgeAmiPatches(type, now));

    assert.deepEqual(ami("oss-nvidia-driver-gpu-pytorch-2.9-ubuntu-22.04"), [
      "warning",
      "security faults were mended until 2026-10-15, as was read on 2026-11-21",
    ]);
    assert.match(String(ami("gpu-pytorch-2.5-amazon-linux-2023")[1]), /until 2025-11-24,/);
    assert.deepEqual(ami("base-oss-nvidia-driver-gpu-ubuntu-24.04"), [
      "ok",
      "security faults are mended until 2029-04-30, as was read on 2026-11-21",
    ]);
    assert.deepEqual(ami("oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04"), [
      "unchecked",
      "no end of patch is known for its framework; of its operating system it is 2029-04-30",
    ]);
    assert.deepEqual(ami("oss-nvidia-driver-gpu-pytorch-2.12-amazon-linux-2")[0], "warning");
    assert.deepEqual(ami("neuron"), ["unchecked", "no end of patch is known for its framework"]);
  });
});

describe("the dates of the ends of patch", () => {
  it("are a warning once they were read more than ninety days ago", () => {
    const at = (day: string) => judgeDatesAge(new Date(`${day}T12:00:00Z`));

    assert.deepEqual([at("2026-11-21").status, at("2027-02-19").status], ["ok", "ok"]);
    assert.equal(at("2027-02-20").status, "warning");
    assert.equal(at("2027-02-20").found, "read on 2026-11-21, 91 days ago");
    assert.match(at("2027-02-20").fix ?? "", /end-of-patch\.ts with https:/);
  });
});

describe("images", () => {
  const ami = (change: Partial<FoundAmi> = {}): FoundAmi => ({
    id: "ami-0a1b2c3d",
    name: "Deep Learning",
    state: "available",
    createdAt: new Date("2026-11-20T00:00:00Z"),
    deprecatedAt: new Date("2028-11-20T00:00:00Z"),
    ...change,
  });

  it("of containers are told with their age, and missed", () => {
    const found = need("2.13-cpu");

    assert.deepEqual(outcome(judgeImage(found, { pushedAt: new Date("2026-11-01T00:00:00Z") }, now)), [
      "ok",
      `${found.uri}, made 2026-11-01 (20 days ago)`,
    ]);
    assert.deepEqual(outcome(judgeImage(found, {}, now)), ["ok", `${found.uri} is there`]);
    assert.deepEqual(judgeImage(found, undefined, now), {
      area: "images",
      check: "image",
      subject: "images.training.cpu",
      status: "problem",
      found: `${found.uri} does not exist`,
      expected: "an image that jobs or endpoints can start from",
      fix: "Correct images.training.cpu or the registry beside it: https://aws.github.io/deep-learning-containers/reference/available_images/",
    });
  });

  it("of the box have to exist, be available, and better not be deprecated", () => {
    const judged = (id: string | undefined, found: FoundAmi | undefined) =>
      outcome(judgeAmi("/aws/service/x", id, found, now));

    assert.deepEqual(judged("ami-0a1b2c3d", ami()), [
      "ok",
      "ami-0a1b2c3d (Deep Learning), made 2026-11-20 (1 day ago)",
    ]);
    assert.deepEqual(judged("ami-0a1b2c3d", ami({ deprecatedAt: now })), [
      "warning",
      "ami-0a1b2c3d (Deep Learning), made 2026-11-20 (1 day ago), deprecated since 2026-11-21",
    ]);
    assert.deepEqual(judged("ami-0a1b2c3d", ami({ state: "disabled" })), [
      "problem",
      "ami-0a1b2c3d is disabled",
    ]);
    assert.deepEqual(judged("ami-0a1b2c3d", undefined), [
      "problem",
      "ami-0a1b2c3d does not exist in this region",
    ]);
    assert.deepEqual(judged(undefined, undefined), ["problem", "does not exist in this region"]);
  });

  it("that the box runs may be gone while it goes on", () => {
    const judged = (found: FoundAmi | undefined) => outcome(judgePinnedAmi("ami-0a1b2c3d", found, now));

    assert.deepEqual(judged(ami()), ["ok", "runs ami-0a1b2c3d, made 2026-11-20 (1 day ago)"]);
    assert.deepEqual(judged(ami({ deprecatedAt: new Date("2026-01-01T00:00:00Z") })), [
      "warning",
      "runs ami-0a1b2c3d, made 2026-11-20 (1 day ago), deprecated since 2026-01-01",
    ]);
    assert.deepEqual(judged(undefined), [
      "warning",
      "runs ami-0a1b2c3d, which AWS has taken away: the box goes on, and cannot be made anew from it",
    ]);
  });
});

describe("prices and costs", () => {
  it("are stale by the rows that the stack's types use", () => {
    const table = priceTable("us-east-1");
    assert.ok(table !== undefined);
    const dates = (date: string) =>
      JSON.parse(JSON.stringify(table).replaceAll(/"date":"[^"]+"/g, `"date":"${date}"`)) as typeof table;
    const types = new Set(["ml.m5.large"]);

    assert.deepEqual(outcome(judgePrices("us-east-1", dates("2026-11-01"), types, now)), [
      "ok",
      "oldest price in use 20 days (sagemakerMlStorage/training), newest 20",
    ]);
    assert.equal(judgePrices("us-east-1", dates("2026-10-21"), types, now).status, "warning");
    assert.deepEqual(outcome(judgePrices("sa-east-1", undefined, types, now)), ["warning", "there is none"]);
  });

  it("are a problem past the ceiling, and a warning where a price is not known", () => {
    const judged = (worstMonthlyUsd: number, unpricedCount: number) =>
      outcome(judgeCost({ cost: { worstMonthlyUsd, unpricedCount } } as Contract, 1000, "dev"));

    assert.deepEqual(judged(1000, 0), ["ok", "USD 1000.00 of USD 1000.00"]);
    assert.deepEqual(judged(1000.01, 0), ["problem", "USD 1000.01 of USD 1000.00"]);
    assert.deepEqual(judged(10, 2), [
      "warning",
      "USD 10.00 of USD 1000.00, and 2 things without a known price",
    ]);
  });
});
