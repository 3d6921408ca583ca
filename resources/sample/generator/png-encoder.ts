import { crc32 } from 'node:zlib';
import { deflateToZlib } from './deflate.ts';
import type { RgbImage } from './canvas.ts';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const bytesPerPixel = 3;

function encodeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(Buffer.from(type, 'latin1'), 4);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

/** "Up" for rows that repeat the one above, "Sub" for the others (PNG specification, 9.2). */
function filterRows(image: RgbImage): Uint8Array {
  const stride = image.width * bytesPerPixel;
  const output = new Uint8Array((stride + 1) * image.height);
  for (let y = 0; y < image.height; y += 1) {
    const row = image.pixels.subarray(y * stride, (y + 1) * stride);
    const above = y > 0 ? image.pixels.subarray((y - 1) * stride, y * stride) : new Uint8Array(stride);
    const up = new Uint8Array(stride);
    const sub = new Uint8Array(stride);
    let upCost = 0;
    let subCost = 0;
    for (let x = 0; x < stride; x += 1) {
      const value = row[x] ?? 0;
      const upDelta = (value - (above[x] ?? 0)) & 0xff;
      const subDelta = (value - (x >= bytesPerPixel ? (row[x - bytesPerPixel] ?? 0) : 0)) & 0xff;
      up[x] = upDelta;
      sub[x] = subDelta;
      upCost += Math.min(upDelta, 256 - upDelta);
      subCost += Math.min(subDelta, 256 - subDelta);
    }
    const isUp = upCost <= subCost;
    output[y * (stride + 1)] = isUp ? 2 : 1;
    output.set(isUp ? up : sub, y * (stride + 1) + 1);
  }
  return output;
}

/** Encodes 8-bit RGB without alpha, as the PNG specification (ISO/IEC 15948) describes it. */
export function encodePng(image: RgbImage): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    encodeChunk('IHDR', header),
    encodeChunk('IDAT', deflateToZlib(filterRows(image))),
    encodeChunk('IEND', new Uint8Array(0)),
  ]);
}
