export type Fields = Readonly<Record<string, unknown>>;

/** An event of a Function URL, an HTTP API (payload 2.0) or a REST API (proxy integration), brought to one form. */
export interface HttpEvent {
  /** A Function URL answers preflights and writes CORS headers itself, an API leaves both to the function. */
  readonly front: "function-url" | "api";
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  /** The text of a header, whatever the case of its name; empty when there is none. */
  header(name: string): string;
  /** The text of a query parameter; `undefined` when there is none. */
  query(name: string): string | undefined;
}

/**
 * The event's HTTP form, or `undefined` for a direct call. Payload 2.0 tells its method in the context, 1.0 beside it.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(fields: Fields): HttpEvent | undefined {
  const context = objectOf(fields.requestContext);
  const method = objectOf(context?.http)?.method ?? fields.httpMethod;
  if (typeof method !== "string") return undefined;
  const path = fields.rawPath ?? fields.path;
  const headers = objectOf(fields.headers) ?? {};
  const parameters = objectOf(fields.queryStringParameters) ?? {};
  return {
    front: /\.lambda-url\./.test(textOf(context?.domainName) ?? "") ? "function-url" : "api",
    method: method.toUpperCase(),
    path: textOf(path) ?? "",
    body: textOf(fields.body) ?? "",
    isBase64Encoded: fields.isBase64Encoded === true,
    header: (name) => headerOf(headers, name),
    query: (name) => (Object.hasOwn(parameters, name) ? textOf(parameters[name]) : undefined),
  };
}

/** REST APIs hand headers over as the client wrote them, the others in lower case. */
function headerOf(headers: Fields, name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return textOf(found) ?? "";
}

export function objectOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
