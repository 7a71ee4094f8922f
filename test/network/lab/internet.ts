import { spawnSync } from 'node:child_process';
import { removeLabs, removeLeftovers } from './cleanup.mjs';

/** A home with a NAT router of its own. */
export type Home = 'a' | 'b';
/** Where a browser can be: in a home, at a neighbour's desk in home a (`n`), or on a public address (`c`). */
export type Place = Home | 'n' | 'c';
/**
 * `cone`: a port stays the same to everyone, answers only from whom one has written to (port-restricted).
 * `symmetric`: another port to each destination.
 */
export type Nat = 'cone' | 'symmetric';

export const SERVER = '203.0.113.10';
export const TURN = '203.0.113.20';
export const PORT = 9_000;

const NUMBER = { a: 1, b: 2 } as const;

/**
 * A small internet in network namespaces of this machine:
 *
 *     a  10.1.0.2 ─┬─ ra  NAT 203.0.113.101 ─┐
 *     n  10.1.0.3 ─┘                         │
 *     b  10.2.0.2 ─── rb  NAT 203.0.113.102 ─┼─ inet (a bridge) ── srv  203.0.113.10 our server, .20 coturn
 *     c  203.0.113.50 ───────────────────────┘
 *
 * Everything is in the namespaces, so that nothing outside can clash or stay behind.
 */
export class Internet {
  readonly prefix = `vcnet-${process.env['LAB_RUN'] ?? String(process.pid)}-${String(process.pid)}`;

  namespace(name: string): string {
    return `${this.prefix}-${name}`;
  }

  up(): void {
    removeLeftovers();
    this.#sh(UP);
    this.heal();
  }

  down(): void {
    removeLabs(this.prefix);
  }

  /** Takes every fault back. */
  heal(): void {
    for (const home of ['a', 'b'] as const) {
      this.#sh(`
        at r${home} iptables -F FORWARD
        at r${home} iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
        at r${home} iptables -A FORWARD -i lan -j ACCEPT
        at r${home} iptables -t mangle -F
        at r${home} tc qdisc del dev lan root 2>/dev/null || true
        at r${home} tc qdisc del dev wan root 2>/dev/null || true`);
      this.nat(home, 'cone');
      this.link(home, true);
      this.readdress(home, 2);
    }
  }

  nat(home: Home, kind: Nat): void {
    this.#sh(`
      at r${home} iptables -t nat -F POSTROUTING
      at r${home} iptables -t nat -A POSTROUTING -o wan -j MASQUERADE ${kind === 'symmetric' ? '--random-fully' : ''}`);
  }

  /** Wi-Fi off and on: the link goes, and the default route with it. */
  link(home: Home, isUp: boolean): void {
    this.#sh(`at ${home} ip link set eth0 ${isUp ? 'up' : 'down'}`);
    if (isUp) this.#sh(`at ${home} ip route replace default via 10.${NUMBER[home]}.0.1`);
  }

  /** Another address in the same home, as after a change of the network. */
  readdress(home: Home, host: number): void {
    const network = `10.${NUMBER[home]}.0`;
    this.#sh(`
      at ${home} ip address flush dev eth0
      at ${home} ip address add ${network}.${host}/24 dev eth0
      at ${home} ip route replace default via ${network}.1`);
  }

  /** No UDP through the router of this home. */
  blockUdp(home: Home): void {
    this.#forward(home, '-p udp -j DROP');
  }

  /** Through the router of this home goes only TCP to our server and to port 443, as in some offices. */
  onlyWeb(home: Home): void {
    this.blockUdp(home);
    this.#forward(home, `-i lan -p tcp -m multiport ! --dports 443,${String(PORT)} -j DROP`);
  }

  /** No UDP from caller to caller; what goes to and from the TURN server passes. */
  blockDirect(home: Home): void {
    this.#forward(home, `-p udp ! -s ${TURN} ! -d ${TURN} -j DROP`);
  }

  /** Swallows everything between this home and our server, without a word to either. */
  blackHole(home: Home): void {
    this.#forward(home, `-p tcp -s ${SERVER} -j DROP`);
    this.#forward(home, `-p tcp -d ${SERVER} -j DROP`);
  }

  /** Swallows everything through the router of this home, or no more; addresses stay, and nobody is told. */
  swallow(home: Home, isOn: boolean): void {
    this.#sh(`at r${home} iptables ${isOn ? '-I' : '-D'} FORWARD -j DROP`);
  }

  /** Drops this share of all UDP packets, each way. */
  loss(home: Home, share: number): void {
    this.#sh(`at r${home} iptables -t mangle -F FORWARD`);
    if (share > 0)
      this.#sh(
        `at r${home} iptables -t mangle -A FORWARD -p udp -m statistic --mode random --probability ${share} -j DROP`,
      );
  }

  /** Caps what goes out of this home; what does not fit waits for up to 200 ms. */
  uplink(home: Home, kilobits: number): void {
    this.#sh(
      `at r${home} tc qdisc replace dev wan root tbf rate ${kilobits}kbit burst 8k latency 200ms`,
    );
  }

  #forward(home: Home, rule: string): void {
    this.#sh(`at r${home} iptables -I FORWARD 1 ${rule}`);
  }

  /** Runs lines of shell in which `at <place> <command>` runs the command there. */
  #sh(script: string): void {
    const head = `P=${this.prefix}\nat() { place=$1; shift; ip netns exec "$P-$place" "$@"; }\n`;
    const { status, stderr } = spawnSync('sh', ['-e', '-c', head + script], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`The network of the lab: ${stderr.trim()}`);
  }
}

// Without IPv6 the candidates stay few. A router drops what nobody asked for on its WAN side: otherwise the first check of
// the other side makes an entry in its connection table, and a cone NAT has to take another port, as a symmetric one does.
const UP = `
for place in inet srv a b c n ra rb; do
  ip netns add $P-$place
  at $place ip link set lo up
  at $place sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done
at inet ip link add br0 type bridge
at inet ip link set br0 up

public() {
  ip link add $2 netns $P-$1 type veth peer name p-$1 netns $P-inet
  at inet ip link set p-$1 master br0 up
  at $1 ip address add $3/24 dev $2
  at $1 ip link set $2 up
}
public srv eth0 ${SERVER}
at srv ip address add ${TURN}/24 dev eth0
public c eth0 203.0.113.50
public ra wan 203.0.113.101
public rb wan 203.0.113.102

home() {
  at r$1 ip link add lan type bridge
  at r$1 ip address add 10.$2.0.1/24 dev lan
  at r$1 ip link set lan up
  at r$1 sysctl -qw net.ipv4.ip_forward=1
  at r$1 iptables -A INPUT -i wan -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  at r$1 iptables -A INPUT -i wan -j DROP
  at r$1 iptables -P FORWARD DROP
}
desk() {
  ip link add eth0 netns $P-$1 type veth peer name p-$1 netns $P-r$2
  at r$2 ip link set p-$1 master lan up
  at $1 ip address add $3 dev eth0
  at $1 ip link set eth0 up
}
home a 1
home b 2
desk a a 10.1.0.2/24
desk n a 10.1.0.3/24
at n ip route add default via 10.1.0.1
desk b b 10.2.0.2/24
`;
