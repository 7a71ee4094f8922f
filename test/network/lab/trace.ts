import type { BrowserContext } from 'playwright-core';

const began = Date.now();

/** Prints every frame of the socket, every state of every connection and every event of the element, with the time. */
export async function trace(context: BrowserContext, name: string): Promise<void> {
  const say = (what: string): void => {
    console.log(`${((Date.now() - began) / 1_000).toFixed(2).padStart(7)} ${name} ${what}`);
  };
  const brief = (payload: string | Buffer): string =>
    String(payload)
      .replace(/"sdp":"[^"]*"/, '"sdp":…')
      .slice(0, 260);
  await context.addInitScript(watch);
  if (process.env['LAB_TRACE'] === 'media') await context.addInitScript(watchMedia);
  context.on('page', (page) => {
    page.on('websocket', (socket) => {
      say('socket opens');
      socket.on('framesent', ({ payload }) => {
        if (!String(payload).includes('ROOM-PING')) say(`> ${brief(payload)}`);
      });
      socket.on('framereceived', ({ payload }) => {
        if (!String(payload).includes('ROOM-PONG')) say(`< ${brief(payload)}`);
      });
      socket.on('close', () => say('socket closed'));
    });
    page.on('console', (message) => {
      say(message.text());
    });
  });
}

/** Runs in the page. */
export function watch(): void {
  let count = 0;
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      const number = String(++count);
      for (const type of ['connectionstatechange', 'signalingstatechange', 'negotiationneeded'])
        this.addEventListener(type, () => {
          console.log(
            `connection ${number} ${type} ${this.connectionState} ${this.signalingState}`,
          );
        });
      console.log(`connection ${number} made`);
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      try {
        await super.setRemoteDescription(description);
      } catch (error) {
        console.log(`an ${description.type} is refused: ${String(error)}`);
        throw error;
      }
    }

    override restartIce(): void {
      console.log('restartIce');
      super.restartIce();
    }
  };
  for (const type of ['online', 'offline'])
    addEventListener(type, () => {
      console.log(type);
    });
  for (const type of [
    'state-change',
    'participant-joined',
    'participant-left',
    'connection-change',
  ])
    document.addEventListener(
      type,
      (event) => {
        const { participant, state } = event as Partial<{
          participant: { name: string; connection: string };
          state: string;
        }>;
        console.log(type, state ?? `${participant?.name ?? ''} ${participant?.connection ?? ''}`);
      },
      true,
    );
}

/** Runs in the page: what is sent and received, four times a second. */
function watchMedia(): void {
  const fields = [
    'packetsSent framesEncoded keyFramesEncoded',
    'packetsReceived framesDecoded keyFramesDecoded pliCount',
  ].flatMap((line) => line.split(' '));
  setInterval(() => {
    for (const reference of globalThis.watched.connections) {
      const connection = reference.deref();
      if (!connection || connection.connectionState === 'closed') continue;
      void connection.getStats().then((report) => {
        const parts: string[] = [];
        report.forEach((entry: Record<string, unknown>) => {
          if (!String(entry['type']).endsWith('bound-rtp')) return;
          if (String(entry['type']).startsWith('remote')) return;
          const numbers = fields.flatMap((field) =>
            field in entry
              ? [`${field.replace(/[a-z]/g, '')}${field.slice(0, 3)} ${String(entry[field])}`]
              : [],
          );
          parts.push(`${String(entry['kind'])} ${numbers.join(' ')}`);
        });
        console.log('media', parts.join(' | '));
      });
    }
  }, 250);
}
