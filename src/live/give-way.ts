/**
 * Who leaves when a payload has no place for a newcomer: the oldest of the address that holds most places; of several
 * such addresses the one with the oldest.
 *
 * @param seats in the order they came, at least one
 */
export const whoGivesWay = <Seat extends { readonly address: string }>(seats: readonly Seat[]): Seat => {
  const counts = new Map<string, number>()
  for (const { address } of seats) counts.set(address, (counts.get(address) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return seats.find(({ address }) => counts.get(address) === most)!
}
