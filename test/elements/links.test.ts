import { expect } from '@open-wc/testing';
import { linkify } from '../../src/elements/links.ts';

const links = (text: string): string[] =>
  linkify(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.href]));
const textOf = (text: string): string =>
  linkify(text)
    .map((piece) => (typeof piece === 'string' ? piece : piece.text))
    .join('');

describe('linkify', () => {
  it('finds web addresses and leaves the punctuation of the sentence', () => {
    expect(links('See https://example.com/a?b=c#d, and HTTP://Example.org.')).to.deep.equal([
      'https://example.com/a?b=c#d',
      'http://example.org/',
    ]);
    expect(links('(https://example.com/x)')).to.deep.equal(['https://example.com/x']);
    expect(links('https://en.wikipedia.org/wiki/Video_(call)!')).to.deep.equal([
      'https://en.wikipedia.org/wiki/Video_(call)',
    ]);
  });

  it('makes nothing else a link', () => {
    for (const text of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)//https',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x file:///etc/passwd blob:abc ftp://example.com',
      'https://',
      'http://[',
      'mailto:a@example.com',
      'example.com',
    ])
      expect(links(text), text).to.deep.equal([]);
  });

  it('ends an address before characters that would disguise it', () => {
    expect(links('https://example.com/\u202egnp.exe')).to.deep.equal(['https://example.com/']);
    expect(links('https://example.com/<img src=x onerror=alert(1)>')).to.deep.equal([
      'https://example.com/',
    ]);
    expect(links('https://example.com/" onclick="alert(1)')).to.deep.equal([
      'https://example.com/',
    ]);
  });

  it('loses no character of any text', () => {
    for (const text of [
      '',
      'no link',
      'https://a.example https://b.example',
      'x https://a.example... (https://b.example)) y',
      'שלום https://example.com/עמוד 👋',
      'a'.repeat(10_000),
      'https://example.com/'.repeat(500),
      `https://example.com/${'.'.repeat(10_000)}`,
      `https://example.com/${')'.repeat(7_000)}`,
    ])
      expect(textOf(text)).to.equal(text);
  });

  it('makes so many links of one text, and the rest stays words', () => {
    const text = 'https://a.example '.repeat(100);
    expect(links(text)).to.have.lengthOf(20);
    expect(textOf(text)).to.equal(text);
  });

  it('takes no time for long texts', () => {
    const start = performance.now();
    linkify(`https://example.com/${').'.repeat(4_000)} `.repeat(2));
    expect(performance.now() - start).to.be.below(100);
  });
});
