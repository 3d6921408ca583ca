/**
 * A small DEFLATE encoder (RFC 1951) with fixed Huffman codes.
 *
 * Node's own zlib gives other bytes on another processor or version. The sample's files are compared byte for
 * byte with the committed ones, so everything that is compressed here goes through this encoder instead.
 */

const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtraBits = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const minMatchLength = 3;
const maxMatchLength = 258;
const windowSize = 32_768;
const maxChainLength = 48;

class BitWriter {
  private bytes = new Uint8Array(1 << 16);
  private length = 0;
  private bitBuffer = 0;
  private bitCount = 0;

  write(value: number, bits: number): void {
    this.bitBuffer |= value << this.bitCount;
    this.bitCount += bits;
    while (this.bitCount >= 8) {
      this.pushByte(this.bitBuffer & 0xff);
      this.bitBuffer >>>= 8;
      this.bitCount -= 8;
    }
  }

  /** Huffman codes are packed from their most significant bit (RFC 1951, 3.1.1). */
  writeCode(code: number, bits: number): void {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit += 1) reversed = (reversed << 1) | ((code >>> bit) & 1);
    this.write(reversed, bits);
  }

  finish(): Uint8Array {
    if (this.bitCount > 0) this.pushByte(this.bitBuffer & 0xff);
    return this.bytes.subarray(0, this.length);
  }

  private pushByte(byte: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length] = byte;
    this.length += 1;
  }
}

function writeLiteralOrLength(writer: BitWriter, symbol: number): void {
  if (symbol < 144) writer.writeCode(0x30 + symbol, 8);
  else if (symbol < 256) writer.writeCode(0x190 + symbol - 144, 9);
  else if (symbol < 280) writer.writeCode(symbol - 256, 7);
  else writer.writeCode(0xc0 + symbol - 280, 8);
}

function findBaseIndex(bases: readonly number[], value: number): number {
  let index = bases.length - 1;
  while ((bases[index] ?? 0) > value) index -= 1;
  return index;
}

function writeMatch(writer: BitWriter, length: number, distance: number): void {
  const lengthIndex = findBaseIndex(lengthBases, length);
  writeLiteralOrLength(writer, 257 + lengthIndex);
  writer.write(length - (lengthBases[lengthIndex] ?? 0), lengthExtraBits[lengthIndex] ?? 0);
  const distanceIndex = findBaseIndex(distanceBases, distance);
  writer.writeCode(distanceIndex, 5);
  writer.write(distance - (distanceBases[distanceIndex] ?? 0), distanceIndex < 2 ? 0 : (distanceIndex >> 1) - 1);
}

function deflate(input: Uint8Array): Uint8Array {
  const writer = new BitWriter();
  writer.write(1, 1);
  writer.write(1, 2);
  const heads = new Int32Array(1 << 15).fill(-1);
  const previous = new Int32Array(input.length).fill(-1);
  const at = (index: number): number => input[index] ?? 0;

  const remember = (position: number): void => {
    if (position + minMatchLength > input.length) return;
    const hash = ((at(position) << 10) ^ (at(position + 1) << 5) ^ at(position + 2)) & 0x7fff;
    previous[position] = heads[hash] ?? -1;
    heads[hash] = position;
  };

  let position = 0;
  while (position < input.length) {
    remember(position);
    const limit = Math.min(maxMatchLength, input.length - position);
    let bestLength = 0;
    let bestDistance = 0;
    let candidate = previous[position] ?? -1;
    for (let tries = 0; tries < maxChainLength && candidate >= 0; tries += 1) {
      if (position - candidate > windowSize) break;
      if (at(candidate + bestLength) === at(position + bestLength)) {
        let length = 0;
        while (length < limit && at(candidate + length) === at(position + length)) length += 1;
        if (length > bestLength) {
          bestLength = length;
          bestDistance = position - candidate;
          if (length === limit) break;
        }
      }
      candidate = previous[candidate] ?? -1;
    }
    if (bestLength >= minMatchLength) {
      writeMatch(writer, bestLength, bestDistance);
      for (let step = 1; step < bestLength; step += 1) remember(position + step);
      position += bestLength;
    } else {
      writeLiteralOrLength(writer, at(position));
      position += 1;
    }
  }
  writeLiteralOrLength(writer, 256);
  return writer.finish();
}

function computeAdler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return ((high << 16) | low) >>> 0;
}

/** Compresses to the zlib format (RFC 1950); the same input gives the same bytes on every machine. */
export function deflateToZlib(input: Uint8Array): Uint8Array {
  const body = deflate(input);
  const output = new Uint8Array(body.length + 6);
  output[0] = 0x78;
  output[1] = 0x01;
  output.set(body, 2);
  new DataView(output.buffer).setUint32(body.length + 2, computeAdler32(input));
  return output;
}
