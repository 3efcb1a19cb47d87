import { backoff } from '../../backoff.ts'
import { RedisConnection } from './connection.ts'
import { RedisLink } from './link.ts'
import type { RedisServers, RedisServersOptions } from './servers.ts'
import { readSlotMap, type SlotRange } from './slot-map.ts'
import { slotCount, slotOf } from './slot.ts'
import type { RedisAddress } from './urls.ts'
import type { Timer } from '../timers.ts'

/**
 * The masters of a cluster, a link to each. Which slots are whose is asked for at the start, whenever a server is lost or
 * says that something is not its own, and from time to time besides, since a server may fail to say so.
 */
export class RedisCluster implements RedisServers {
  readonly #options: RedisServersOptions
  readonly #links = new Map<string, RedisLink>()
  readonly #owners: (RedisLink | null)[] = Array.from({ length: slotCount }, () => null)
  /** Something is not subscribed where it should be, as far as this node knows. */
  #isUnsettled = true
  #isAsking = false
  #askAgain = false
  #failures = 0
  #timer: Timer | null = null
  #closed = false

  constructor(options: RedisServersOptions) {
    this.#options = options
    void this.#refresh()
  }

  linkFor(channel: string): RedisLink | null {
    return this.#owners[slotOf(channel)] ?? null
  }

  get isUp(): boolean {
    return !this.#isUnsettled && [...this.#links.values()].every((link) => link.isUp)
  }

  close(): void {
    this.#closed = true
    this.#timer?.close()
    for (const link of this.#links.values()) link.close()
  }

  #refreshSoon(): void {
    this.#askAgain = true
    if (!this.#isAsking) this.#wait()
  }

  #wait(): void {
    const { timers, silence, random } = this.#options.settings
    this.#timer?.close()
    if (this.#closed) return
    const isUrgent = this.#askAgain || this.#isUnsettled
    const delay = isUrgent ? backoff(this.#failures + 1, random()) : silence
    this.#timer = timers.start(delay, () => void this.#refresh())
  }

  async #refresh(): Promise<void> {
    this.#isAsking = true
    this.#askAgain = false
    try {
      const hasMoved = this.#adopt(await this.#askForSlots())
      if (hasMoved || this.#isUnsettled) await this.#settle()
    } catch (error) {
      this.#isUnsettled = true
      if (!this.#closed) this.#options.onDown(error as Error)
    }
    this.#failures = this.#isUnsettled ? this.#failures + 1 : 0
    this.#isAsking = false
    this.#wait()
  }

  /** Every channel where it belongs by now. */
  async #settle(): Promise<void> {
    this.#isUnsettled = false
    await Promise.all([...this.#links.values()].map((link) => link.settle()))
    // changed by a server that has refused meanwhile, which narrowing does not see
    if (!(this.#isUnsettled as boolean)) this.#options.onUp('moved')
  }

  #adopt(ranges: readonly SlotRange[]): boolean {
    let hasMoved = false
    const inUse = new Set<RedisLink>()
    for (const { from, to, address } of ranges) {
      const link = this.#linkTo(address)
      inUse.add(link)
      for (let slot = from; slot <= to; slot++) {
        if (this.#owners[slot] !== link) hasMoved = true
        this.#owners[slot] = link
      }
    }
    for (const [name, link] of this.#links) {
      if (inUse.has(link)) continue
      this.#links.delete(name)
      link.close()
    }
    return hasMoved
  }

  #linkTo(address: RedisAddress): RedisLink {
    const name = `${address.host} ${address.port}`
    let link = this.#links.get(name)
    if (link === undefined) this.#links.set(name, (link = this.#newLink(address)))
    return link
  }

  #newLink(address: RedisAddress): RedisLink {
    const { wanted, isWanted, onUp, onDown } = this.#options
    const link: RedisLink = new RedisLink({
      ...this.#options,
      address,
      wanted: () => [...wanted()].filter((channel) => this.linkFor(channel) === link),
      isWanted: (channel) => this.linkFor(channel) === link && isWanted(channel),
      onUp: () => onUp('connected'),
      onDown: (reason) => {
        onDown(reason)
        // perhaps another server has taken its place
        this.#refreshSoon()
      },
      onTaken: () => {
        this.#isUnsettled = true
        this.#refreshSoon()
      },
    })
    return link
  }

  /** The first answer of those that are connected, else of those that the configuration names. */
  async #askForSlots(): Promise<SlotRange[]> {
    const { addresses } = this.#options.access
    let reason: unknown = null
    for (const [name, link] of this.#links) {
      const [host, port] = name.split(' ') as [string, string]
      try {
        const answer = await link.slots()
        if (answer !== null) return readSlotMap(answer, { host, port: Number(port) })
      } catch (error) {
        reason = error
      }
    }
    for (const address of addresses) {
      try {
        return await this.#askFirst(address)
      } catch (error) {
        reason = error
      }
    }
    throw reason
  }

  async #askFirst(address: RedisAddress): Promise<SlotRange[]> {
    const { access, settings } = this.#options
    const ignore = (): void => undefined
    const connection = new RedisConnection({
      address,
      access,
      settings,
      onMessage: ignore,
      onTaken: ignore,
      onEnd: ignore,
    })
    try {
      await connection.open()
      return readSlotMap(await connection.slots(), address)
    } finally {
      connection.end(new Error('answered'))
    }
  }
}
