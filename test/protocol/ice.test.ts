import { expect } from '@open-wc/testing';
import { isIceServer } from '../../src/protocol/ice.ts';
import { parseIceServers } from '../../src/protocol/parse-ice.ts';

describe('parseIceServers', () => {
  it('reads URLs divided by white space or commas', () => {
    const { servers, problems } = parseIceServers(
      'stun:a.example:3478,  stuns:b.example\nturn:user:pass@c.example:3478?transport=tcp',
    );
    expect(problems).to.deep.equal([]);
    expect(servers).to.deep.equal([
      { urls: ['stun:a.example:3478'] },
      { urls: ['stuns:b.example'] },
      { urls: ['turn:c.example:3478?transport=tcp'], username: 'user', credential: 'pass' },
    ]);
  });

  it('reads a JSON array of RTCIceServer, one URL or several', () => {
    const entries = [
      { urls: 'stun:[2001:db8::1]:3478' },
      { urls: ['turn:t.example', 'turns:t.example:443'], username: 'u', credential: 'c' },
    ];
    const { servers, problems } = parseIceServers(JSON.stringify(entries));
    expect(problems).to.deep.equal([]);
    expect(servers[0]?.urls).to.deep.equal(['stun:[2001:db8::1]:3478']);
    expect(servers[1]).to.deep.equal(entries[1]);
  });

  it('decodes credentials, and keeps an @ in a password', () => {
    expect(parseIceServers('turn:a%40b:p%3Aq@host').servers[0]).to.deep.equal({
      urls: ['turn:host'],
      username: 'a@b',
      credential: 'p:q',
    });
    expect(parseIceServers('turn:user:p@ss@host').servers[0]?.credential).to.equal('p@ss');
  });

  const wrong = [
    'http://host',
    'stun:',
    'stun:host:99999',
    'stun:host:0',
    'stun:host?transport=udp',
    'turn:host',
    'turn:user@host',
    'stun:ho st<script>',
    '[{"urls":"turn:host"}]',
    '[{"url":"stun:host"}]',
    '[{"urls":[]}]',
    '[42]',
    '[{"urls":"stun:host"',
  ];
  for (const text of wrong)
    it(`names what is wrong with ${text}`, () => {
      expect(parseIceServers(text).problems).to.have.length.above(0);
    });

  it('skips the wrong entry and keeps the others', () => {
    const { servers, problems } = parseIceServers('stun:good.example nonsense stun:also.example');
    expect(servers).to.have.lengthOf(2);
    expect(problems).to.have.lengthOf(1);
    expect(problems[0]).to.contain('nonsense');
  });

  it('never shows a credential', () => {
    for (const text of [
      'turn:user:secret@host:x',
      'turn:user:secret@',
      'turns:u:secret@host:99999',
    ])
      expect(parseIceServers(text).problems.join(' '), text).to.not.contain('secret');
  });

  it('takes 16 servers and says so', () => {
    const many = Array.from({ length: 18 }, (_, index) => `stun:h${String(index)}.example`);
    const { servers, problems } = parseIceServers(many.join(' '));
    expect(servers).to.have.lengthOf(16);
    expect(problems).to.have.lengthOf(2);
  });

  it('is empty for an empty text', () => {
    expect(parseIceServers('  ')).to.deep.equal({ servers: [], problems: [] });
  });

  it('guards what arrives in a frame', () => {
    expect(isIceServer({ urls: ['stun:host'] })).to.equal(true);
    for (const value of [null, 'stun:host', { urls: 'stun:host' }, { urls: ['javascript:1'] }, {}])
      expect(isIceServer(value), JSON.stringify(value)).to.equal(false);
  });
});
