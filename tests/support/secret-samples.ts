import fc from "fast-check";

/** Characters that no secret of a sample repeats, so that it looks made by a machine. */
const LETTERS = "aB3cD4eF5gH6iJ7kL8mN9oP2qR1sT0uV";

const upper = "Q7XBM2ZKLDR5WTYC6HNE";

/** Secrets by kind, put together here so that no scanner of this repository finds one. */
export const SECRET_SAMPLES: readonly (readonly [kind: string, secret: string])[] = [
  ["an AWS access key", `${"AKIA"}${upper.slice(0, 16)}`],
  ["an AWS access key", `${"ASIA"}${upper.slice(0, 16)}`],
  ["a private key", `-----BEGIN ${"RSA"} PRIVATE KEY-----`],
  ["a private key", `-----BEGIN ${"PRIVATE"} KEY-----`],
  ["a private key", `-----BEGIN ${"OPENSSH"} PRIVATE KEY-----`],
  ["a GitHub token", `${"ghp_"}${LETTERS}aB3c`],
  ["a GitHub token", `${"github_pat_"}${LETTERS}_${LETTERS}`],
  ["a GitLab token", `${"glpat-"}${LETTERS.slice(0, 20)}`],
  ["a Slack token", `${"xoxb-"}1234567890-${LETTERS}`],
  ["a Slack webhook", `https://hooks.slack.com/${"services"}/T0AB1CD2E/B0FG3HI4J/${LETTERS.slice(0, 24)}`],
  ["a Hugging Face token", `${"hf_"}${LETTERS}aB`],
  ["an npm token", `${"npm_"}${LETTERS}aB3c`],
  ["a PyPI token", `${"pypi-"}AgEIcHlwaS5vcmc${LETTERS}${LETTERS}`],
  ["a Pulumi token", `${"pul-"}0123456789abcdef0123456789abcdef01234567`],
  ["a key of a model provider", `${"sk-ant-"}${LETTERS}${LETTERS}`],
  ["a Google API key", `${"AIza"}${LETTERS}aB3`],
  ["a Stripe key", `${"sk_live_"}${LETTERS}`],
  ["a Docker token", `${"dckr_pat_"}${LETTERS}`],
  ["a Databricks token", `${"dapi"}0123456789abcdef0123456789abcdef`],
  [
    "a JSON web token",
    [
      Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url"),
      Buffer.from('{"sub":"breeds","iat":1760000000}').toString("base64url"),
      LETTERS,
    ].join("."),
  ],
  ["a password in a URL", `postgres://breeds:${"s3cr3t"}-Pa55@db.example.com:5432/breeds`],
  ["a credential in an Authorization header", `Authorization: ${"Bearer"} ${LETTERS}`],
];

const alphabet = (letters: string) => fc.constantFrom(...letters);

const machineMade = (letters: string, length: number) =>
  fc
    .array(alphabet(letters), { minLength: length, maxLength: length })
    .map((parts) => parts.join(""))
    .filter((text) => new Set(text).size >= 8 && /[a-z]/i.test(text));

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Secrets that show by their shape, drawn anew each time. */
export const shapedSecret: fc.Arbitrary<string> = fc.oneof(
  machineMade("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16).map((tail) => `${"AKIA"}${tail}`),
  machineMade(ALPHANUMERIC, 36).map((tail) => `${"ghp_"}${tail}`),
  machineMade(ALPHANUMERIC, 34).map((tail) => `${"hf_"}${tail}`),
  machineMade(ALPHANUMERIC, 36).map((tail) => `${"npm_"}${tail}`),
  machineMade(ALPHANUMERIC, 24).map((tail) => `${"xoxb-"}${tail}`),
  machineMade(ALPHANUMERIC, 20).map((tail) => `https://breeds:${tail}@db.example.com/breeds`),
);

/** Passwords that show by their name only: a digit, letters of both cases, and no word of a placeholder. */
export const plainPassword: fc.Arbitrary<string> = machineMade(ALPHANUMERIC, 14).filter(
  (text) => /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && !/^[A-Za-z]:/.test(text),
);
