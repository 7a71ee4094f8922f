import { fileURLToPath } from 'node:url';
import { SERVER, type Place } from '../../test/network/lab/internet.ts';
import type { Lab } from '../../test/network/lab/lab.ts';
import { CallServer, Program, TURN_URLS, TurnServer } from '../../test/network/lab/programs.ts';
import type { Person } from '../../test/e2e/harness/person.ts';
import { elementIsReady, plainIsReady } from './sides.ts';

export interface Visit {
  /** Media by the relay only. */
  readonly isRelayed?: boolean;
  readonly isCameraOff?: boolean;
  /** Waits for its Join button to be pressed. */
  readonly waits?: boolean;
}

/** One kind of page that can call, in a lab with NATs, its server and coturn. */
export interface LabSide {
  readonly name: string;
  /** What is killed when "the server" is. */
  readonly server: Program;
  visit(place: Place, room: string, visit?: Visit): Promise<Person>;
  /** Own camera and microphone are open, everything is loaded: Join may be pressed. */
  ready(person: Person): Promise<void>;
  /** The page is back at a server that was down. */
  isRegistered(person: Person): Promise<boolean>;
  /** Somebody reads that there is no way to the other one. */
  isTold(person: Person): Promise<boolean>;
}

export function elementInLab(lab: Lab): LabSide {
  return {
    name: '`<video-call>`',
    server: lab.server,
    visit: (place, room, { isRelayed = false, isCameraOff = false, waits = false } = {}) =>
      lab.open(
        place,
        [
          `room="${room}" name="${place}"`,
          isRelayed ? 'ice-transport-policy="relay"' : '',
          isCameraOff ? 'camera-off' : '',
          waits ? '' : 'autojoin',
        ].join(' '),
      ),
    ready: (person) => elementIsReady(person.page),
    isRegistered: async (person) => (await person.state()) === 'joined',
    isTold: (person) => person.page.locator('[data-code="peer-unreachable"] p').isVisible(),
  };
}

const PORT = '9001';
export const PLAIN_ORIGIN = `http://${SERVER}:${PORT}`;

/** The page by hand has the same STUN server and relays, and credentials that outlive the test. */
export function plainInLab(lab: Lab): LabSide {
  const main = fileURLToPath(new URL('../rivals/server.mjs', import.meta.url));
  return {
    name: 'plain PeerJS',
    server: new Program(
      lab.internet.namespace('srv'),
      [process.execPath, main, SERVER, PORT],
      /Listening/,
    ),
    visit: (place, room, { isRelayed = false, isCameraOff = false, waits = false } = {}) => {
      const ice = [
        { urls: `stun:${new URL(CallServer.url).hostname}:3478` },
        TurnServer.credentials(...Object.values(TURN_URLS)),
      ];
      const query = new URLSearchParams({
        room,
        ice: JSON.stringify(ice),
        ...(isRelayed && { policy: 'relay' }),
        ...(isCameraOff && { 'camera-off': '' }),
        ...(!waits && { autojoin: '' }),
      });
      return lab.visit(place, `${PLAIN_ORIGIN}/?${query.toString()}`);
    },
    ready: (person) => plainIsReady(person.page),
    isRegistered: (person) => Promise.resolve(person.sockets.some((one) => !one.isClosed())),
    isTold: () => Promise.resolve(false),
  };
}
