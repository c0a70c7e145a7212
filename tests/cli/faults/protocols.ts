import type { IncomingMessage } from "node:http";

/** How a service writes its errors: AWS JSON, AWS query (STS, IAM), EC2's own, REST with JSON (Lambda, SageMaker's runtime), S3's XML. */
export type Protocol = "json" | "query" | "ec2" | "rest" | "s3";

/** Why a service refuses. */
export type RefusedKind = "throttled" | "broken" | "expired" | "denied" | "skewed" | "elsewhere";

export interface Refused {
  readonly kind: RefusedKind;
}

export function protocolOf(
  { method = "", url = "", headers }: IncomingMessage,
  body: Buffer,
): { readonly operation: string; readonly protocol: Protocol } {
  const target = headers["x-amz-target"];
  if (target !== undefined) return { operation: String(target).split(".").at(-1) ?? "", protocol: "json" };
  const action = /(?:^|&)Action=(\w+)/.exec(body.subarray(0, 2000).toString("latin1"))?.[1];
  if (action !== undefined && String(headers["content-type"]).includes("form-urlencoded"))
    return { operation: action, protocol: action === "DescribeImages" ? "ec2" : "query" };
  const { pathname, searchParams } = new URL(url, "http://aws.test");
  if (/^\/endpoints\/.*\/invocations$/.test(pathname))
    return { operation: "InvokeEndpoint", protocol: "rest" };
  if (/^\/2015-03-31\/functions\/.*\/invocations$/.test(pathname))
    return { operation: "InvokeFunction", protocol: "rest" };
  if (pathname === "/2016-08-19/account-settings")
    return { operation: "GetAccountSettings", protocol: "rest" };
  if (/^\/2019-09-30\/functions\/.*\/concurrency$/.test(pathname))
    return { operation: "GetFunctionConcurrency", protocol: "rest" };
  if (/^\/2015-03-31\/functions\//.test(pathname))
    return { operation: "GetFunctionConfiguration", protocol: "rest" };
  return { operation: objectOperation(method, searchParams, headers), protocol: "s3" };
}

function objectOperation(
  method: string,
  query: URLSearchParams,
  headers: IncomingMessage["headers"],
): string {
  if (query.has("list-type")) return "ListObjectsV2";
  if (query.has("versions")) return "ListObjectVersions";
  if (query.has("uploads")) return method === "GET" ? "ListMultipartUploads" : "CreateMultipartUpload";
  if (query.has("uploadId"))
    return method === "GET" ? "ListParts" : method === "PUT" ? "UploadPart" : "CompleteMultipartUpload";
  if (query.has("delete")) return "DeleteObjects";
  if (method === "PUT") return headers["x-amz-copy-source"] === undefined ? "PutObject" : "CopyObject";
  return { HEAD: "HeadObject", GET: "GetObject", DELETE: "DeleteObject" }[method] ?? method;
}

type Told = readonly [status: number, code: string, message: string];

/**
 * What each kind of service answers: the common errors of its API reference, and the lists of S3
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html) and of EC2
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html), which calls credentials that have expired a request
 * (https://github.com/99designs/aws-vault/issues/394).
 */
const answers: Readonly<Record<RefusedKind, Readonly<Record<Protocol, Told>>>> = {
  throttled: {
    json: [400, "ThrottlingException", "Rate exceeded"],
    query: [400, "Throttling", "Rate exceeded"],
    ec2: [503, "RequestLimitExceeded", "Request limit exceeded."],
    rest: [429, "TooManyRequestsException", "Rate exceeded"],
    s3: [503, "SlowDown", "Please reduce your request rate."],
  },
  broken: {
    json: [500, "InternalFailure", "We encountered an internal error."],
    query: [500, "InternalFailure", "We encountered an internal error."],
    ec2: [500, "InternalError", "An internal error has occurred"],
    rest: [500, "ServiceException", "We encountered an internal error."],
    s3: [500, "InternalError", "We encountered an internal error. Please try again."],
  },
  expired: {
    json: [400, "ExpiredTokenException", "The security token included in the request is expired"],
    query: [403, "ExpiredToken", "The security token included in the request is expired"],
    ec2: [400, "RequestExpired", "Request has expired."],
    rest: [403, "ExpiredTokenException", "The security token included in the request is expired"],
    s3: [400, "ExpiredToken", "The provided token has expired."],
  },
  denied: {
    json: [400, "AccessDeniedException", "User is not authorized to perform this"],
    query: [403, "AccessDenied", "User is not authorized to perform this"],
    ec2: [403, "UnauthorizedOperation", "You are not authorized to perform this operation."],
    rest: [403, "AccessDeniedException", "User is not authorized to perform this"],
    s3: [403, "AccessDenied", "Access Denied"],
  },
  skewed: {
    json: [400, "InvalidSignatureException", "Signature expired: 1 is now earlier than 2 (3 - 5 min.)"],
    query: [403, "SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2 (3 - 5 min.)"],
    ec2: [401, "AuthFailure", "AWS was not able to validate the provided access credentials"],
    rest: [403, "InvalidSignatureException", "Signature expired: 1 is now earlier than 2 (3 - 5 min.)"],
    s3: [
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    ],
  },
  elsewhere: {
    json: [400, "UnrecognizedClientException", "The security token included in the request is invalid."],
    query: [403, "InvalidClientTokenId", "The security token included in the request is invalid."],
    ec2: [401, "AuthFailure", "AWS was not able to validate the provided access credentials"],
    rest: [403, "UnrecognizedClientException", "The security token included in the request is invalid."],
    s3: [
      301,
      "PermanentRedirect",
      "The bucket you are attempting to access must be addressed using the specified endpoint.",
    ],
  },
};

/** @param hasNoBody of a HEAD: S3 then tells a status and nothing more. */
export function refusalAnswer({ kind }: Refused, protocol: Protocol, hasNoBody: boolean) {
  const [status, code, message] = answers[kind][protocol];
  const region = kind === "elsewhere" && protocol === "s3" ? { "x-amz-bucket-region": "eu-west-1" } : {};
  switch (protocol) {
    case "json":
    case "rest":
      return {
        status,
        headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code },
        text: JSON.stringify({ __type: code, message }),
      };
    case "query":
      return {
        status,
        headers: { "content-type": "text/xml" },
        text: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      };
    case "ec2":
      return {
        status,
        headers: { "content-type": "text/xml" },
        text: `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
      };
    case "s3":
      return {
        status,
        headers: { "content-type": "application/xml", ...region },
        text: hasNoBody ? "" : `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
      };
  }
}
