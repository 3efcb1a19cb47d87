import { quietZone, type QrMatrix } from './qr.ts'

/** The drawing alone, without the `<svg>` around it: one path, a horizontal bar for each run of dark modules. */
const darkRuns = (matrix: QrMatrix): string => {
  const bars: string[] = []
  matrix.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const start = x
      while (row[x + 1]) x++
      const length = x - start + 1
      bars.push(`M${start + quietZone} ${y + quietZone}h${length}v1h-${length}z`)
    }
  })
  return bars.join('')
}

/**
 * Black on white with a quiet zone, one unit per module; it scales to any size. White is drawn, too, so that the code
 * can be read on a dark page.
 */
export const qrSvg = (matrix: QrMatrix): string => {
  const size = matrix.length + 2 * quietZone
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${darkRuns(matrix)}"/></svg>`
  )
}
