import { preflightHeaders } from "./cors";
import type { Prediction } from "./endpoint";
import type { Settings } from "./env";
import { Problem } from "./errors";
import { type Classify, labelsMediaType } from "./events";
import { topLabels } from "./labels";

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text: the logits, one row per image; labels; or a problem (RFC 9457). */
  readonly body: string;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Longest body. Lambda takes answers of 6 MB, and writes each quote of the body with a backslash before it:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maximumBodyBytes = 4_500_000;

interface ServedWith {
  readonly settings: Settings;
  readonly labels?: readonly string[] | undefined;
  readonly cors: Headers;
}

/**
 * The answer to a request for images: the logits, or the labels where `top` asks for them.
 *
 * Logits are passed on as the model wrote them. Clients of the hand-made function got `json.dumps` of a Python list, and get
 * the same bytes: JavaScript would write 1e-05, 1.0 and the space after a comma in another way.
 *
 * @throws Problem 400 for an answer that Lambda would not hand over.
 */
export function servedAnswer(
  predictions: readonly Prediction[],
  { top }: Classify,
  { settings, labels, cors }: ServedWith,
): Answer {
  const digests = [...new Set(predictions.flatMap(({ modelDigest }) => modelDigest ?? []))];
  // During a rollout the images of one request may be answered by two models.
  const digest: Headers = digests.length === 0 ? {} : { "x-model-sha256": digests.join(", ") };
  const headers = { ...digest, ...cors };
  const answer =
    top === undefined
      ? {
          statusCode: 200,
          headers: { "content-type": "application/json", ...headers },
          body: `[${predictions.map(({ row }) => row).join(", ")}]`,
        }
      : json(
          200,
          {
            model: settings.modelName,
            predictions: predictions.map(({ logits }) => topLabels(logits, labels, top)),
          },
          { "content-type": labelsMediaType, ...headers },
        );
  if (Buffer.byteLength(answer.body) <= maximumBodyBytes) return answer;
  throw new Problem(
    400,
    "answer-too-large",
    "The answer would be too large. Send fewer images, or ask for fewer labels.",
  );
}

export function healthAnswer(modelName: string, cors: Headers): Answer {
  return json(200, { status: "ok", model: modelName }, { "content-type": "application/json", ...cors });
}

export function preflightAnswer(cors: Headers): Answer {
  const allowed = "access-control-allow-origin" in cors;
  return { statusCode: 204, headers: { ...cors, ...(allowed ? preflightHeaders : {}) }, body: "" };
}

export function problemAnswer(problem: Problem, requestId: string, cors: Headers): Answer {
  const { status, title, code, detail, headers } = problem;
  return json(
    status,
    { type: "about:blank", title, status, detail, code, requestId },
    { "content-type": "application/problem+json", ...headers, ...cors },
  );
}

function json(statusCode: number, value: unknown, headers: Headers): Answer {
  return { statusCode, headers, body: JSON.stringify(value) };
}
