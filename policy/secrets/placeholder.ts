const WORDS = new Set(
  `true false yes no on off none null nil undefined empty default required optional enabled disabled auto
   prompt env file string str text bytes number boolean bool any object secretstr bearer basic token password
   passwd secret key apikey credentials iam aws aws_iam sso oauth oauth2 jwt oidc example dummy placeholder
   redacted hidden masked todo tbd`
    .trim()
    .split(/\s+/),
);

const REFERENCES: readonly RegExp[] = [
  // A value that a shell, a template or a pipeline fills in.
  /^[$`%@]|\$[{(]|\{\{|^<[A-Za-z]|^\[.*\]$|^\{[\w.:-]+\}$/,
  /^(?:arn|ssm|secretsmanager|resolve|vault|env|file|op|gs|s3|https?|docker|ref):/i,
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  // AWS's documentation ends its samples so.
  /EXAMPLE(?:KEY)?$/,
  /^sha(?:1|256|384|512)[:-]/i,
  /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?$/,
  /^[\w.-]+\.(?:json|pem|crt|cer|pub|txt|ya?ml|env|ini|cfg|toml|conf|py|sh)$/i,
];

const PATH = /^(?:~|\.{1,2})?\/[\w.@-]+(?:\/[\w.@-]+)*\/?$|^[A-Za-z]:\\/;

// The only path-like values that are none: an AWS secret access key may begin with a slash.
const FORTY = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9/+]{40}$/;

/** Whether a value stands for a secret that is elsewhere, or for none: a reference, a path, an identifier, a word such as `none`, or stars. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text.length < 4 || WORDS.has(text.toLowerCase()) || /^(.)\1*$/s.test(text)) return true;
  if (REFERENCES.some((pattern) => pattern.test(text))) return true;
  return PATH.test(text) && !FORTY.test(text);
}
