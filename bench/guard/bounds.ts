/**
 * What CI holds every change against. Counts are exact: whoever lowers one lowers it here, and whoever needs one more says
 * why. Ratios to the floor are generous, since the machine is shared: they catch what became several times dearer.
 */
export const bounds = {
  statements: {
    SQLite: { create: 6, details: 2, open: 16, resolve: 16 },
    PostgreSQL: { create: 5, details: 2, open: 12, resolve: 13 },
  },
  /** Welcome, seconds left, opened, resolve message. */
  framesPerSubscriber: 4,
  /** Of 2,000: how many share one depends on how fast they come. */
  readsOfStorm: 1_000,
  ratios: {
    /** Memory of an idle subscriber at 2,000 sockets. */
    memory: { atMost: 1.3 },
    /** CPU of answering a ping. */
    pings: { atMost: 2 },
    /** Durable creates per second on SQLite. */
    creates: { atLeast: 0.3 },
  },
} as const
