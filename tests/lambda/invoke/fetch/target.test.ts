import assert from "node:assert/strict";
import { readTarget } from "../../../../lambda/invoke/fetch/target";

/** What it refuses stands among the hostile URLs. */
describe("readTarget", () => {
  const origin = "https://images.example.org/";

  it("takes a URL of 8000 characters, and refuses a longer one", () => {
    const longest = origin + "a".repeat(8000 - origin.length);

    assert.equal(readTarget(longest, ["*"]).href, longest);
    assert.throws(() => readTarget(`${longest}a`, ["*"]), { code: "url-not-accepted" });
  });

  for (const host of ["Images.Example.ORG", "*.Example.ORG"]) {
    it(`finds a host that is listed as ${host}, in capitals`, () => {
      assert.equal(readTarget(origin, [host]).hostname, "images.example.org");
    });
  }
});
