import { PricingClient, type PricingClientConfig, paginateGetProducts } from "@aws-sdk/client-pricing";
import { certificateStep, untrustedCertificate } from "../aws/certificate-error";
import { clockError } from "../aws/clock-error";
import { credentialError } from "../aws/credential-error";
import { CommandError } from "../exit-status";
import type { PriceQuery } from "./queries";
import { pricesStatus } from "./status";

/** Asks the Price List one question; all pages, each an array of entries as the SDK gives them. */
export type AskPriceList = (query: PriceQuery) => Promise<readonly (readonly unknown[])[]>;

/**
 * Few regions serve the API; us-east-1 has the prices of all
 * (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html).
 */
export function priceListClient(options: PricingClientConfig = {}): AskPriceList {
  const client = new PricingClient({ region: "us-east-1", maxAttempts: 5, ...options });
  return async (query) => {
    const pages: (readonly unknown[])[] = [];
    try {
      const answers = paginateGetProducts(
        { client, pageSize: 100 },
        { ServiceCode: query.serviceCode, FormatVersion: "aws_v1", Filters: [...query.filters] },
      );
      for await (const { PriceList = [] } of answers) pages.push(PriceList);
    } catch (error) {
      throw explained(error, query.name);
    }
    return pages;
  };
}

const advice: Readonly<Record<string, string>> = {
  AccessDeniedException: "The credentials may not read prices. Allow them `pricing:GetProducts`.",
  ExpiredNextTokenException: "The list was published anew while it was being read. Run the command again.",
  InvalidClientTokenId: "AWS does not know these credentials. Sign in again, or correct AWS_PROFILE.",
  InvalidSignatureException: "AWS refuses the signature. Check the secret key and this computer's clock.",
  ThrottlingException:
    "AWS throttles the calls, and went on doing so. Wait a minute and run the command again.",
  UnrecognizedClientException: "AWS does not know these credentials. Sign in again, or correct AWS_PROFILE.",
};

const ofCredentials = {
  missing: "There are no AWS credentials. Sign in (`aws login`, `aws sso login`) or set AWS_PROFILE.",
  expired: "The AWS credentials have expired. Sign in again (`aws login`, `aws sso login`).",
} as const;

/** Anything that the SDK throws while it asks leaves the files as they are; the message says what to do. */
function explained(error: unknown, query: string): CommandError {
  const { name, message, code, $metadata } = error as Error & {
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const credentials = credentialError(error);
  const known = credentials === undefined ? advice[name] : ofCredentials[credentials];
  const skew = clockError(error);
  const isInside = ($metadata?.httpStatusCode ?? 0) >= 500;
  const step =
    (untrustedCertificate(error) === undefined ? undefined : certificateStep) ??
    (skew === undefined ? known : `This computer's clock is ${skew}. Set it.`) ??
    (isInside
      ? "It is an error inside AWS, and it went on. Wait a minute and run the command again."
      : undefined) ??
    "Check the network, the proxy (HTTPS_PROXY) and --endpoint; nothing has been written.";
  // Some errors of the network have a message without the code, some none.
  const told = message.includes(code ?? "") ? message : `${message} (${code})`;
  const reason = (message === "" ? (code ?? name) : told).split("\n")[0];
  return new CommandError(
    `The Price List API could not be asked about ${query}: ${name}: ${reason}. ${step}`,
    pricesStatus.unreachable,
  );
}
