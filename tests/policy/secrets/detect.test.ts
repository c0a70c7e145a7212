import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { secretInValue, secretsInText } from "../../../policy/secrets/detect";
import { plainPassword, SECRET_SAMPLES, shapedSecret } from "../../support/secret-samples";

const ROOT = resolve(__dirname, "../../..");

const hidden = "hunter2!";
const made = "q7Xb2mZk9LdR5wTy";

describe("secretsInText", () => {
  for (const [kind, secret] of SECRET_SAMPLES) {
    it(`finds ${kind} and the line (${secret.slice(0, 6)}…)`, () => {
      const script = `#!/bin/bash\nset -e\nrun --with "${secret}" # now\n`;
      assert.ok(
        secretsInText(script).some((found) => found.kind === kind && found.line === 3),
        JSON.stringify(secretsInText(script)),
      );
    });

    it(`finds ${kind} inside base64, also broken over lines (${secret.slice(0, 6)}…)`, () => {
      const encoded = Buffer.from(`# a script\necho ${secret}\n`).toString("base64");
      const broken = encoded.replace(/.{64}/g, "$&\n");
      for (const run of [encoded, broken]) {
        assert.ok(
          secretsInText(`base64 -d <<EOF\n${run}\nEOF\n`).some(
            (found) => found.kind === kind && found.line === 2,
          ),
        );
      }
    });
  }

  for (const line of [
    `export DB_PASSWORD=${hidden}`,
    `DB_PASS='${hidden}'`,
    `  "password": "${hidden}",`,
    `db_password: ${hidden}`,
    `password = "${hidden}"`,
    `dbPassword: '${hidden}',`,
    `"pwd" => "${hidden}"`,
    `os.environ["DB_PASSWORD"] = "${hidden}"`,
    `MYSQL_ROOT_PASSWORD=correcthorse`,
    `mysql --user root --password ${hidden} breeds`,
    `mysql --password=${hidden}`,
    `curl -s -u breeds:${hidden} https://example.com`,
    `-e POSTGRES_PASSWORD=${hidden} postgres:16`,
    `API_KEY=${made}`,
    `TOKEN=${made}`,
    `API_KEY=${made.toLowerCase()}`,
    `api-key: "${made}"`,
    `WANDB_API_KEY=0123456789abcdef0123456789abcdef01234567`,
    `aws_secret_access_key = ${"wJalrXUtnFEMIK7MDENGbPxRfiCYzzz9kq/+12Ab"}`,
    `AWS_SECRET_ACCESS_KEY=${"/JalrXUtnFEMIK7MDENGbPxRfiCYzzz9kq/+12Ab"}`,
    `client_secret: ${made}`,
    `HF_TOKEN="${made}"`,
    `authToken=${made};`,
  ]) {
    it(`finds the secret in ${JSON.stringify(line.replace(hidden, "…").replace(made, "…"))}`, () => {
      assert.equal(secretsInText(`first line\n${line}\n`)[0]?.line, 2);
    });
  }

  for (const line of [
    "DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id breeds/db --query SecretString --output text)",
    'DB_PASSWORD="${DB_PASSWORD:?missing}"',
    "password=$PASSWORD",
    "password = getpass.getpass()",
    'token = os.environ["HF_TOKEN"]',
    "const token = await fetchToken(url);",
    "password: string;",
    "password: str = None,",
    "token=token,",
    "self.token = config.token",
    "DB_PASSWORD_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:breeds/db-a1b2c3",
    "SECRET_NAME=breeds/production-db-1",
    "DB_SECRET=breeds/production/db",
    "secret: {{resolve:secretsmanager:breeds:SecretString:password}}",
    "password: <your password>",
    "password: ********",
    "PASSWORD_FILE=/run/secrets/db",
    "ssl_private_key=/etc/ssl/private.pem",
    "token_url: https://example.com/oauth/token",
    "max_tokens=4096",
    "pad_token: [PAD]",
    "tokenizer=bert-base-uncased-v2",
    "eos_token=<|endoftext|>",
    "next_token = response.get('NextToken')",
    "password: 1234",
    "secret_rotation: 30d",
    "PWD=/home/ec2-user/SageMaker2",
    "ssh_public_key=AAAAB3NzaC1yc2EAAAADAQABAAABgQC7",
    "image: 763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch@sha256:1233c53f526600169d81cdee0c21a9181dc112a23b233253c67b097c4f672d64",
    "MODEL_SHA256=1233c53f526600169d81cdee0c21a9181dc112a23b233253c67b097c4f672d64",
    "CLIENT_REQUEST_TOKEN=7988d25c-2100-4f39-a75e-7d6e15e7bf09",
    `AWS_ACCESS_KEY_ID=${"AKIA"}IOSFODNN7EXAMPLE`,
    "https://user@example.com/repository.git",
    "https://breeds:${PASSWORD}@example.com/",
    "http://[::1]:8080/a@b",
    "s3://bucket/models/1233c53f/model.tar.gz",
    "grep -c PRIVATE KEY file",
    "hf_hub_download(repo_id)",
    `${"ghp_"}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    "eyJhbGciOi.eyJzdWIiOi.x",
    'Authorization: "Bearer ${TOKEN}"',
  ]) {
    it(`finds none in ${JSON.stringify(line)}`, () => {
      assert.deepEqual(secretsInText(`${line}\n`), []);
    });
  }

  it("finds none in an image as base64", () => {
    const pixels = Buffer.from(
      Array.from({ length: 6000 }, (_, index) => (index * 7919 + (index % 13)) % 256),
    );
    assert.deepEqual(secretsInText(`image = "data:image/png;base64,${pixels.toString("base64")}"`), []);
  });

  it("finds none in the product's own scripts, code and configuration", () => {
    const sources = ["infra", "lambda", "training", "examples"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:ts|py|sh|ya?ml|toml|json)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => !file.includes("node_modules")),
    );
    const stacks = ["Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"].map((file) =>
      join(ROOT, file),
    );
    const found = [...sources, ...stacks].flatMap((file) =>
      secretsInText(readFileSync(file, "utf8")).map(({ kind, line }) => `${file}:${line} ${kind}`),
    );

    assert.ok(sources.length > 100);
    assert.deepEqual(found, []);
  });

  it("finds a generated secret wherever it stands in an innocent text", () => {
    const line = fc.constantFrom(
      "set -euo pipefail",
      "install -d /opt/box",
      "# a remark: yes",
      "python3 train.py --epochs 5",
      "",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), shapedSecret, fc.nat(8), (lines, secret, at) => {
        const position = Math.min(at, lines.length);
        const script = [...lines.slice(0, position), `use "${secret}"`, ...lines.slice(position)].join("\n");
        assert.deepEqual(
          secretsInText(script).map((found) => found.line),
          [position + 1],
        );
      }),
    );
  });

  it("never throws, and finds nothing in generated words, numbers, digests and identifiers", () => {
    const innocent = fc.oneof(
      fc.uuid(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.webUrl({ withQueryParameters: true }),
      fc.stringMatching(/^[0-9a-f]{64}$/),
      fc.stringMatching(/^[a-z]{1,12}(-[a-z]{1,12}){0,3}$/),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.stringMatching(/^\/[a-z]{1,8}(\/[a-z0-9.]{1,8}){0,4}$/),
    );
    const name = fc.constantFrom("MODEL_NAME", "epochs", "digest", "bucket", "learning_rate", "IMAGE_URI");
    fc.assert(
      fc.property(fc.array(fc.tuple(name, innocent), { maxLength: 4 }), (pairs) => {
        const script = pairs.map(([key, value]) => `${key}=${value}`).join("\n");
        assert.deepEqual(secretsInText(script), []);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => void secretsInText(text)));
  });

  it("stays quick on texts made to slow it down", () => {
    for (const text of [
      "a".repeat(200_000),
      "password=".repeat(20_000),
      "eyJ".repeat(60_000),
      "x://".repeat(40_000),
      "A+/".repeat(60_000),
      `${" -u ".repeat(20_000)}curl`,
      "-".repeat(100_000),
      '="'.repeat(50_000),
    ]) {
      secretsInText(text);
    }
  }).timeout(10_000);
});

describe("secretInValue", () => {
  for (const [kind, secret] of SECRET_SAMPLES) {
    it(`finds ${kind} under any name (${secret.slice(0, 6)}…)`, () => {
      assert.equal(secretInValue("SETTING", secret), kind);
    });
  }

  it("finds a generated password under every name that sounds so, also with quotes of its own", () => {
    const name = fc.constantFrom(
      "DB_PASSWORD",
      "dbPassword",
      "db-pass",
      "API_KEY",
      "apiToken",
      "CLIENT_SECRET",
      "HF_TOKEN_PROD",
    );
    fc.assert(
      fc.property(name, plainPassword, (key, password) => {
        assert.ok(secretInValue(key, password) !== undefined);
        assert.ok(secretInValue(key, JSON.stringify(password)) !== undefined);
      }),
    );
  });

  it("finds none under a name that does not, or that is told to be none", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("MODEL_NAME", "tokenizer", "SECRET_ARN", "max_tokens"),
        plainPassword,
        (key, text) => {
          assert.equal(secretInValue(key, text), undefined);
          assert.equal(secretInValue("DB_PASSWORD", text, true), undefined);
        },
      ),
    );
  });

  for (const [name, value] of [
    ["DB_PASSWORD", ""],
    ["DB_PASSWORD", "none"],
    ["DB_SECRET", "breeds/production/db"],
    ["DB_SECRET", "BreedsDatabase"],
    ["API_TOKEN", "arn:aws:ssm:us-east-1:123456789012:parameter/breeds/token"],
    ["ACCESS_TOKEN_PATH", "/opt/ml/token1"],
    ["pad_token", "[PAD]"],
    ["TOKEN_COUNT", "12345678"],
    ["API_KEY", "/breeds/api-key"],
    ["API_TOKEN", "1234567890"],
  ] as const) {
    it(`finds none in ${name} with ${JSON.stringify(value)}`, () => {
      assert.equal(secretInValue(name, value), undefined);
    });
  }
});
