import assert from "node:assert/strict";
import { readSettings } from "../../../lambda/invoke/env";

const complete = { ENDPOINT_NAME: "e", MODEL_NAME: "breeds", CLASS_COUNT: "133", MAX_IMAGE_BYTES: "4500000" };

describe("readSettings", () => {
  it("reads the environment block", () => {
    assert.deepEqual(readSettings({ ...complete, PATH: "/usr/bin" }), {
      endpointName: "e",
      modelName: "breeds",
      classCount: 133,
      maxImageBytes: 4500000,
    });
  });

  it("names every variable that is missing or wrong at once", () => {
    assert.throws(() => readSettings({ MODEL_NAME: "", CLASS_COUNT: "0", MAX_IMAGE_BYTES: "4.5e6" }), {
      message:
        'The function\'s environment is wrong: ENDPOINT_NAME is not set; MODEL_NAME is not set; CLASS_COUNT is "0", and must be a whole number above 0; MAX_IMAGE_BYTES is "4.5e6", and must be a whole number above 0.',
    });
  });
});
