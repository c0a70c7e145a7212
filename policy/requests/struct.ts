import type { Message } from "./wire";

/** Marks what is more than plain data, with what it is; of those the pack reads secrets only (sdk/go/common/resource/plugin/rpc.go). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The members of a google.protobuf.Struct by name, each read when it is asked for. */
export function membersOf(struct: Message): ReadonlyMap<string, Message> {
  const members = new Map<string, Message>();
  while (struct.next()) {
    if (struct.field !== 1) continue;
    const entry = struct.message();
    let name = "";
    let value: Message | undefined;
    while (entry.next()) {
      if (entry.field === 1) name = entry.text();
      else if (entry.field === 2) value = entry.message();
    }
    if (value === undefined) throw new RangeError("A member has no value.");
    members.set(name, value);
  }
  return members;
}

/**
 * A google.protobuf.Value as the SDK gives it to a policy (`deserializeProperty` in @pulumi/policy/deserialize.js): plain data, names in
 * order, secrets unwrapped.
 *
 * @throws RangeError for anything else, an asset for instance.
 */
export function dataOf(value: Message): unknown {
  let read: unknown;
  value.again();
  while (value.next()) {
    switch (value.field) {
      case 1:
        read = null;
        break;
      case 2:
        read = value.double();
        break;
      case 3:
        read = value.text();
        break;
      case 4:
        read = value.flag();
        break;
      case 5:
        read = objectOf(value.message());
        break;
      case 6:
        read = listOf(value.message());
        break;
      default:
        throw new RangeError(`A value of the kind ${value.field} is not known.`);
    }
  }
  if (read === undefined) throw new RangeError("A value has no kind.");
  return read;
}

function objectOf(struct: Message): unknown {
  const members = membersOf(struct);
  const signature = members.get(SIGNATURE);
  const secret = members.get("value");
  if (signature !== undefined) {
    if (secret === undefined || dataOf(signature) !== SECRET)
      throw new RangeError("A value is no plain data.");
    return dataOf(secret);
  }
  const object: Record<string, unknown> = {};
  // The order on the wire differs from one request to the next.
  for (const name of [...members.keys()].sort()) {
    // An assignment would give the object another prototype.
    if (name !== "__proto__") object[name] = dataOf(members.get(name) as Message);
  }
  return object;
}

function listOf(list: Message): unknown[] {
  const entries: unknown[] = [];
  while (list.next()) if (list.field === 1) entries.push(dataOf(list.message()));
  return entries;
}
