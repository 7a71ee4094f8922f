/**
 * Changes to the description of the other side, before it is in force: they say how this side sends its sound.
 */

/** How sound is to be sent to one other. */
export interface Speech {
  /** Each packet carries the one before it as well (RFC 2198), if the other side knows how. */
  readonly isRedundant: boolean;
  /** Packets of 60 ms instead of 20: a third as many. */
  readonly isSparse: boolean;
}

/** Opus pauses while nobody speaks (RFC 7587, section 6.1: `usedtx`), and costs next to nothing then. */
export const withPauses = (sdp: string): string => sdp.replace(/useinbandfec=1/g, '$&;usedtx=1');

/** All that can be said of a description that has not been changed yet. */
export const tuneSpeech = (sdp: string, { isRedundant, isSparse }: Speech): string =>
  withPacketTime(withRedundancy(withPauses(sdp), isRedundant), isSparse);

/** The packet time that the other side wishes for is the one that is sent to it (RFC 8866, section 6.4: `ptime`). */
const withPacketTime = (sdp: string, isSparse: boolean): string =>
  isSparse ? sdp.replace(/^a=rtpmap:\d+ opus.*$/m, '$&\r\na=ptime:60') : sdp;

/** The format that the other side names first is the one that is sent to it (RFC 3264, section 6.1). */
function withRedundancy(sdp: string, isWanted: boolean): string {
  const red = /^a=rtpmap:(\d+) red\/48000/m.exec(sdp)?.[1];
  return sdp.replace(/^(m=audio \d+ \S+) ([\d ]+)/gm, (line, start: string, list: string) => {
    const formats = list.split(' ');
    if (red === undefined || !formats.includes(red)) return line;
    const others = formats.filter((format) => format !== red);
    return [start, ...(isWanted ? [red, ...others] : [...others, red])].join(' ');
  });
}
