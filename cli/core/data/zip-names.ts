/** Names that Windows takes for devices, with any ending: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i;

/** Bytes that common file systems take for one part of a path. */
const longestPart = 255;
const longestName = 1024;

/**
 * Why a name in an archive may not become a path, on this system or on another that the data is copied to; nothing for one that
 * may. A folder's name ends in a slash.
 */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "is empty";
  if (/\p{Cc}/u.test(name)) return "has a control character in it";
  if (name.includes("\uFFFD")) return "is not text";
  if (name.includes("\\")) return "has a backslash in it";
  if (name.startsWith("/")) return "is absolute";
  if (/^[a-z]:/i.test(name)) return "has a drive letter";
  if (Buffer.byteLength(name) > longestName) return `is longer than ${longestName} bytes`;
  const parts = (name.endsWith("/") ? name.slice(0, -1) : name).split("/");
  for (const part of parts) {
    if (part === "") return "has an empty part";
    if (part === "." || part === "..") return `leaves its folder by ${JSON.stringify(part)}`;
    if (Buffer.byteLength(part) > longestPart) return `has a part of more than ${longestPart} bytes`;
    if (/[<>:"|?*]/.test(part)) return 'has one of < > : " | ? * in it';
    if (/[. ]$/.test(part)) return "has a part that ends in a dot or a space";
    if (device.test(part)) return `has a part that is a device on Windows, ${JSON.stringify(part)}`;
  }
  return undefined;
}

/** Two names are one file where case, or the form of accents, does not count: on macOS and Windows. */
export function foldedName(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}
