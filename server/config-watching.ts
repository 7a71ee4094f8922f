/** The settings of what an operator sees of a running server: logs and webhooks. */
import { oneOf, Refused, secret, webhookUrl } from './config-values.ts';
import type { Read, Setting } from './config-setting.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export const LOG_FORMATS = ['auto', 'json', 'text'] as const;
export interface LogConfig {
  readonly level: (typeof LOG_LEVELS)[number];
  /** `auto` is text on a terminal and JSON elsewhere. */
  readonly format: (typeof LOG_FORMATS)[number];
}
export interface WebhookConfig {
  readonly url: string;
  /** With it every request is signed. */
  readonly secret: string;
}

export const WATCHING_SETTINGS = {
  logLevel: {
    flag: 'log-level',
    env: 'LOG_LEVEL',
    value: 'level',
    help: `${LOG_LEVELS.join(', ')} (default info); only debug tells addresses`,
  },
  logFormat: {
    flag: 'log-format',
    env: 'LOG_FORMAT',
    value: 'format',
    help: 'json or text (default auto: text on a terminal)',
  },
  webhookUrl: {
    flag: 'webhook-url',
    env: 'WEBHOOK_URL',
    value: 'url',
    help: 'is told who joins and leaves, and when rooms begin and end',
  },
  webhookSecret: {
    flag: 'webhook-secret',
    env: 'WEBHOOK_SECRET',
    value: 'secret',
    help: 'signs what is told; others on this machine can read flags, so better set the variable',
  },
} as const satisfies Record<string, Setting>;

export function readLog(read: Read): LogConfig {
  return {
    level: read<LogConfig['level']>(WATCHING_SETTINGS.logLevel, 'info', (text) =>
      oneOf(text, LOG_LEVELS),
    ),
    format: read<LogConfig['format']>(WATCHING_SETTINGS.logFormat, 'auto', (text) =>
      oneOf(text, LOG_FORMATS),
    ),
  };
}

export function readWebhook(read: Read, problems: readonly string[]): WebhookConfig | undefined {
  const { webhookUrl: urlSetting, webhookSecret } = WATCHING_SETTINGS;
  const before = problems.length;
  const url = read<string | undefined>(urlSetting, undefined, webhookUrl);
  const text = read<string | undefined>(webhookSecret, undefined, secret);
  if (problems.length > before || (url === undefined && text === undefined)) return undefined;
  // One without the other is refused under the name of the one that is there.
  const missing = url === undefined ? urlSetting : webhookSecret;
  if (url === undefined || text === undefined) {
    read(
      url === undefined ? webhookSecret : urlSetting,
      undefined,
      () => new Refused(`needs --${missing.flag} <${missing.value}>`),
    );
    return undefined;
  }
  return { url, secret: text };
}
