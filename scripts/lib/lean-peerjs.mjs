/**
 * Bundles PeerJS without what a call does not need, and without what it does to the host page when it is imported:
 *
 * - webrtc-adapter patches five prototype members of the page; PeerJS only reads the browser's name from it;
 * - its feature test opens an RTCPeerConnection (about 30 ms) with Google's STUN server and PeerJS's public TURN server;
 *   no third party may even be named, and the element checks for WebRTC itself;
 * - the serializers belong to PeerJS's data connections, which we refuse: our channel is our own;
 * - its emitter can do far more than PeerJS asks of it.
 *
 * Each change to PeerJS's text must match, or the build fails: a new version of PeerJS is to be read first.
 */
const STUBS = {
  'webrtc-adapter': 'export default { browserDetails: {} };',
  'peerjs-js-binarypack': 'export const pack = undefined; export const unpack = undefined;',
  '@msgpack/msgpack': 'export class Encoder {} export const decodeMultiStream = undefined;',
};

const EDITS = [
  // The feature test, the browser's name and the public servers live in this object. We give ids, tokens and servers.
  [
    /const \$4f4134156c446392\$export\$7debb50ef11d5e0b = new \S+\(\);/,
    'const $4f4134156c446392$export$7debb50ef11d5e0b = { supports: { data: true }, validateId: () => true, randomToken: () => "" };',
  ],
  [/class \$4f4134156c446392\$export\$f8f26dd395d7e1bd [\s\S]*?\n}\n/, ''],
  [/iceServers: \[[\s\S]*?\n {4}\],/, ''],
  [
    /const \$fb63e766cfafaab9\$export\$25be9502477c137d = new class \{[\s\S]*?\n\}\(\);/,
    'const $fb63e766cfafaab9$export$25be9502477c137d = {};',
  ],
  // Without the serializers, nothing of data connections is left to bundle.
  [/this\._serializers = \{\s+raw:[\s\S]*?\n {8}\}/, 'this._serializers = {}'],
  [/static #_ = this\.ID_PREFIX = "dc_";\s+static #_2 = this\.MAX_BUFFERED_AMOUNT = \d+;/, ''],
  // The HTTP API gives out ids and lists peers; ours are made in the browser, and the server has no list.
  [/this\._api = new \(0, \S+\)\(options\)/, 'this._api = undefined'],
  // Its logger is one for the whole page, and is off: what would be logged is left out.
  [
    /\(0, \$257947e92926277a\$export\$2e2bcd8739ae039\)\.(?:log|warn|error)\(/g,
    '/*#__PURE__*/ Boolean(',
  ],
  [
    /var \$257947e92926277a\$export\$2e2bcd8739ae039 = new \S+\(\);/,
    'var $257947e92926277a$export$2e2bcd8739ae039 = {};',
  ],
  // Its copy of eventemitter3, by what PeerJS and our adapter to it use of that.
  [
    /var \$c4dcfd1d1ea86647\$exports = \{\};[\s\S]*?\n\$c4dcfd1d1ea86647\$exports = .*;/,
    `const $c4dcfd1d1ea86647$exports = { EventEmitter: class {
  #listeners = new Map();
  listeners(type) {
    return this.#listeners.get(type) ?? [];
  }
  on(type, listener) {
    this.#listeners.set(type, [...this.listeners(type), listener]);
  }
  emit(type, ...values) {
    for (const listener of this.listeners(type)) listener(...values);
  }
  removeAllListeners(type) {
    if (type) this.#listeners.delete(type);
    else this.#listeners.clear();
  }
} };`,
  ],
  // A namespace object that nothing reads.
  [/\$parcel\$export\(\$78455e22dea96b8c\$exports, .*\);\n/g, ''],
];

const PREFIX = '\0lean-peerjs:';

/** @returns {import('vite').Plugin} */
export function leanPeerjs() {
  return {
    name: 'lean-peerjs',
    enforce: 'pre',
    resolveId: (id) => (Object.hasOwn(STUBS, id) ? PREFIX + id : undefined),
    load: (id) => (id.startsWith(PREFIX) ? STUBS[id.slice(PREFIX.length)] : undefined),
    transform(code, id) {
      if (!/[\\/]peerjs[\\/]dist[\\/]bundler\.mjs$/.test(id)) return undefined;
      let lean = code;
      for (const [pattern, replacement] of EDITS) {
        if (!pattern.test(lean))
          this.error(`PeerJS has changed: ${pattern} is not in it any more.`);
        lean = lean.replace(pattern, replacement);
      }
      const host = /[\w.-]+\.(?:google|peerjs)\.com/.exec(lean);
      if (host) this.error(`PeerJS names a third-party host: ${host[0]}`);
      return { code: lean, map: null };
    },
  };
}
