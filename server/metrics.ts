import type { Tally } from './tally.ts';

export interface MetricsSource {
  readonly tally: Tally;
  readonly rooms: () => number;
  readonly members: () => number;
  readonly connections: () => number;
}
/** One page of numbers in Prometheus's text format. */
export interface MetricsPage {
  readonly contentType: string;
  render(): Promise<string>;
}

/** Loaded only when somebody wants it: it measures the event loop and the garbage collector all the time. */
export async function metricsPage(source: MetricsSource): Promise<MetricsPage> {
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  // Memory, CPU, handles, and nodejs_eventloop_lag_*: how late everything comes that a client waits for.
  collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  const total = (name: string, help: string, value: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  };
  const totals = (
    name: string,
    help: string,
    label: string,
    values: ReadonlyMap<string, number>,
  ): void => {
    new Counter({
      name,
      help,
      registers,
      labelNames: [label],
      collect() {
        this.reset();
        for (const [key, value] of values) this.inc({ [label]: key }, value);
      },
    });
  };

  const { tally } = source;
  gauge('video_call_rooms', 'Rooms with members.', source.rooms);
  gauge('video_call_members', 'Members of all rooms, those who are away included.', source.members);
  gauge('video_call_connections', 'Open WebSockets.', source.connections);
  total('video_call_frames_total', 'Frames from clients.', () => tally.frames);
  total('video_call_bytes_total', 'Bytes of frames from clients.', () => tally.bytes);
  totals('video_call_joins_total', 'ROOM-JOIN frames by result.', 'result', tally.joins);
  totals(
    'video_call_refusals_total',
    'Connections refused or ended by the server, by reason.',
    'reason',
    tally.refusals,
  );
  return { contentType: registry.contentType, render: () => registry.metrics() };
}
