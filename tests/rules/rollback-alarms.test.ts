import assert from "node:assert/strict";
import { alarmsMessage } from "../../infra/rules/rollback-alarms";

const facts = {
  endpointName: "sagemaker-ops-prod-breeds",
  noteUrn: "urn:pulumi:prod::p::t::breeds-rollback-alarms",
};

describe("the message about rollback alarms that change", () => {
  it("is none while they stay", () => {
    assert.equal(alarmsMessage({ ...facts, made: "watched", wanted: "watched" }), undefined);
    assert.equal(alarmsMessage({ ...facts, made: "none", wanted: "none" }), undefined);
  });

  it("says what was declared, why it is refused and what to do", () => {
    assert.equal(
      alarmsMessage({ ...facts, made: "watched", wanted: "none" }),
      [
        "Rollback alarms cannot be removed from endpoint sagemaker-ops-prod-breeds.",
        'It was made with them and is now declared without them, as when serving.kind changes to "serverless".',
        'The provider can do that only by deleting the endpoint and making it again: nobody would be answered meanwhile. This stack\'s endpoints are protected (removal.kind is "retain"), so the endpoint stays as it is.',
        "Declare the new kind as a second endpoint under another name, move the callers there, and remove this one later. To accept the outage, deploy the change once with removal { kind: destroy, reason: … }, then set removal back.",
        "If the endpoint was never made, have the note of it forgotten: pulumi state delete 'urn:pulumi:prod::p::t::breeds-rollback-alarms'",
      ].join("\n"),
    );
    assert.match(
      alarmsMessage({ ...facts, made: "none", wanted: "watched" }) ?? "",
      /^Rollback alarms cannot be added to endpoint .*\nIt was made without them .* from "serverless" to another kind\./,
    );
  });
});
