/** A command line of this tool that a person can copy: words that a shell would take apart, or read as more than a word, are quoted. */
export function commandText(words: readonly string[]): string {
  return ["npx sagemaker-ops", ...words.map(quoted)].join(" ");
}

/** In single quotes a POSIX shell changes nothing. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
