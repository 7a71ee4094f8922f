import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { DEFAULT_LIMITS } from '../../server/limits.ts';
import { addressBytes, answerStun } from '../../server/stun-message.ts';
import { stunAddress, StunPorts } from '../../server/stun-ports.ts';
import { startStun, type StunServer } from '../../server/stun.ts';
import { lanAddresses } from '../../server/tls.ts';
import { withPatience } from './helpers.ts';

const attribute = (type: number, value = Buffer.alloc(0)): Buffer => {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
};
function bindingRequest(
  attributes: Buffer = Buffer.alloc(0),
  transaction: Buffer = randomBytes(12),
): Buffer {
  const header = Buffer.from('000100002112a442', 'hex');
  header.writeUInt16BE(attributes.length, 2);
  return Buffer.concat([header, transaction, attributes]);
}

/** The first answer, and the port to which it came. */
async function askAt(
  port: number,
  host: string,
  ...datagrams: Buffer[]
): Promise<[Buffer, number]> {
  const client = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    const answer = once(client, 'message');
    for (const datagram of datagrams) client.send(datagram, port, host);
    const [bytes] = (await withPatience(answer, 'an answer')) as [Buffer];
    return [bytes, client.address().port];
  } finally {
    client.close();
  }
}

describe('answerStun', () => {
  // RFC 5769, sections 2.1 to 2.3: the request of the test vectors, and the addresses of its two responses.
  const sample = Buffer.from(
    '000100582112a442b7e7a701bc34d686fa87dfae' +
      '802200105354554e207465737420636c69656e74' +
      '002400046e0001ff80290008932ff9b151263b36' +
      '000600096576746a3a68367659202020' +
      '000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2' +
      '80280004e57a3bcf',
    'hex',
  );

  it('masks an IPv4 and an IPv6 address as the RFC does', () => {
    const transaction = sample.subarray(8, 20);
    const request = bindingRequest(Buffer.alloc(0), transaction);
    const v4 = answerStun(request, '192.0.2.1', 32_853);
    assert.equal(
      v4?.toString('hex'),
      `0101000c2112a442${transaction.toString('hex')}002000080001a147e112a643`,
    );
    const v6 = answerStun(request, '2001:db8:1234:5678:11:2233:4455:6677', 32_853);
    assert.equal(
      v6?.subarray(20).toString('hex'),
      '002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9',
    );
  });

  it('ends with a FINGERPRINT when the request did', () => {
    const request = bindingRequest(attribute(0x8028, Buffer.alloc(4)));
    const answer = answerStun(request, '192.0.2.1', 1)!;
    assert.equal(answer.readUInt16BE(2), answer.length - 20);
    assert.equal(answer.readUInt16BE(answer.length - 8), 0x8028);
    const checksum = (crc32(answer.subarray(0, -8)) ^ 0x5354554e) >>> 0;
    assert.equal(answer.readUInt32BE(answer.length - 4), checksum);
  });

  it('refuses attributes that it would have to understand, by name', () => {
    // PRIORITY, of an ICE check that went to the wrong place.
    assert.equal(answerStun(sample, '192.0.2.1', 1)?.readUInt16BE(0), 0x0111);
    // CHANGE-REQUEST, of RFC 5780.
    const answer = answerStun(bindingRequest(attribute(0x0003, Buffer.alloc(4))), '192.0.2.1', 1)!;
    assert.equal(answer.subarray(20).toString('hex'), '0009000400000414' + '000a000200030000');
    // SOFTWARE and others above 0x7fff may be ignored.
    const optional = bindingRequest(attribute(0x8022, Buffer.from('x')));
    assert.equal(answerStun(optional, '192.0.2.1', 1)?.readUInt16BE(0), 0x0101);
  });

  it('is silent for everything else, and never throws', () => {
    const good = bindingRequest(attribute(0x8022, Buffer.from('name')));
    const changed = (at: number, byte: number): Buffer => {
      const bytes = Buffer.from(good);
      bytes[at] = byte;
      return bytes;
    };
    const silent: Buffer[] = [
      Buffer.alloc(0),
      Buffer.alloc(20),
      good.subarray(0, 19),
      good.subarray(0, -1),
      Buffer.concat([good, Buffer.alloc(4)]),
      changed(0, 0x01),
      changed(0, 0x80),
      changed(1, 0x11),
      changed(1, 0x03),
      changed(4, 0),
      changed(3, 7),
      changed(22, 0xff),
      bindingRequest(Buffer.alloc(1_000)),
    ];
    for (const bytes of silent) assert.equal(answerStun(bytes, '192.0.2.1', 1), undefined);
    for (let n = 0; n < 20_000; n++) {
      const bytes = randomBytes(n % 64);
      if (n % 2 === 0) good.copy(bytes, 0, 0, 8);
      answerStun(bytes, n % 3 === 0 ? '::1' : '192.0.2.1', n);
    }
  });

  it('is hardly longer than the request', () => {
    const many = Buffer.concat(Array.from({ length: 100 }, (_, n) => attribute(0x4000 + n)));
    assert.ok(answerStun(bindingRequest(many), '::1', 1)!.length < many.length);
    assert.equal(answerStun(bindingRequest(), '192.0.2.1', 1)!.length, 32);
  });
});

describe('addressBytes', () => {
  const cases: Record<string, string | undefined> = {
    '192.0.2.1': 'c0000201',
    '::': '0'.repeat(32),
    '::1': `${'0'.repeat(31)}1`,
    'fe80::1%eth0': 'fe800000000000000000000000000001',
    '2001:db8::': '20010db8000000000000000000000000',
    '1:2:3:4:5:6:7:8': '00010002000300040005000600070008',
    '::ffff:192.0.2.1': '00000000000000000000ffffc0000201',
    '1.2.3': undefined,
    '1.2.3.256': undefined,
    '1:2:3': undefined,
    '1:2:3:4:5:6:7:8:9': undefined,
  };
  for (const [address, expected] of Object.entries(cases))
    it(address, () => assert.equal(addressBytes(address)?.toString('hex'), expected));
});

describe('startStun', () => {
  let server: StunServer;
  before(async () => {
    server = await startStun({ port: 0, host: undefined, answersPerSecond: 1_000 });
  });
  after(() => server.close());

  const ask = (host: string, ...datagrams: Buffer[]): Promise<[Buffer, number]> =>
    askAt(server.port, host, ...datagrams);
  const portOf = (answer: Buffer): number => answer.readUInt16BE(26) ^ 0x2112;

  it('tells a client the address it came from', async () => {
    const [answer, port] = await ask('127.0.0.1', bindingRequest());
    assert.equal(answer.readUInt16BE(0), 0x0101);
    assert.equal(portOf(answer), port);
    assert.equal((answer.readUInt32BE(28) ^ 0x2112a442) >>> 0, 0x7f000001);
  });

  it('answers over IPv6 too', async (t) => {
    const probe = createSocket('udp6');
    try {
      probe.bind(0, '::1');
      await once(probe, 'listening');
    } catch {
      t.skip('this machine has no IPv6');
      return;
    } finally {
      probe.close();
    }
    const [answer, port] = await ask('::1', bindingRequest());
    assert.equal(answer[25], 0x02);
    assert.equal(portOf(answer), port);
  });

  it('goes on after garbage', async () => {
    const garbage = Array.from({ length: 50 }, (_, n) => randomBytes(n * 20));
    const transaction = randomBytes(12);
    const [answer] = await ask(
      '127.0.0.1',
      ...garbage,
      bindingRequest(Buffer.alloc(0), transaction),
    );
    assert.deepEqual(answer.subarray(8, 20), transaction);
  });

  it('answers no more than it was told to', async () => {
    const small = await startStun({ port: 0, host: '127.0.0.1', answersPerSecond: 1 });
    const client = createSocket('udp4');
    let count = 0;
    client.on('message', () => count++);
    for (let n = 0; n < 20; n++) client.send(bindingRequest(), small.port, '127.0.0.1');
    await withPatience(once(client, 'message'), 'an answer');
    // Another server on the same loop has answered a later request, so all 20 have been looked at.
    await ask('127.0.0.1', bindingRequest());
    assert.ok(count <= 2, String(count));
    client.close();
    await small.close();
  });

  it('says when its port is in use', async () => {
    const { port } = server;
    await assert.rejects(startStun({ port, host: undefined, answersPerSecond: 1 }), {
      code: 'EADDRINUSE',
    });
  });
});

describe('StunPorts', () => {
  const own = ['127.0.0.1', ...lanAddresses().filter((address) => !address.includes(':'))];
  for (const host of ['127.0.0.1', 'localhost', '::1', '::'])
    it(`of a server at ${host} answer at every address, on both ports`, async () => {
      const config = { stunPort: 0, isStunPortChosen: true, host, stunHost: undefined };
      const stun = new StunPorts(config, DEFAULT_LIMITS);
      const ports: { stunPort: number | undefined; probePort: number | undefined } = {
        stunPort: undefined,
        probePort: undefined,
      };
      await stun.start(ports);
      try {
        for (const port of [ports.stunPort, ports.probePort])
          for (const address of own) {
            const [answer] = await askAt(port!, address, bindingRequest());
            assert.equal(answer.readUInt16BE(0), 0x0101);
          }
      } finally {
        await stun.close();
      }
    });

  it('of a server at one address of the network are there only', () => {
    for (const host of ['192.0.2.1', '2001:db8::1', '0.0.0.0', 'calls.example.com'])
      assert.equal(stunAddress({ host, stunHost: undefined }), host);
    assert.equal(stunAddress({ host: undefined, stunHost: undefined }), undefined);
  });

  it('are where they are told to be, on loopback too', () => {
    for (const host of ['127.0.0.1', '192.0.2.1', undefined])
      assert.equal(stunAddress({ host, stunHost: '127.0.0.1' }), '127.0.0.1');
    assert.equal(stunAddress({ host: '192.0.2.1', stunHost: '::' }), undefined);
  });
});
