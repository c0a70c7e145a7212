import { isPlaceholder } from "./placeholder";

/** A secret that shows by its own shape, whatever it is called. */
interface Shape {
  /** For messages: what it looks like. */
  readonly kind: string;
  /** Global; group 1, or all of the match, is the secret. No quantifier without a bound stands beside another: linear in the text. */
  readonly pattern: RegExp;
  readonly accept?: (secret: string) => boolean;
}

// Fixed prefixes as their makers document them, for instance
// https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
const SHAPES: readonly Shape[] = [
  {
    kind: "an AWS access key",
    pattern: /(?<![A-Za-z0-9])((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?![A-Za-z0-9])/g,
  },
  {
    kind: "a private key",
    pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g,
    accept: () => true,
  },
  { kind: "a GitHub token", pattern: /(?<![A-Za-z0-9_])(gh[pousr]_[A-Za-z0-9]{36,255})/g },
  { kind: "a GitHub token", pattern: /(?<![A-Za-z0-9_])(github_pat_[A-Za-z0-9_]{22,255})/g },
  { kind: "a GitLab token", pattern: /(?<![A-Za-z0-9_])(gl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_-]{20,64})/g },
  {
    kind: "a Slack token",
    pattern: /(?<![A-Za-z0-9_])(xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{10,255})/g,
  },
  {
    kind: "a Slack webhook",
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9_/]{20,255})/g,
  },
  {
    kind: "a Hugging Face token",
    pattern: /(?<![A-Za-z0-9_])((?:hf|api_org)_[A-Za-z0-9]{30,64})(?![A-Za-z0-9])/g,
  },
  { kind: "an npm token", pattern: /(?<![A-Za-z0-9_])(npm_[A-Za-z0-9]{36})(?![A-Za-z0-9])/g },
  { kind: "a PyPI token", pattern: /(?<![A-Za-z0-9_])(pypi-AgE[A-Za-z0-9_-]{40,500})/g },
  { kind: "a Pulumi token", pattern: /(?<![A-Za-z0-9_])(pul-[0-9a-f]{40})(?![0-9A-Za-z])/g },
  {
    kind: "a key of a model provider",
    pattern: /(?<![A-Za-z0-9_-])(sk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{32,255})/g,
  },
  { kind: "a Google API key", pattern: /(?<![A-Za-z0-9_-])(AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/g },
  { kind: "a Stripe key", pattern: /(?<![A-Za-z0-9_])([rs]k_live_[A-Za-z0-9]{20,255})/g },
  { kind: "a Docker token", pattern: /(?<![A-Za-z0-9_])(dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,64})/g },
  { kind: "a Databricks token", pattern: /(?<![A-Za-z0-9_])(dapi[0-9a-f]{32})(?![0-9A-Za-z])/g },
  {
    kind: "a JSON web token",
    pattern: /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{8,2000})/g,
    accept: hasAlgorithm,
  },
  {
    kind: "a password in a URL",
    pattern:
      /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s/:@'"<>]{0,100}:([^\s/@'"<>]{3,200})@[A-Za-z0-9.[$]/g,
    accept: (password) => !isPlaceholder(password),
  },
  {
    kind: "a credential in an Authorization header",
    pattern:
      /authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic|token)\s{1,3}([A-Za-z0-9._~+/=-]{12,4000})/gi,
    accept: (credential) => !isPlaceholder(credential) && varied(credential),
  },
];

/** What in the text is a secret by its shape, and at which index. */
export function secretsByShape(text: string): readonly { readonly kind: string; readonly index: number }[] {
  return SHAPES.flatMap(({ kind, pattern, accept = isReal }) =>
    [...text.matchAll(pattern)]
      .filter((match) => accept(match[1] ?? match[0]))
      .map(({ index }) => ({ kind, index })),
  );
}

// Samples often repeat one letter.
function isReal(token: string): boolean {
  return !isPlaceholder(token) && varied(token);
}

function varied(token: string): boolean {
  return new Set(token).size >= 8;
}

function hasAlgorithm(token: string): boolean {
  const header = Buffer.from(token.split(".")[0] ?? "", "base64url").toString("utf8");
  return /"alg"\s*:/.test(header);
}
