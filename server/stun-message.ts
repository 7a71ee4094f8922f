import { crc32 } from 'node:zlib';

// RFC 8489, section 5: the message.
const MAGIC_COOKIE = 0x2112a442;
const HEADER = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;
// Section 18.3.1: comprehension-required attributes of the RFC. None of them changes what we answer: without a shared
// secret there is nothing to check (section 9), and the answer goes where the request came from.
const UNDERSTOOD: ReadonlySet<number> = new Set([
  0x0001, 0x0006, 0x0008, 0x0009, 0x000a, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e, 0x0020,
]);
const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
const XOR_MAPPED_ADDRESS = 0x0020;
const FINGERPRINT = 0x8028;
// Section 14.7.
const FINGERPRINT_XOR = 0x5354554e;
/** Longest request that is read; a Binding request of a browser has 20 to 100 bytes. */
const MAX_REQUEST = 548;
const MAX_UNKNOWN = 16;

/**
 * The answer to a datagram from `address` and `port`, or undefined for everything that is not a well-formed Binding
 * request. Answers are hardly longer than requests, so there is little to gain from forging the sender.
 */
export function answerStun(request: Buffer, address: string, port: number): Buffer | undefined {
  // Sections 5 and 6.3: the two zero bits and the type, the cookie, the length, which is a multiple of four.
  if (request.length < HEADER || request.length > MAX_REQUEST) return undefined;
  if (request.readUInt16BE(0) !== BINDING_REQUEST) return undefined;
  if (request.readUInt32BE(4) !== MAGIC_COOKIE) return undefined;
  const length = request.readUInt16BE(2);
  if (length % 4 !== 0 || length !== request.length - HEADER) return undefined;
  const types = attributeTypes(request);
  if (!types) return undefined;
  // Section 6.3.1: attributes below 0x8000 must be understood, or the request is refused with 420 and their list.
  const unknown = types.filter((type) => type < 0x8000 && !UNDERSTOOD.has(type));
  const isFingerprinted = types.at(-1) === FINGERPRINT;
  const transaction = request.subarray(8, HEADER);
  if (unknown.length > 0) {
    // Section 14.8: two reserved bytes, the class, the number, the reason phrase (left out).
    const code = attribute(ERROR_CODE, Buffer.from([0, 0, 4, 20]));
    const list = Buffer.alloc(2 * Math.min(unknown.length, MAX_UNKNOWN));
    unknown.slice(0, MAX_UNKNOWN).forEach((type, index) => list.writeUInt16BE(type, 2 * index));
    const attributes = [code, attribute(UNKNOWN_ATTRIBUTES, list)];
    return message(BINDING_ERROR, transaction, attributes, isFingerprinted);
  }
  const ip = addressBytes(address);
  if (!ip) return undefined;
  const mapped = attribute(XOR_MAPPED_ADDRESS, xorAddress(ip, port, request.subarray(4, HEADER)));
  return message(BINDING_SUCCESS, transaction, [mapped], isFingerprinted);
}

/** Types in their order (section 14); undefined when an attribute does not fit. */
function attributeTypes(request: Buffer): number[] | undefined {
  const types: number[] = [];
  let at = HEADER;
  while (at < request.length) {
    // Each value is padded to four bytes, and so are the datagram and `at`: a header of four bytes always fits.
    types.push(request.readUInt16BE(at));
    at += 4 + padded(request.readUInt16BE(at + 2));
  }
  return at === request.length ? types : undefined;
}

const padded = (length: number): number => (length + 3) & ~3;

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** Section 14.2: port and address, masked by `key`, the cookie and the transaction id, so that no NAT rewrites them. */
function xorAddress(ip: Buffer, port: number, key: Buffer): Buffer {
  const value = Buffer.alloc(4 + ip.length);
  value[1] = ip.length === 4 ? 0x01 : 0x02;
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  ip.forEach((byte, index) => (value[4 + index] = byte ^ (key[index] ?? 0)));
  return value;
}

function message(
  type: number,
  transaction: Buffer,
  attributes: readonly Buffer[],
  withFingerprint: boolean,
): Buffer {
  const body = Buffer.concat(attributes);
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(type, 0);
  // Section 14.7: the length counts the FINGERPRINT before its checksum is taken.
  header.writeUInt16BE(body.length + (withFingerprint ? 8 : 0), 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  transaction.copy(header, 8);
  const bytes = Buffer.concat([header, body]);
  if (!withFingerprint) return bytes;
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE((crc32(bytes) ^ FINGERPRINT_XOR) >>> 0);
  return Buffer.concat([bytes, attribute(FINGERPRINT, checksum)]);
}

/** The 4 or 16 bytes of an address as node writes it, with or without a zone (`fe80::1%eth0`). */
export function addressBytes(address: string): Buffer | undefined {
  const text = address.split('%')[0] ?? '';
  if (!text.includes(':')) {
    const bytes = text.split('.').map(Number);
    return bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255)
      ? Buffer.from(bytes)
      : undefined;
  }
  // An IPv4 address at the end (`::ffff:192.0.2.1`) becomes two groups.
  const last = text.lastIndexOf(':') + 1;
  const v4 = text.includes('.') ? addressBytes(text.slice(last)) : undefined;
  const groups = v4
    ? text.slice(0, last) + (v4.toString('hex').match(/.{4}/g) ?? []).join(':')
    : text;
  const [head = '', tail] = groups.split('::');
  const split = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = split(head);
  const after = split(tail ?? '');
  const zeros = 8 - before.length - after.length;
  if (zeros < 0 || (tail === undefined && zeros !== 0)) return undefined;
  const bytes = Buffer.alloc(16);
  [...before, ...Array.from({ length: zeros }, () => '0'), ...after].forEach((group, index) =>
    bytes.writeUInt16BE(parseInt(group, 16) & 0xffff, 2 * index),
  );
  return bytes;
}
