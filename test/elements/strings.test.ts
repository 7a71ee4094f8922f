import { expect } from '@open-wc/testing';
import { ERROR_TEXTS } from '../../src/call/errors.ts';
import { en, errorText, fill, loadStrings, nameOf } from '../../src/i18n/index.ts';

const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe('words', () => {
  for (const lang of ['de', 'es', 'fr'])
    it(`are complete in ${lang}, with the same places`, async () => {
      const strings = await loadStrings(lang);
      expect(strings.lang).to.equal(lang);
      expect(Object.keys(strings).sort()).to.deep.equal(Object.keys(en).sort());
      for (const [key, text] of Object.entries(strings) as [keyof typeof en, unknown][])
        if (typeof text === 'string') {
          expect(text.trim(), key).not.to.equal('');
          expect(places(text), key).to.deep.equal(places(en[key] as string));
        }
      expect(Object.keys(strings.codes).sort()).to.deep.equal(Object.keys(en.codes).sort());
      for (const [code, text] of Object.entries(strings.codes)) {
        const english = (en.codes as Record<string, string>)[code]!;
        expect(places(text), code).to.deep.equal(places(english));
        expect(text, code).to.match(/[.…]$/u);
      }
    });

  for (const lang of ['de', 'es', 'fr'])
    it(`of moderation are complete in ${lang}, with the same places`, async () => {
      const strings = (await loadStrings(lang, true)).moderation!;
      const english = (await loadStrings('en', true)).moderation!;
      expect(Object.keys(strings).sort()).to.deep.equal(Object.keys(english).sort());
      for (const [key, text] of Object.entries(strings) as [keyof typeof english, unknown][])
        if (typeof text === 'string')
          expect(places(text), key).to.deep.equal(places(english[key] as string));
      for (const part of ['titles', 'codes'] as const)
        expect(Object.keys(strings[part]).sort()).to.deep.equal(Object.keys(english[part]).sort());
    });

  it('find a language by its first part, and fall back to English', async () => {
    expect((await loadStrings('DE-at')).lang).to.equal('de');
    for (const lang of ['', 'x', 'constructor', '__proto__', 'zh-Hant'])
      expect((await loadStrings(lang)).lang, lang).to.equal('en');
  });

  it('exist for every code, and for codes of the future', () => {
    for (const code of Object.keys(ERROR_TEXTS))
      expect(errorText(en, code).length, code).to.be.above(20);
    for (const code of ['brand-new', 'constructor', 'toString', ''])
      expect(errorText(en, code), code).to.equal(en.unknown);
  });

  it('take values as they are', () => {
    expect(fill('{name} and {n}', { name: '{n} <b>$&</b>', n: 2 })).to.equal('{n} <b>$&</b> and 2');
    expect(fill('{unknown}', {})).to.equal('{unknown}');
    expect(errorText(en, 'peer-unreachable')).to.include('Guest');
    expect(nameOf(en, { name: '  ' })).to.equal('Guest');
  });
});
