/** Slots of a Redis Cluster. Source: the Redis Cluster specification, "Key distribution model". */
export const slotCount = 16_384

/** Of a channel without braces, as all of ours are: CRC-16/XMODEM of the whole name. */
export const slotOf = (channel: string): number => {
  let crc = 0
  for (let at = 0; at < channel.length; at++) {
    crc = ((crc << 8) & 0xffff) ^ table[(crc >> 8) ^ channel.charCodeAt(at)]!
  }
  return crc % slotCount
}

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc
})
