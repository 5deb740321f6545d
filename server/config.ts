/**
 * The only file that reads the environment (a rule test sees to it). Every setting is in `.env.example`.
 */
import { resolve } from 'node:path';
import { z } from 'zod';

const flag = z.enum(['0', '1']).transform((value) => value === '1');

const Environment = z.object({
  HUISHENG_MODE: z.enum(['demo', 'production']).default('demo'),
  HUISHENG_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  HUISHENG_DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  HUISHENG_DATABASE_DIRECT_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  HUISHENG_ROLES: z
    .string()
    .default('web,worker')
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(['web', 'worker'])).min(1)),
  HUISHENG_MASTER_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  HUISHENG_TRUSTED_PROXIES: z.string().default(''),
  HUISHENG_ALLOWED_HOSTS: z.string().default(''),
  HUISHENG_PICTURE_LIMIT_MB: z.coerce.number().int().min(1).max(100).default(20),
  HUISHENG_VIDEO_LIMIT_MB: z.coerce.number().int().min(1).max(65_536).default(4_096),
  HUISHENG_FFMPEG: z.string().min(1).default('ffmpeg'),
  HUISHENG_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  HUISHENG_SMTP_TLS: z.enum(['required', 'optional']).default('required'),
  HUISHENG_MAIL_FROM: z.string().max(200).default(''),
  HUISHENG_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  HUISHENG_FAILPOINTS: z.string().default(''),
  HUISHENG_FSYNC: flag.default(true),
});

export type Config = {
  mode: 'demo' | 'production';
  /** Without trailing slash. In demo mode it follows host and port when not set. */
  publicUrl: string;
  port: number;
  host: string;
  dataDir: string;
  /** Null: the embedded database. */
  databaseUrl: string | null;
  /** For LISTEN and pg-boss when a pooler stands between; else the same as `databaseUrl`. */
  directDatabaseUrl: string | null;
  roles: readonly ('web' | 'worker')[];
  masterKey: Buffer | null;
  trustedProxies: readonly string[];
  /** `host:port` that outbound calls may reach although the address is private. */
  allowedHosts: readonly string[];
  /** Bytes; what is larger is refused at upload. */
  pictureLimit: number;
  videoLimit: number;
  /** The program that reads and cleans videos, its companion `ffprobe` beside it; null: none. */
  ffmpeg: string | null;
  /** Where notices are handed in as mail; null: no mail is sent. */
  smtp: { url: string; tls: 'required' | 'optional'; from: string } | null;
  logLevel: string;
  /** Base address by connector id, from HUISHENG_PLATFORM_<ID>_URL. */
  platformUrls: ReadonlyMap<string, string>;
  /** Named crash points for the fault tests; empty in earnest. */
  failpoints: string;
  fsync: boolean;
};

/** @throws {Error} naming every wrong setting, in Chinese and English, so that an operator can mend it */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const blankless = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(blankless);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(
      `设置有误，请修改后重新启动 / these settings are wrong, mend them and start again:\n${lines.join('\n')}`,
    );
  }
  const env = parsed.data;
  if (env.HUISHENG_MODE === 'production' && !env.HUISHENG_PUBLIC_URL) {
    throw new Error(
      '正式运行须设置 HUISHENG_PUBLIC_URL（群众访问的网址） / production needs HUISHENG_PUBLIC_URL, the address the public uses',
    );
  }
  if (env.HUISHENG_SMTP_URL && !env.HUISHENG_MAIL_FROM.includes('@')) {
    throw new Error(
      '设置了 HUISHENG_SMTP_URL 就须设置 HUISHENG_MAIL_FROM（发件人地址） / with HUISHENG_SMTP_URL set, HUISHENG_MAIL_FROM (the sender) is needed',
    );
  }
  const list = (text: string) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  return {
    mode: env.HUISHENG_MODE,
    publicUrl: (env.HUISHENG_PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`).replace(/\/+$/, ''),
    port: env.PORT,
    host: env.HOST,
    dataDir: resolve(env.HUISHENG_DATA_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    directDatabaseUrl: env.HUISHENG_DATABASE_DIRECT_URL ?? env.DATABASE_URL ?? null,
    roles: env.HUISHENG_ROLES,
    masterKey: env.HUISHENG_MASTER_KEY ? Buffer.from(env.HUISHENG_MASTER_KEY, 'hex') : null,
    trustedProxies: list(env.HUISHENG_TRUSTED_PROXIES),
    allowedHosts: list(env.HUISHENG_ALLOWED_HOSTS),
    pictureLimit: env.HUISHENG_PICTURE_LIMIT_MB * 1024 * 1024,
    videoLimit: env.HUISHENG_VIDEO_LIMIT_MB * 1024 * 1024,
    ffmpeg: env.HUISHENG_FFMPEG === 'none' ? null : env.HUISHENG_FFMPEG,
    smtp: env.HUISHENG_SMTP_URL
      ? { url: env.HUISHENG_SMTP_URL, tls: env.HUISHENG_SMTP_TLS, from: env.HUISHENG_MAIL_FROM }
      : null,
    logLevel: env.HUISHENG_LOG_LEVEL,
    platformUrls: readPlatformUrls(environment),
    failpoints: env.HUISHENG_FAILPOINTS,
    fsync: env.HUISHENG_FSYNC,
  };
}

function readPlatformUrls(environment: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const [key, value] of Object.entries(environment)) {
    const match = /^HUISHENG_PLATFORM_([A-Z0-9_]+)_URL$/.exec(key);
    if (match && value) urls.set(match[1]!.toLowerCase().replaceAll('_', '-'), value.replace(/\/+$/, ''));
  }
  return urls;
}
