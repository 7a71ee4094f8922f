import type { Metric } from 'prom-client';
import type { ClusterCounts } from './cluster/cluster.ts';
import { BOUNDS } from './relay-times.ts';
import type { Tally } from './tally.ts';
import type { WebhookCounts } from './webhooks.ts';

export interface MetricsSource {
  readonly tally: Tally;
  readonly rooms: () => number;
  readonly members: () => number;
  readonly connections: () => number;
  /** Bytes that wait for slow readers. */
  readonly buffered: () => number;
  readonly webhooks: () => WebhookCounts | undefined;
  readonly cluster: () => ClusterCounts | undefined;
}
/** One page of numbers in Prometheus's text format. */
export interface MetricsPage {
  readonly contentType: string;
  render(): Promise<string>;
}

/** Loaded only where somebody wants it: it measures the event loop and the garbage collector all the time. */
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
    values: () => ReadonlyMap<string, number>,
  ): void => {
    new Counter({
      name,
      help,
      registers,
      labelNames: [label],
      collect() {
        this.reset();
        for (const [key, value] of values()) this.inc({ [label]: key }, value);
      },
    });
  };

  const { tally } = source;
  gauge('video_call_rooms', 'Rooms with members.', source.rooms);
  gauge('video_call_members', 'Members of all rooms, those who are away included.', source.members);
  gauge('video_call_connections', 'Open WebSockets.', source.connections);
  total('video_call_frames_total', 'Frames from clients.', () => tally.frames);
  total('video_call_bytes_total', 'Bytes of frames from clients.', () => tally.bytes);
  totals('video_call_joins_total', 'ROOM-JOIN frames by result.', 'result', () => tally.joins);
  totals(
    'video_call_refusals_total',
    'Connections refused or ended by the server, by reason.',
    'reason',
    () => tally.refusals,
  );
  const relayTimes = {
    name: 'video_call_relay_seconds',
    help: "From the arrival of a frame until it was handed to its receiver's socket.",
    type: 'histogram',
    aggregator: 'sum',
  };
  // All that the registry asks of a metric.
  registry.registerMetric({
    ...relayTimes,
    get: () => Promise.resolve({ ...relayTimes, values: histogramOf(relayTimes.name, tally) }),
  } as unknown as Metric);
  gauge('video_call_buffered_bytes', 'Bytes that wait for slow readers.', source.buffered);
  const { webhooks } = source;
  if (webhooks()) {
    gauge(
      'video_call_webhooks_waiting',
      'Webhooks not delivered yet.',
      () => webhooks()?.waiting ?? 0,
    );
    totals(
      'video_call_webhooks_total',
      'Webhooks by result.',
      'result',
      () => webhooks()?.results ?? new Map(),
    );
  }
  const cluster = source.cluster();
  if (cluster) {
    gauge('video_call_redis_up', '1 while messages get to other nodes and back.', () =>
      Number(cluster.isUp),
    );
    gauge('video_call_owned_rooms', 'Rooms that this node owns.', () => cluster.rooms);
    gauge(
      'video_call_guests',
      'Sockets at other nodes whose rooms are here.',
      () => cluster.guests,
    );
    totals(
      'video_call_forwarded_total',
      'Messages to and from other nodes.',
      'direction',
      () =>
        new Map([
          ['sent', cluster.sent],
          ['received', cluster.received],
        ]),
    );
  }
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

/** The lines of a histogram: each bucket counts those below it too. */
function histogramOf(
  name: string,
  { relayTimes }: Tally,
): { metricName: string; labels: Record<string, string>; value: number }[] {
  const { counts, count, sum } = relayTimes;
  let upTo = 0;
  const buckets = BOUNDS.map((bound, at) => {
    upTo += counts[at] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le: String(bound) }, value: upTo };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels: {}, value: sum },
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
}
