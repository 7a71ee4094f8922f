/**
 * Whether a session description offers to send sound or pictures (RFC 8866, section 6.7: a direction of the section, else
 * that of the session, else both ways).
 */
export function publishes(sdp: string): boolean {
  let session = 'sendrecv';
  let section: { direction: string } | undefined;
  const sections: { direction: string }[] = [];
  for (const line of sdp.split(/[\r\n]+/)) {
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line)?.[1];
    if (line.startsWith('m=')) {
      section = { direction: session };
      if (/^m=(audio|video)\b/.test(line)) sections.push(section);
    } else if (direction !== undefined) {
      if (section) section.direction = direction;
      else session = direction;
    }
  }
  return sections.some(({ direction }) => direction.startsWith('send'));
}
