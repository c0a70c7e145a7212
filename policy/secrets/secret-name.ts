/**
 * What a name says of its value: `password` for one that a person chose, `token` for one that a machine made, which shows by its letters;
 * nothing for all other names, among them those of references, sizes and the tokens of language models.
 */
export type Hint = "password" | "token";

const PASSWORD = /(?:password|passwd|passphrase|passcode)$/;
const SHORT_PASSWORD = /^(?:pass|pw|pwd)$/;
const TOKEN = /(?:secrets?|token|apikey|accesskey|secretkey|privatekey|credentials?)$/;

// Two words that mean a secret together.
const BEFORE_KEY =
  /^(?:api|access|secret|private|signing|encryption|auth|account|shared|master|license|subscription|storage)$/;

// The last word, which says that the value is about a secret and not the secret.
const ABOUT =
  /^(?:arns?|names?|ids?|paths?|files?|filename|dir|folder|url|uri|endpoint|host|parameters?|params?|refs?|reference|version|stage|type|kind|length|len|count|size|limit|budget|ttl|age|expiry|expires|expiration|timeout|policy|enabled|required|optional|region|field|header|prefix|suffix|env|hash|digest|sha1|sha256|checksum|algorithm|store|manager|source|rotation|format|index|position|mask|embedding|class|classes|mode|strategy|rate|loss|weight|dim|placeholder|signature|provider|providers|authentication|login|reset|change|rule|rules|strength|check|validators)$/;

// Words before "token" in language models and in paged lists.
const OF_LANGUAGE =
  /^(?:pad|eos|bos|unk|mask|sep|cls|special|stop|start|end|begin|next|continuation|image|prompt|max|min|num|per|first|last|extra|additional|new|old)$/;

export function hintOf(name: string): Hint | undefined {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || ABOUT.test(last) || words.includes("public")) return undefined;
  if (name === "PWD" || name === "OLDPWD") return undefined;
  if (words.some((word) => PASSWORD.test(word)) || SHORT_PASSWORD.test(last)) return "password";

  const at = words.findLastIndex((word, index) => TOKEN.test(word) || isKey(word, words[index - 1]));
  // One word may follow, such as PROD or 2; more of them make it another thing.
  if (at < words.length - 2 || at < 0) return undefined;
  const before = words[at - 1];
  return words[at] === "token" && before !== undefined && OF_LANGUAGE.test(before) ? undefined : "token";
}

function isKey(word: string, before: string | undefined): boolean {
  return word === "key" && before !== undefined && BEFORE_KEY.test(before);
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
