import { lookup } from 'node:dns/promises'

/** From a host name to all its addresses; rejects with an error whose `code` is one of Node's DNS codes. */
export type ResolveName = (name: string) => Promise<readonly string[]>

/**
 * Asks the system, as every other program here does: hosts file, search domains, DNS. Nothing is remembered.
 *
 * The system's resolver blocks one of the few threads that Node has (`UV_THREADPOOL_SIZE`) until it answers. So a name is
 * asked once at a time and whoever else wants it shares the answer: one dead name server holds one thread, however many
 * webhooks wait for it.
 */
export const systemResolver = (): ResolveName => {
  const underWay = new Map<string, Promise<readonly string[]>>()
  return (name) => {
    const already = underWay.get(name)
    if (already !== undefined) return already
    const asked = lookup(name, { all: true })
      .then((found) => found.map(({ address }) => address))
      .finally(() => underWay.delete(name))
    underWay.set(name, asked)
    return asked
  }
}
