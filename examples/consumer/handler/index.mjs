// Part of Lambda's Node.js runtimes.
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

const aliasArn = process.env.CLASSIFIER_ALIAS_ARN;
// The client does not follow the region in an ARN by itself.
const client = new LambdaClient({ region: aliasArn.split(":")[3] });

/** `{"image": "<base64 of a JPEG or PNG>"}` → `{"breed": 41}`, the position of the likeliest breed. */
export async function handler({ image }) {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: aliasArn, Payload: JSON.stringify({ image }) }),
  );
  const text = Payload.transformToString();
  if (FunctionError !== undefined) throw new Error(`The classifier failed (${FunctionError}): ${text}`);
  const { statusCode, body } = JSON.parse(text);
  if (statusCode !== 200) throw new Error(`The classifier answered ${statusCode}: ${body}`);
  const [logits] = JSON.parse(body);
  return { breed: logits.indexOf(Math.max(...logits)) };
}
