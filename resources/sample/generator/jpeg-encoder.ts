import type { RgbImage } from './canvas.ts';

/**
 * A baseline JPEG encoder (ITU-T T.81), 4:4:4, with the quantisation and Huffman tables of its Annex K.
 */

const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
];
const luminanceQuantisation = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];
const chrominanceQuantisation = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99,
];

interface HuffmanSource {
  /** How many codes there are of 1, 2, … 16 bits. */
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

const hexBytes = (hex: string): number[] => [...Buffer.from(hex, 'hex')];

const luminanceDc: HuffmanSource = {
  counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
  symbols: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
const chrominanceDc: HuffmanSource = {
  counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
  symbols: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
const luminanceAc: HuffmanSource = {
  counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
  symbols: hexBytes(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a' +
      '434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8' +
      'a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
  ),
};
const chrominanceAc: HuffmanSource = {
  counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
  symbols: hexBytes(
    '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a3536373839' +
      '3a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6' +
      'a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  ),
};

type CodeTable = ReadonlyMap<number, readonly [code: number, bits: number]>;

function buildCodeTable({ counts, symbols }: HuffmanSource): CodeTable {
  const table = new Map<number, readonly [number, number]>();
  let code = 0;
  let index = 0;
  counts.forEach((count, lengthIndex) => {
    for (let step = 0; step < count; step += 1) {
      table.set(symbols[index] ?? 0, [code, lengthIndex + 1]);
      code += 1;
      index += 1;
    }
    code <<= 1;
  });
  return table;
}

function scaleQuantisation(base: readonly number[], quality: number): number[] {
  const scale = quality < 50 ? 5000 / quality : 200 - quality * 2;
  return base.map((value) => Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100))));
}

const cosines = Array.from({ length: 64 }, (_, index) => {
  const frequency = index >> 3;
  const factor = frequency === 0 ? Math.SQRT1_2 / 2 : 0.5;
  return factor * Math.cos((((index & 7) * 2 + 1) * frequency * Math.PI) / 16);
});

/** The two-dimensional DCT, rows and then columns; `block` is 8×8, row by row. */
function transform(block: Float64Array): Float64Array {
  const rows = new Float64Array(64);
  const output = new Float64Array(64);
  for (let y = 0; y < 8; y += 1) {
    for (let u = 0; u < 8; u += 1) {
      let sum = 0;
      for (let x = 0; x < 8; x += 1) sum += (block[y * 8 + x] ?? 0) * (cosines[u * 8 + x] ?? 0);
      rows[y * 8 + u] = sum;
    }
  }
  for (let u = 0; u < 8; u += 1) {
    for (let v = 0; v < 8; v += 1) {
      let sum = 0;
      for (let y = 0; y < 8; y += 1) sum += (rows[y * 8 + u] ?? 0) * (cosines[v * 8 + y] ?? 0);
      output[v * 8 + u] = sum;
    }
  }
  return output;
}

class ScanWriter {
  readonly bytes: number[] = [];
  private buffer = 0;
  private count = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      this.buffer = (this.buffer << 1) | ((value >>> bit) & 1);
      this.count += 1;
      if (this.count === 8) {
        this.bytes.push(this.buffer);
        // A 0xFF inside the scan is followed by a zero, so that it is not read as a marker (T.81, B.1.1.5).
        if (this.buffer === 0xff) this.bytes.push(0);
        this.buffer = 0;
        this.count = 0;
      }
    }
  }

  finish(): void {
    while (this.count !== 0) this.write(1, 1);
  }
}

function writeSymbol(writer: ScanWriter, table: CodeTable, symbol: number): void {
  const entry = table.get(symbol);
  if (entry === undefined) throw new RangeError(`No Huffman code for symbol ${String(symbol)}.`);
  writer.write(entry[0], entry[1]);
}

function computeCategory(value: number): number {
  return value === 0 ? 0 : 32 - Math.clz32(Math.abs(value));
}

function writeMagnitude(writer: ScanWriter, value: number, category: number): void {
  writer.write(value >= 0 ? value : value + (1 << category) - 1, category);
}

function writeBlock(
  writer: ScanWriter,
  coefficients: readonly number[],
  previousDc: number,
  dcTable: CodeTable,
  acTable: CodeTable,
): void {
  const difference = (coefficients[0] ?? 0) - previousDc;
  const dcCategory = computeCategory(difference);
  writeSymbol(writer, dcTable, dcCategory);
  writeMagnitude(writer, difference, dcCategory);
  let zeros = 0;
  for (let index = 1; index < 64; index += 1) {
    const value = coefficients[index] ?? 0;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) writeSymbol(writer, acTable, 0xf0);
    const category = computeCategory(value);
    writeSymbol(writer, acTable, (zeros << 4) | category);
    writeMagnitude(writer, value, category);
    zeros = 0;
  }
  if (zeros > 0) writeSymbol(writer, acTable, 0);
}

function encodeSegment(marker: number, data: readonly number[]): number[] {
  const length = data.length + 2;
  return [0xff, marker, length >> 8, length & 0xff, ...data];
}

/** Blocks over the right and lower edge repeat the last pixel. */
function readBlock(image: RgbImage, left: number, top: number, weights: readonly [number, number, number]): Float64Array {
  const block = new Float64Array(64);
  for (let index = 0; index < 64; index += 1) {
    const x = Math.min(image.width - 1, left + (index & 7));
    const y = Math.min(image.height - 1, top + (index >> 3));
    const offset = (y * image.width + x) * 3;
    block[index] =
      (image.pixels[offset] ?? 0) * weights[0] +
      (image.pixels[offset + 1] ?? 0) * weights[1] +
      (image.pixels[offset + 2] ?? 0) * weights[2];
  }
  return block;
}

/** Encodes with `quality` from 1 to 100, on the scale that libjpeg made common. */
export function encodeJpeg(image: RgbImage, quality: number): Uint8Array {
  const luminance = scaleQuantisation(luminanceQuantisation, quality);
  const chrominance = scaleQuantisation(chrominanceQuantisation, quality);
  const components = [
    { weights: [0.299, 0.587, 0.114], offset: -128, table: luminance, dc: luminanceDc, ac: luminanceAc },
    { weights: [-0.168736, -0.331264, 0.5], offset: 0, table: chrominance, dc: chrominanceDc, ac: chrominanceAc },
    { weights: [0.5, -0.418688, -0.081312], offset: 0, table: chrominance, dc: chrominanceDc, ac: chrominanceAc },
  ].map((component) => ({
    ...component,
    weights: component.weights as unknown as readonly [number, number, number],
    dcTable: buildCodeTable(component.dc),
    acTable: buildCodeTable(component.ac),
    previousDc: 0,
  }));

  const writer = new ScanWriter();
  for (let top = 0; top < image.height; top += 8) {
    for (let left = 0; left < image.width; left += 8) {
      for (const component of components) {
        const block = readBlock(image, left, top, component.weights).map((value) => value + component.offset);
        const transformed = transform(block);
        const coefficients = zigzag.map((natural) =>
          Math.round((transformed[natural] ?? 0) / (component.table[natural] ?? 1)),
        );
        writeBlock(writer, coefficients, component.previousDc, component.dcTable, component.acTable);
        component.previousDc = coefficients[0] ?? 0;
      }
    }
  }
  writer.finish();

  const inZigzag = (table: readonly number[]): number[] => zigzag.map((natural) => table[natural] ?? 1);
  const size = [image.height >> 8, image.height & 0xff, image.width >> 8, image.width & 0xff];
  return Uint8Array.from([
    0xff,
    0xd8,
    ...encodeSegment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 1, 0, 144, 0, 144, 0, 0]),
    ...encodeSegment(0xdb, [0, ...inZigzag(luminance), 1, ...inZigzag(chrominance)]),
    ...encodeSegment(0xc0, [8, ...size, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]),
    ...encodeSegment(0xc4, [
      0x00,
      ...luminanceDc.counts,
      ...luminanceDc.symbols,
      0x10,
      ...luminanceAc.counts,
      ...luminanceAc.symbols,
      0x01,
      ...chrominanceDc.counts,
      ...chrominanceDc.symbols,
      0x11,
      ...chrominanceAc.counts,
      ...chrominanceAc.symbols,
    ]),
    ...encodeSegment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]),
    ...Uint8Array.from(writer.bytes),
    0xff,
    0xd9,
  ]);
}
