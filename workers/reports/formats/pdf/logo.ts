// A logo as a picture that a page can hold: see-through PNGs are laid on white, since pdfkit takes them apart in a web
// worker, which a Worker does not have.
import { decode, encode } from "fast-png";

/** Of a PNG, once unpacked. */
const MOST_PIXELS = 4_000_000;
const WHITE = 255;

interface Picture {
  width: number;
  height: number;
  channels: number;
  depth: number;
  data: ArrayLike<number>;
  palette?: readonly (readonly number[])[];
}

function onWhite({ width, height, channels, depth, data, palette }: Picture): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  const most = 2 ** depth - 1;
  for (let place = 0; place < width * height; place += 1) {
    const own = palette
      ? [...(palette[data[place]!] ?? [0, 0, 0])]
      : Array.from({ length: channels }, (_, channel) => (data[place * channels + channel]! / most) * WHITE);
    const isGrey = own.length < 3;
    const opacity = (isGrey ? own[1] : own[3]) ?? WHITE;
    for (let channel = 0; channel < 3; channel += 1) {
      const value = own[isGrey ? 0 : channel]!;
      pixels[place * 3 + channel] = WHITE + ((value - WHITE) * opacity) / WHITE;
    }
  }
  return pixels;
}

function flatPng(bytes: Uint8Array): Uint8Array | null {
  const head = new DataView(bytes.buffer, bytes.byteOffset);
  if (head.getUint32(16) * head.getUint32(20) > MOST_PIXELS) return null;
  const picture = decode(bytes);
  // Less than 8 bits are packed, several pixels a byte.
  if (picture.depth < 8 && !picture.palette) return bytes;
  const { width, height } = picture;
  return encode({ width, height, channels: 3, depth: 8, data: onWhite(picture) });
}

/** Bytes of a PNG or JPEG that can be embedded; null where it is none, or too large. */
export function logoBytes(address: string): Uint8Array | null {
  try {
    const bytes = Uint8Array.from(atob(address.slice(address.indexOf(",") + 1)), (one) => one.charCodeAt(0));
    return address.startsWith("data:image/png") ? flatPng(bytes) : bytes;
  } catch {
    return null; // A report with no logo says more than no report.
  }
}
