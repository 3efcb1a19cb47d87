/** What a bus tells whoever keeps the log: once for an outage, not for each attempt to end it. */
export interface BusReport {
  /** Hints are lost from now on. The reason holds no credentials. */
  onOutage(reason: Error): void
  onReturn(): void
  /** A listener threw. */
  onFault(error: unknown): void
}
