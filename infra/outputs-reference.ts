import { contractJsonSchema, contractVersion, endpointsPath } from "./outputs";

/** The part of JSON Schema that the contract uses. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

interface Row {
  readonly path: string;
  readonly holds: string;
  readonly isAlwaysThere: boolean;
  readonly about: string;
}

const introduction = `# Outputs contract

What a stack tells other teams. This is version ${contractVersion}; nothing in it is secret. The same as JSON Schema:
[schemas/contract-v${contractVersion}.schema.json](schemas/contract-v${contractVersion}.schema.json).

This page is generated from the schema in \`infra/outputs.ts\`; \`npm run docs\` writes it anew.

## Two channels

| channel | where | for whom |
| --- | --- | --- |
| stack outputs | \`new pulumi.StackReference("<organization>/<project>/<stack>")\` | Pulumi programs that may read the stack's state |
| SSM parameters | \`${endpointsPath("<prefix>")}/<name>\`: one endpoint | everybody else, with \`ssm:GetParameter\` on it |
| | \`<prefix>/contract\`: everything | |

\`<prefix>\` is \`contract.parameterPrefix\` of the [configuration](configuration.md#contract), by default \`/<project>/<environment>\`.
Every parameter is a plain string of JSON. An endpoint's parameter is complete in itself: \`contractVersion\`, \`stack\`,
\`region\`, and the fields of \`endpoints.<name>\` beside them. The parameter with everything has room for 4096 bytes. A longer
contract is replaced there by \`contractVersion\`, \`stack\`, \`region\` and \`endpointsPath\`, the path of the endpoints' parameters.

## Use it

1. Read \`contractVersion\` first, and stop unless it is \`"${contractVersion}"\`.
2. Attach \`invokePolicyArn\` to the role of the caller. It allows calls of one function's alias and nothing else.
3. Invoke \`functionAliasArn\`, never the function's name alone: capacity is provisioned on the alias.

[examples/consumer](../examples/consumer/README.md) is a whole program that does this over both channels; the reading is in
[contract.ts](../examples/consumer/contract.ts).

A managed policy cannot be attached in another AWS account. A caller there is let in by \`contract.consumerAccounts\` of the
[configuration](configuration.md#contract), and grants its role \`lambda:InvokeFunction\` on \`functionAliasArn\` itself. It
learns the ARN from the stack outputs: parameters of SSM's standard tier cannot be shared with other accounts.

An endpoint that waits for a promoted model is in \`pending\` and not in \`endpoints\`.

## Versions

Within a version fields are only added: ignore those that you do not know. A field that is removed or renamed, becomes
optional, or changes its meaning makes the next version. Names of endpoints are the publisher's configuration, not part of
the contract.

## Fields

*Always* means: wherever the object is that holds the field.
`;

/** The contract's page for consumers, as Markdown: generated from the schema, the same on every machine. */
export function contractReference(): string {
  const head = ["field", "holds", "there", "what it is"];
  const cells = rowsOf("", contractJsonSchema()).map(({ path, holds, isAlwaysThere, about }) => [
    `\`${path}\``,
    holds,
    isAlwaysThere ? "always" : "sometimes",
    about,
  ]);
  const table = [head, head.map(() => "---"), ...cells].map((line) => `| ${line.join(" | ")} |`);
  return `${[introduction, ...table].join("\n")}\n`;
}

function rowsOf(prefix: string, { properties = {}, required = [] }: Schema): Row[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const path = `${prefix}${key}`;
    const row = {
      path,
      holds: kindOf(schema),
      isAlwaysThere: required.includes(key),
      about: schema.description ?? "",
    };
    return [row, ...inside(path, schema)];
  });
}

function inside(path: string, schema: Schema): Row[] {
  if (schema.additionalProperties !== undefined)
    return rowsOf(`${path}.<name>.`, schema.additionalProperties);
  if (schema.items !== undefined) return rowsOf(`${path}[].`, schema.items);
  return rowsOf(`${path}.`, schema);
}

function kindOf(schema: Schema): string {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  if (values !== undefined) return values.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  switch (schema.type) {
    case "object":
      return schema.additionalProperties === undefined ? "object" : "objects by name";
    case "array":
      return "list of objects";
    case "integer":
      return "whole number";
    case "number":
      return schema.minimum === 0 ? "number from 0" : "number";
    case "string":
      return textOf(schema.pattern);
    default:
      throw new Error(`The reference has no words for a field of type ${schema.type}; add them here.`);
  }
}

function textOf(pattern: string | undefined): string {
  if (pattern === undefined) return "text";
  if (pattern.startsWith("^arn:")) return "ARN";
  return pattern.startsWith("^https:") ? "https address" : `text like \`${pattern}\``;
}
