import type { Network } from './networks.ts'

/** A picture of the network as a `data:` address: its native asset's letters on its colour, round or square. */
export const networkIcon = ({ color, nativeAsset }: Network, shape: 'square' | 'round'): string => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ]
  // the weights with which the eye sees brightness (ITU-R BT.601)
  const ink = 0.299 * red + 0.587 * green + 0.114 * blue > 150 ? '#000' : '#fff'
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">' +
    `<rect width="96" height="96" rx="${shape === 'round' ? 48 : 0}" fill="${color}"/>` +
    `<text x="48" y="58" font-family="sans-serif" font-size="28" font-weight="700" text-anchor="middle" fill="${ink}">` +
    `${nativeAsset}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
