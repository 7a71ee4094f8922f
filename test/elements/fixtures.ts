import type { CallState, ChatMessage, Participant } from '../../src/call/state.ts';

const NAMES = [
  'Ada Lovelace',
  'Grace Hopper',
  'Alan Turing',
  'Katherine Johnson',
  'Edsger Dijkstra',
  'Hedy Lamarr',
  'Tim Berners-Lee',
  'Margaret Hamilton',
  'Radia Perlman',
  'Donald Knuth',
  'Barbara Liskov',
  'Ken Thompson',
  'Karen Spärck Jones',
  'Vint Cerf',
  'Mary Shaw',
];

function drawPerson(context: CanvasRenderingContext2D, hue: number, phase: number): void {
  const { width, height } = context.canvas;
  const wall = context.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, `hsl(${hue} 35% 72%)`);
  wall.addColorStop(1, `hsl(${hue + 40} 30% 38%)`);
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);
  const unit = Math.min(width, height);
  const x = width / 2 + Math.sin(phase) * unit * 0.02;
  const y = height * 0.46;
  context.fillStyle = `hsl(${hue + 190} 38% 34%)`;
  context.beginPath();
  context.ellipse(x, height + unit * 0.08, unit * 0.42, unit * 0.4, 0, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = `hsl(${20 + (hue % 18)} 42% ${48 + (hue % 25)}%)`;
  context.fillRect(x - unit * 0.07, y, unit * 0.14, unit * 0.32);
  context.beginPath();
  context.ellipse(x, y, unit * 0.17, unit * 0.22, 0, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = `hsl(${hue + 20} 28% 18%)`;
  context.beginPath();
  context.ellipse(x, y - unit * 0.12, unit * 0.18, unit * 0.13, 0, Math.PI, Math.PI * 2);
  context.fill();
}

function drawDocument(context: CanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  context.fillStyle = '#f7f7f5';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#2b3a55';
  context.fillRect(0, 0, width, height * 0.09);
  context.fillStyle = '#1d2433';
  context.font = `600 ${height * 0.06}px sans-serif`;
  context.fillText('Quarterly review', width * 0.06, height * 0.22);
  for (let line = 0; line < 7; line++) {
    context.fillStyle = '#c9ccd3';
    const length = width * (0.34 + 0.1 * Math.sin(line * 2.4));
    context.fillRect(width * 0.06, height * (0.3 + line * 0.08), length, height * 0.025);
    context.fillStyle = `hsl(${215 + line * 9} 60% ${48 + line * 4}%)`;
    const bar = height * (0.2 + 0.07 * line);
    context.fillRect(width * (0.56 + line * 0.055), height * 0.88 - bar, width * 0.038, bar);
  }
}

interface FakeOptions {
  readonly width?: number;
  readonly height?: number;
  readonly kind?: 'camera' | 'screen';
}

/** A camera or a screen that a canvas draws; real tracks, real frames. */
export function fakeStream(
  seed = 1,
  { width = 256, height = 144, kind = 'camera' }: FakeOptions = {},
): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas');
  let phase = seed;
  const draw = (): void => {
    phase += 0.3;
    if (kind === 'screen') drawDocument(context);
    else drawPerson(context, (seed * 67) % 360, phase);
  };
  draw();
  const stream = canvas.captureStream(5);
  const timer = setInterval(() => {
    if (stream.getVideoTracks().every((track) => track.readyState === 'ended'))
      clearInterval(timer);
    draw();
  }, 200);
  return stream;
}

/** A tone at no volume: an audio track that exists and plays. */
export function fakeAudio(): MediaStreamTrack {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.value = 0;
  const oscillator = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  oscillator.connect(gain).connect(destination);
  oscillator.start();
  const [track] = destination.stream.getAudioTracks();
  if (!track) throw new Error('No audio track');
  return track;
}

export function participant(index: number, changes: Partial<Participant> = {}): Participant {
  return {
    id: `person-${index}`,
    name: NAMES[(index - 1) % NAMES.length] ?? '',
    isLocal: false,
    role: 'member',
    microphone: 'on',
    camera: 'on',
    screen: 'off',
    stream: changes.camera === 'off' ? new MediaStream() : (changes.stream ?? fakeStream(index)),
    screenStream: undefined,
    isSpeaking: false,
    handRaised: false,
    reaction: undefined,
    isVideoStopped: false,
    connection: 'connected',
    quality: 5,
    ...changes,
  };
}

export const localPerson = (changes: Partial<Participant> = {}): Participant =>
  participant(20, { id: 'me', name: 'Robin Example', isLocal: true, ...changes });

export function callState(changes: Partial<CallState> = {}): CallState {
  return {
    status: 'joined',
    room: 'standup',
    quality: 'auto',
    local: changes.local ?? localPerson(),
    isNameFixed: false,
    remote: [],
    messages: [],
    devices: {
      available: {
        microphone: [
          { id: 'mic-1', label: 'Built-in microphone' },
          { id: 'mic-2', label: 'Headset (Acme Sound 4000)' },
        ],
        camera: [{ id: 'cam-1', label: 'HD Webcam' }],
        speaker: [{ id: 'out-1', label: 'Built-in speakers' }],
      },
      selected: { microphone: 'mic-1', camera: 'cam-1', speaker: '' },
    },
    pending: { microphone: false, camera: false, screen: false },
    notices: [],
    error: undefined,
    speakerId: '',
    network: undefined,
    fits: undefined,
    capacity: 16,
    isLocked: false,
    knocks: [],
    ...changes,
  };
}

let messageCount = 0;
export function message(text: string, changes: Partial<ChatMessage> = {}): ChatMessage {
  messageCount += 1;
  return {
    id: `message-${messageCount}`,
    from: 'person-1',
    name: 'Ada Lovelace',
    text,
    time: new Date(2026, 4, 4, 10, messageCount % 60),
    isLocal: false,
    isPrivate: false,
    ...changes,
  };
}
