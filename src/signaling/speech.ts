/**
 * Changes to the description of the other side, before it is in force: they say how this side sends its sound.
 */

/** Opus pauses while nobody speaks (RFC 7587, section 6.1: `usedtx`), and costs next to nothing then. */
export const withPauses = (sdp: string): string => sdp.replace(/useinbandfec=1/g, '$&;usedtx=1');

/**
 * Each packet carries the one before it as well (RFC 2198), if that `isWanted` and the other side knows how: the format that
 * the other side names first is the one that is sent to it (RFC 3264, section 6.1).
 */
export function withRedundancy(sdp: string, isWanted: boolean): string {
  const red = /^a=rtpmap:(\d+) red\/48000/m.exec(sdp)?.[1];
  return sdp.replace(/^(m=audio \d+ \S+) ([\d ]+)/gm, (line, start: string, list: string) => {
    const formats = list.split(' ');
    if (red === undefined || !formats.includes(red)) return line;
    const others = formats.filter((format) => format !== red);
    return [start, ...(isWanted ? [red, ...others] : [...others, red])].join(' ');
  });
}
