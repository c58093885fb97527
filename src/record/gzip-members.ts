/**
 * How much of a tape is whole: gzip members one after another, each checked by its own sum. A
 * machine that lost its power may have cut off the last one.
 */
import { crc32, inflateRawSync } from 'node:zlib';

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
/** Of a member as zlib writes it: gzip, deflate, no name and no other field. */
const START = Buffer.from([0x1f, 0x8b, 8, 0]);

/** Bytes from the beginning that are whole members. */
export function wholeBytes(tape: Buffer): number {
  let place = 0;
  for (;;) {
    const bytes = memberBytes(tape.subarray(place));
    if (bytes === 0) return place;
    place += bytes;
  }
}

/** What a member may begin with; true of nothing at all. */
export const beginsMember = (bytes: Buffer): boolean =>
  bytes.subarray(0, START.length).equals(START.subarray(0, bytes.length));

/** Of the first member; 0 where it is cut off, damaged, or nothing of ours. */
function memberBytes(bytes: Buffer): number {
  if (!bytes.subarray(0, START.length).equals(START)) return 0;
  try {
    const { buffer, engine } = inflated(bytes.subarray(HEADER_BYTES));
    const end = HEADER_BYTES + engine.bytesWritten;
    if (end + TRAILER_BYTES > bytes.length) return 0;
    const isWhole =
      bytes.readUInt32LE(end) === crc32(buffer) && bytes.readUInt32LE(end + 4) === buffer.length;
    return isWhole ? end + TRAILER_BYTES : 0;
  } catch {
    return 0;
  }
}

interface Inflated {
  readonly buffer: Buffer;
  /** `bytesWritten` is what of the input was read. */
  readonly engine: { readonly bytesWritten: number };
}

/** With `info` it gives an object, which its types do not know. */
const inflated = (bytes: Buffer): Inflated =>
  inflateRawSync(bytes, { info: true }) as unknown as Inflated;
