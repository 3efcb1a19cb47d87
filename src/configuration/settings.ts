import {
  deeplink,
  databaseUrl,
  flag,
  frameAncestors,
  httpUrl,
  integer,
  ledgerUrls,
  networks,
  oneOf,
  rateLimits,
  seconds,
  secretKey,
  text,
} from './parsers.ts'
import type { Setting } from './setting.ts'

const setting = <T>(row: Setting<T>): Setting<T> => row

/**
 * Every setting there is, in the order of the reference (`docs/configuration.md` is generated from this table). Each is
 * an environment variable and a flag of the same meaning.
 */
export const settings = {
  port: setting({
    env: 'PORT',
    default: '3000',
    doc: 'Where it listens; 0 takes a free port.',
    parse: integer(0, 65535),
  }),
  host: setting({
    env: 'HOST',
    default: { serve: '0.0.0.0', dev: '127.0.0.1' },
    doc: 'The address it listens on.',
    parse: text,
  }),
  publicUrl: setting({
    env: 'PUBLIC_URL',
    default: null,
    doc: 'What users see; every URL that is handed out derives from it. Left out, it follows from the listening address; `serve` on an unspecified address needs it.',
    parse: httpUrl,
  }),
  databaseUrl: setting({
    env: 'DATABASE_URL',
    default: 'sqlite:./data/countersign.db',
    doc: '`sqlite:` and a relative or absolute path, or `postgres://user@host/database`.',
    parse: databaseUrl,
  }),
  databasePoolSize: setting({
    env: 'DATABASE_POOL_SIZE',
    default: '10',
    unit: 'connections',
    doc: 'PostgreSQL connections of this process. SQLite has one writer whatever this says.',
    parse: integer(2, 1000),
  }),
  secretKey: setting({
    env: 'COUNTERSIGN_SECRET_KEY',
    default: null,
    doc: '64 hex digits that encrypt application secrets at rest. Left out with SQLite, one is made and kept beside the database file; PostgreSQL requires it.',
    parse: secretKey,
  }),
  ledgerUrls: setting({
    env: 'LEDGER_URL',
    default: null,
    doc: 'Ledger nodes to ask about regular keys and transactions: one `wss://…` for every network, or `MAINNET=wss://…,TESTNET=wss://…`.',
    parse: ledgerUrls,
  }),
  allowUnconfirmedKeys: setting({
    env: 'ALLOW_UNCONFIRMED_KEYS',
    default: 'false',
    doc: "Accept a signature by a key that is not the account's master key although no ledger node confirmed it. `response.signer` then differs from `response.account`. Unsafe: announced in the log at every start.",
    parse: flag,
  }),
  rateLimit: setting({
    env: 'RATE_LIMIT',
    default: null,
    unit: 'requests per minute and application',
    doc: '`100`, or by class of route `create=30,other=120`. Off when left out.',
    parse: rateLimits,
  }),
  trustProxy: setting({
    env: 'TRUST_PROXY',
    default: '',
    doc: 'Proxies (CIDR, comma separated) whose `X-Forwarded-*` headers are believed.',
    parse: networks,
  }),
  deeplink: setting({
    env: 'DEEPLINK',
    default: 'xumm://{host}/sign/{id}/deeplink',
    doc: "The wallet's deep link; `{host}` and `{id}` are filled in.",
    parse: deeplink,
  }),
  frameAncestors: setting({
    env: 'FRAME_ANCESTORS',
    default: "'none'",
    doc: 'Who may frame the sign page, as in Content-Security-Policy.',
    parse: frameAncestors,
  }),
  addUserLimit: setting({
    env: 'ADD_USER_LIMIT',
    default: '10',
    unit: 'per minute and address',
    doc: 'New wallet users. Loopback clients without X-Forwarded-For are exempt, as from the next two.',
    parse: integer(1, 1_000_000),
  }),
  activateDeviceLimit: setting({
    env: 'ACTIVATE_DEVICE_LIMIT',
    default: '20',
    unit: 'per minute and address',
    doc: 'Device activations.',
    parse: integer(1, 1_000_000),
  }),
  failedAuthenticationLimit: setting({
    env: 'FAILED_AUTHENTICATION_LIMIT',
    default: '60',
    unit: 'per minute and address',
    doc: 'Failed authentications at both APIs.',
    parse: integer(1, 1_000_000),
  }),
  socketsPerAddress: setting({
    env: 'SOCKETS_PER_ADDRESS',
    default: '32',
    unit: 'sockets per payload and address',
    doc: 'Status sockets that one address may hold on one payload. Loopback clients without X-Forwarded-For are exempt.',
    parse: integer(1, 100_000),
  }),
  socketsPerPayload: setting({
    env: 'SOCKETS_PER_PAYLOAD',
    default: '256',
    unit: 'sockets',
    doc: 'Status sockets of one payload. When full, the oldest socket of the address with most gives way.',
    parse: integer(1, 100_000),
  }),
  socketsPerNode: setting({
    env: 'SOCKETS_PER_NODE',
    default: '50000',
    unit: 'sockets',
    doc: 'Status sockets of this process; one more is answered 503 with Retry-After before the upgrade.',
    parse: integer(1, 10_000_000),
  }),
  clientMessageBytes: setting({
    env: 'CLIENT_MESSAGE_BYTES',
    default: '4096',
    unit: 'bytes',
    doc: 'The largest message that a status socket takes from its client.',
    parse: integer(128, 1_048_576),
  }),
  clientMessageRate: setting({
    env: 'CLIENT_MESSAGE_RATE',
    default: '20',
    unit: 'messages per second',
    doc: 'What a client may send on a status socket, sustained.',
    parse: integer(1, 100_000),
  }),
  slowReaderBytes: setting({
    env: 'SLOW_READER_BYTES',
    default: '65536',
    unit: 'bytes',
    doc: 'What is buffered for a client that does not read before it is dropped.',
    parse: integer(4096, 67_108_864),
  }),
  keepalive: setting({
    env: 'KEEPALIVE_SECONDS',
    default: '15',
    unit: 'seconds',
    doc: 'How often each status socket hears how many seconds are left, and is pinged.',
    parse: seconds(0.1, 60),
  }),
  pendingCheckInterval: setting({
    env: 'PENDING_CHECK_SECONDS',
    default: '5',
    unit: 'seconds',
    doc: 'How often signatures are looked for that wait for the answer of a ledger node.',
    parse: seconds(0.05, 600),
  }),
  shutdownGrace: setting({
    env: 'SHUTDOWN_SECONDS',
    default: '8',
    unit: 'seconds',
    doc: 'How long a stopping server waits for what is under way; the process is gone two seconds later at the latest.',
    parse: seconds(0, 600),
  }),
  logLevel: setting({
    env: 'LOG_LEVEL',
    default: 'info',
    doc: 'JSON lines on stdout: fatal, error, warn, info, debug, trace or silent.',
    parse: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  }),
} as const
