/**
 * Steps through the fields of a protobuf message where it lies in the bytes of a request, and makes nothing of those that nobody asks
 * for (https://protobuf.dev/programming-guides/encoding/).
 */
export class Message {
  /** Number of the field at hand. */
  field = 0;
  private from = 0;
  private to = 0;
  private at: number;

  constructor(
    private readonly bytes: Buffer,
    private readonly start = 0,
    private readonly end = bytes.length,
  ) {
    this.at = start;
  }

  /**
   * Goes to the next field, if there is one.
   *
   * @throws RangeError where the bytes are no such message.
   */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.field = tag >>> 3;
    const kind = tag & 7;
    if (kind === 2) {
      const length = this.varint();
      this.from = this.at;
      this.to = this.at + length;
    } else {
      this.from = this.at;
      if (kind === 0) this.varint();
      else if (kind === 1) this.at += 8;
      else if (kind === 5) this.at += 4;
      else throw new RangeError(`The wire type ${kind} is not known.`);
      this.to = this.at;
    }
    if (this.field === 0 || this.to > this.end) throw new RangeError("The message is damaged.");
    this.at = this.to;
    return true;
  }

  /** From the first field again. */
  again(): this {
    this.at = this.start;
    return this;
  }

  text(): string {
    return this.bytes.toString("utf8", this.from, this.to);
  }

  flag(): boolean {
    return this.bytes[this.from] !== 0;
  }

  double(): number {
    return this.bytes.readDoubleLE(this.from);
  }

  message(): Message {
    return new Message(this.bytes, this.from, this.to);
  }

  /** Tags, lengths, flags and enumerations, none of which is above 32 bits. */
  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.end) throw new RangeError("The message is damaged.");
      const byte = this.bytes[this.at++] as number;
      if (shift < 35) value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("The message is damaged.");
  }
}
