import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AwsFailure, asked, askedIfThere, awsFailure, isAbsent } from "../../../cli/core/aws/errors";
import { inParallel } from "../../../cli/core/aws/in-parallel";

const named = (name: string, message = "", more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

/** @param aheadMs how far the service's clock is ahead of this computer's, whenever it is looked at. */
const dated = (name: string, httpStatusCode: number, aheadMs: number) =>
  Object.defineProperty(named(name, `with ${aheadMs}`, { $metadata: { httpStatusCode } }), "$response", {
    get: () => ({ headers: { date: new Date(Date.now() + aheadMs).toUTCString() } }),
  });

describe("an error of AWS, in words", () => {
  const cases: readonly (readonly [error: Error, stops: boolean, words: RegExp, status?: number])[] = [
    [named("CredentialsProviderError"), true, /there are no AWS credentials\. Sign in/],
    [named("ExpiredTokenException"), true, /credentials have expired\. Sign in again/],
    [named("ExpiredToken"), true, /credentials have expired/],
    [named("UnrecognizedClientException"), true, /does not know these credentials/],
    [named("InvalidSignatureException"), true, /secret key, and this computer's clock/],
    [named("RequestTimeTooSkewed"), true, /clock is wrong/],
    [named("PermanentRedirect"), true, /bucket lies in another region.*aws:region/],
    [
      named("AccessDenied", "no"),
      true,
      /refused: .*Allow s3:ListBucket on b, or use another profile.*AWS says: no/,
    ],
    [named("Unknown", "", { $metadata: { httpStatusCode: 403 } }), true, /may not do that/],
    [named("Error", "Region is missing"), true, /no AWS region is set/],
    [named("Error", "connect", { code: "ECONNREFUSED" }), true, /not reached \(ECONNREFUSED\).*HTTPS_PROXY/],
    [named("ThrottlingException"), false, /throttles the calls.*Wait a minute/, 3],
    [named("SlowDown"), false, /throttles the calls/, 3],
    [named("Unknown", "HEAD", { $metadata: { httpStatusCode: 503 } }), false, /throttles the calls/, 3],
    [
      named("InternalFailure", "oh", { $metadata: { httpStatusCode: 500 } }),
      false,
      /an error inside AWS.*InternalFailure \(status 500\): oh\. Wait a minute and run the command again/,
      3,
    ],
    [
      Object.defineProperty(named("RequestTimeTooSkewed", "by S3"), "ServerTime", {
        get: () => new Date(Date.now() + 7_200_000),
      }),
      true,
      /clock is 2 h behind AWS's\. Set the clock/,
    ],
    [dated("SignatureDoesNotMatch", 403, -3_600_000), true, /clock is 1 h ahead of AWS's\. Set the clock/],
    [dated("Unknown", 403, 3_600_000), true, /clock is 1 h behind AWS's/],
    [dated("SignatureDoesNotMatch", 403, 1000), true, /refuses the signature\. Check the secret key/],
    [dated("RequestExpired", 400, 1000), true, /credentials have expired\. Sign in again/],
    [dated("RequestExpired", 400, 3_600_000), true, /clock is 1 h behind AWS's/],
    [dated("AccessDenied", 403, 3_600_000), true, /may not do that/],
    [
      named("Unknown", "bad", { $metadata: { httpStatusCode: 400 } }),
      true,
      /credentials that have expired\. Sign in again/,
    ],
    [
      named("Unknown", "moved", {
        $metadata: { httpStatusCode: 301 },
        $response: { headers: { "x-amz-bucket-region": "eu-west-1" } },
      }),
      true,
      /the bucket lies in eu-west-1\. Correct aws:region/,
    ],
    [named("InvalidClientTokenId"), true, /A region that the account has not enabled answers alike/],
    [
      named("ValidationException", "x\u001b[2J\ny"),
      false,
      /failed: ValidationException: x \[2J y\. Correct what it names; where it names nothing, look the error up in the service's API reference\.$/,
    ],
    [
      named("ResourceLimitExceeded", "The account-level service limit 'x' is 0 Instances"),
      false,
      /failed: a quota of the account is used up\. Ask for more in Service Quotas, .*doctor.* AWS says: The account-level service limit 'x' is 0 Instances\.$/,
    ],
    [named("ServiceQuotaExceededException"), false, /a quota of the account is used up\. Ask for more/],
    [named("LimitExceededException"), false, /a quota of the account is used up\. Ask for more/],
    [
      named("NoSuchBucket", "The specified bucket does not exist"),
      false,
      /failed: the bucket does not exist\. Was the stack destroyed, .*`npx sagemaker-ops up`.*AWS_PROFILE/,
    ],
  ];
  for (const [error, stops, words, status = stops ? 3 : 1] of cases) {
    it(`says what ${error.name} ${error.message.slice(0, 20).replace(/\p{Cc}/gu, "")} means, and what to do`, () => {
      const failure = awsFailure(error, "s3:ListBucket", "b");

      assert.match(failure.message, /^s3:ListBucket of b (?:failed|was refused): /);
      assert.match(failure.message, words);
      assert.equal(failure.stops, stops);
      assert.equal(failure.status, status);
    });
  }

  it("knows what does not exist, also where the service has no error of its own for it", () => {
    assert.ok(isAbsent(named("NoSuchKey")));
    assert.ok(isAbsent(named("ValidationException", 'Could not find model "x".')));
    assert.ok(!isAbsent(named("ValidationException", "The model could not find its data.")));
    assert.ok(!isAbsent(named("AccessDeniedException", "Could not find")));
    assert.ok(!isAbsent(undefined));
  });

  it("passes a mistake of the program on as it is, and explains an explained failure no second time", async () => {
    const mistake = new TypeError("x is not a function");
    await assert.rejects(
      asked("a:B", () => Promise.reject(mistake)),
      mistake,
    );
    const failure = new AwsFailure("told", "X", false);
    await assert.rejects(
      askedIfThere("a:B", () => Promise.reject(failure)),
      failure,
    );
    assert.equal(await askedIfThere("a:B", () => Promise.reject(named("NoSuchKey"))), undefined);
  });
});

describe("calls that are on their way together", () => {
  it("give their answers in order, never more than six at once", async () => {
    let now = 0;
    let most = 0;
    const answers = await inParallel(
      Array.from({ length: 30 }, (_, index) => index),
      async (index) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return index * 2;
      },
    );

    assert.deepEqual(
      answers,
      Array.from({ length: 30 }, (_, index) => index * 2),
    );
    assert.equal(most, 6);
  });

  it("end with the first failure, and begin nothing after it", async () => {
    const begun: number[] = [];
    const items = Array.from({ length: 30 }, (_, index) => index);

    await assert.rejects(
      inParallel(items, async (index) => {
        begun.push(index);
        if (index === 2) throw new Error("two");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }),
      /two/,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));

    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
  });
});
